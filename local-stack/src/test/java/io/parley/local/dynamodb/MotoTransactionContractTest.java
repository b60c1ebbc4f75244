package io.parley.local.dynamodb;

import io.parley.local.contract.Endpoint;

class MotoTransactionContractTest extends TransactionContractTest {

    @Override
    Endpoint open() {
        return Endpoint.moto();
    }
}
