package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.Suspensions;
import io.parley.core.port.UserConnections;
import io.parley.core.room.Connection;
import io.parley.core.room.Departure;
import java.time.Clock;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Route {@code $connect}, behind the authorizer: remembers the connection, and takes the subprotocol if offered.
 *
 * <p>A user has a number of connections at most; one more takes the place of the oldest, which may well have broken
 * without anybody having said so. They are counted before the new one is written, so that of several that are opened at
 * the same moment a few more may get in; refusing all of them instead would help nobody.
 *
 * <p>A client of the original protocol is in its room from here on, since it says nothing of its own before it speaks.
 *
 * <p>The authorizer has turned away who is suspended; who is suspended just now is found here. The connection is
 * written before the suspension is read, and a suspension before the connections are, so one of the two sees the other.
 */
public final class ConnectHandler implements RequestHandler<APIGatewayV2WebSocketEvent, APIGatewayV2WebSocketResponse> {

    static final String SUBPROTOCOL = "parley.v1";

    static final String REPLACED = "replaced";

    private static final Logger LOG = LoggerFactory.getLogger(ConnectHandler.class);
    private static final String SUBPROTOCOL_HEADER = "Sec-WebSocket-Protocol";

    private final ConnectionRegistry registry;
    private final UserConnections connections;
    private final Suspensions suspensions;
    private final int maxConnections;
    private final SeedRoom seedRoom;
    private final Departure departure;
    private final ConnectionEnd connectionEnd;
    private final FailureLog failures;

    public ConnectHandler() {
        this(System.getenv(), Clock.systemUTC());
    }

    public ConnectHandler(Map<String, String> environment, Clock clock) {
        this(new IngestParts(environment, clock), clock);
    }

    private ConnectHandler(IngestParts parts, Clock clock) {
        this(
                parts.registry(),
                parts.userConnections(),
                parts.suspensions(),
                parts.maxConnections(),
                parts.seedRoom(),
                parts.departure(),
                parts.connectionEnd(),
                clock);
    }

    /** @param seedRoom null where clients of the original protocol are not served */
    ConnectHandler(
            ConnectionRegistry registry,
            UserConnections connections,
            Suspensions suspensions,
            int maxConnections,
            SeedRoom seedRoom,
            Departure departure,
            ConnectionEnd connectionEnd,
            Clock clock) {
        this.registry = registry;
        this.connections = connections;
        this.suspensions = suspensions;
        this.maxConnections = maxConnections;
        this.seedRoom = seedRoom;
        this.departure = departure;
        this.connectionEnd = connectionEnd;
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    @Override
    public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
        Sender sender = Sender.of(event.getRequestContext());
        if (sender.participant() == null) {
            return GatewayResponse.status(401);
        }
        if (sender.isSeed() && seedRoom == null) {
            return GatewayResponse.status(403);
        }
        try {
            ErrorCode refusal = remember(sender);
            if (refusal != null) {
                LOG.info("a connection of {} was refused: {}", sender.participant(), refusal);
                return GatewayResponse.refused(refusal);
            }
            if (sender.isSeed()) {
                enterSeedRoom(sender);
            }
        } catch (ParleyException e) {
            failures.failed("a connection was not let in", e);
            return GatewayResponse.refused(e.code());
        } catch (RuntimeException e) {
            failures.failed("a connection could not be remembered", e);
            return GatewayResponse.status(503);
        }
        return offers(event.getHeaders())
                ? GatewayResponse.withHeaders(200, Map.of(SUBPROTOCOL_HEADER, SUBPROTOCOL))
                : GatewayResponse.status(200);
    }

    /** Of a connection that is refused the gateway tells nobody when it ends, so it is forgotten here. */
    private void enterSeedRoom(Sender sender) {
        try {
            seedRoom.join(sender);
        } catch (RuntimeException e) {
            departure.disconnect(sender.connection(), seedRoom.id(), sender.participant(), "disconnected");
            throw e;
        }
    }

    /** Null, or why the connection is not taken. */
    private ErrorCode remember(Sender sender) {
        List<String> others = connections.of(sender.participant());
        for (String oldest : others.subList(0, Math.max(0, others.size() - maxConnections + 1))) {
            if (!connectionEnd.end(oldest, REPLACED)) {
                return ErrorCode.TOO_MANY_CONNECTIONS;
            }
        }
        registry.connect(new Connection(
                sender.connection(),
                sender.participant(),
                sender.connectedAtMs(),
                ConnectionLimits.expiresAtMs(sender.connectedAtMs()),
                Set.of()));
        if (suspensions.find(sender.participant()).isPresent()) {
            registry.forget(sender.connection());
            return ErrorCode.SUSPENDED;
        }
        return null;
    }

    private static boolean offers(Map<String, String> headers) {
        return headers != null
                && headers.entrySet().stream()
                        .filter(header -> header.getKey().equalsIgnoreCase(SUBPROTOCOL_HEADER))
                        .flatMap(header -> Arrays.stream(header.getValue().split(",")))
                        .anyMatch(offered -> offered.trim().equals(SUBPROTOCOL));
    }
}
