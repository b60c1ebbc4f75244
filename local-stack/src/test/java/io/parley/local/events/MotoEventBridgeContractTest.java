package io.parley.local.events;

import io.parley.local.contract.Endpoint;

class MotoEventBridgeContractTest extends EventBridgeContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
