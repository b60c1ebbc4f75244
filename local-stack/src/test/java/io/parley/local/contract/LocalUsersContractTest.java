package io.parley.local.contract;

import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import java.time.Clock;
import java.util.List;

class LocalUsersContractTest extends UsersContractTest {

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new DynamoDbService(vertx, Clock.systemUTC(), DynamoDbOptions.DEFAULT)));
    }
}
