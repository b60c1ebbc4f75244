package io.parley.local.ssm;

import io.parley.local.contract.Endpoint;

class MotoSsmContractTest extends SsmContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
