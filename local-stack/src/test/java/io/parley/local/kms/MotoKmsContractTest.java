package io.parley.local.kms;

import io.parley.local.contract.Endpoint;

class MotoKmsContractTest extends KmsContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
