package io.parley.local.dynamodb;

import io.parley.local.contract.Endpoint;

class MotoItemContractTest extends ItemContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
