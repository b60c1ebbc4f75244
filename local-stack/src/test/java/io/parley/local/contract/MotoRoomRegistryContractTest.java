package io.parley.local.contract;

class MotoRoomRegistryContractTest extends RoomRegistryContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
