package io.parley.local.contract;

class MotoConnectionRegistryContractTest extends ConnectionRegistryContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
