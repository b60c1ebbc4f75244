package io.parley.local.dynamodb;

import io.parley.local.contract.Endpoint;

class MotoQueryContractTest extends QueryContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
