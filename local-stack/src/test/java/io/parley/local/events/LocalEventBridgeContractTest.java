package io.parley.local.events;

import io.parley.local.contract.Endpoint;
import io.parley.local.lambda.FunctionRegistry;
import java.time.Clock;
import java.util.List;
import org.junit.jupiter.api.AfterEach;

class LocalEventBridgeContractTest extends EventBridgeContractTest {

    private final FunctionRegistry functions = new FunctionRegistry(Clock.systemUTC(), "eu-central-1", "123456789012");

    @Override
    Endpoint open() {
        EventBuses buses =
                new EventBuses(Clock.systemUTC(), "eu-central-1", "123456789012", functions, new EventLog(100));
        return Endpoint.local(vertx -> List.of(new EventBridgeEndpoint(buses)));
    }

    @AfterEach
    void closeFunctions() {
        functions.close();
    }
}
