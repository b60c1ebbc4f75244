package io.parley.local.dynamodb;

import io.parley.local.contract.Endpoint;

class MotoDynamoDbContractTest extends DynamoDbContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
