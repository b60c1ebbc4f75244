package io.parley.local.sts;

import io.parley.local.contract.Endpoint;

class MotoStsContractTest extends StsContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
