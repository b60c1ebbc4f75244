package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.core.error.FailureLog;
import io.parley.core.room.Departure;
import java.time.Clock;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Route {@code $disconnect}: the connection is forgotten and leaves its rooms. The gateway calls it once at best; what
 * it misses is found by the next post to the connection, or expires.
 */
public final class DisconnectHandler
        implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    private static final Logger LOG = LoggerFactory.getLogger(DisconnectHandler.class);

    private final Departure departure;
    private final FailureLog failures;

    public DisconnectHandler() {
        this(System.getenv(), Clock.systemUTC());
    }

    public DisconnectHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock).departure(), clock);
    }

    DisconnectHandler(Departure departure, Clock clock) {
        this.departure = departure;
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        try {
            departure.disconnect(event.getRequestContext().getConnectionId(), null, null, "disconnected");
            return GatewayResponse.status(200);
        } catch (RuntimeException e) {
            failures.failed("a connection could not be forgotten", Started.cause(e));
            return GatewayResponse.status(503);
        }
    }
}
