package io.parley.local.contract;

class MotoUsersContractTest extends UsersContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
