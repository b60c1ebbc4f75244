package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.core.error.FailureLog;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import java.time.Clock;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Route {@code $connect}, behind the authorizer: remembers the connection, and takes the subprotocol if offered. */
public final class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    static final String SUBPROTOCOL = "parley.v1";

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final String SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol";

    private final ConnectionRegistry registry;
    private final FailureLog failures;

    public ConnectHandler() {
        this(System.getenv(), Clock.systemUTC());
    }

    public ConnectHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock).registry(), clock);
    }

    ConnectHandler(ConnectionRegistry registry, Clock clock) {
        this.registry = registry;
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        Sender sender = Sender.of(event.getRequestContext());
        if (sender.participant() == null) {
            return GatewayResponse.status(401);
        }
        try {
            registry.connect(new Connection(
                    sender.connection(),
                    sender.participant(),
                    sender.connectedAtMs(),
                    ConnectionLimits.expiresAtMs(sender.connectedAtMs()),
                    Set.of()));
        } catch (RuntimeException e) {
            failures.failed("a connection could not be remembered", e);
            return GatewayResponse.status(503);
        }
        return offers(event.getHeaders())
                ? GatewayResponse.withHeaders(200, Map.of(SUBPROTOCOL_HEADER, SUBPROTOCOL))
                : GatewayResponse.status(200);
    }

    private static boolean offers(Map<String, String> headers) {
        return headers != null
                && headers.entrySet().stream()
                        .filter(header -> header.getKey().equalsIgnoreCase(SUBPROTOCOL_HEADER))
                        .flatMap(header -> Arrays.stream(header.getValue().split(",")))
                        .anyMatch(offered -> offered.trim().equals(SUBPROTOCOL));
    }
}
