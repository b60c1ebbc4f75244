package io.parley.local.gateway;

import com.fasterxml.jackson.core.io.SerializedString;
import io.parley.local.edge.LoopbackHost;
import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.ServerWebSocket;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stage of a WebSocket API on a loopback port: {@code ws://127.0.0.1:{port}/{stage}}, and its management API at
 * {@code http://127.0.0.1:{port}/{stage}/@connections/{id}}.
 *
 * <p>All of it runs on one event loop; functions run on threads of their own and come back. A Host that is not loopback
 * and an Origin that is not allowed are refused with 403, so that no web page reaches it.
 */
public final class WebSocketGateway {

    private static final Logger LOG = LoggerFactory.getLogger(WebSocketGateway.class);

    /** The decoder's own bound; {@link GatewayConnection} has the documented ones. */
    private static final int DECODER_MAX_FRAME_BYTES = 1024 * 1024;

    private final GatewayOptions options;
    private final Clock clock;
    private final Scheduler scheduler;
    private final GatewayIds ids;
    private final GatewayEvents events;
    private final RouteSelector selector;
    private final TokenBucket throttle;
    private final GatewayMetrics metrics = new GatewayMetrics();
    private final HttpServer server;
    private final Context context;
    private final ManagementApi managementApi;

    // Of the loop, like all that follows.
    private final Map<String, GatewayConnection> connections = new HashMap<>();
    private volatile GatewayLoop loop;
    private long connectionsAccepted;
    private boolean stopping;

    /** In real time, with random ids. */
    public WebSocketGateway(Vertx vertx, GatewayOptions options, Clock clock) {
        this(vertx, options, clock, Scheduler.of(vertx), new SecureRandom());
    }

    /** @param random for ids: who can guess a connection's id can post to it */
    public WebSocketGateway(
            Vertx vertx, GatewayOptions options, Clock clock, Scheduler scheduler, RandomGenerator random) {
        this.options = options;
        this.clock = clock;
        this.scheduler = scheduler;
        this.ids = new GatewayIds(random);
        this.events = new GatewayEvents(options);
        this.selector = new RouteSelector(options.routes().keySet());
        this.throttle = new TokenBucket(options.throttle(), clock.millis());
        this.managementApi = new ManagementApi(this);
        this.context = vertx.getOrCreateContext();
        this.server = vertx.createHttpServer(new HttpServerOptions()
                        .setHost("127.0.0.1")
                        .setPort(options.port())
                        .setTcpNoDelay(true)
                        .setHttp2ClearTextEnabled(false)
                        .setMaxHeaderSize(16 * 1024)
                        .setMaxWebSocketFrameSize(DECODER_MAX_FRAME_BYTES)
                        .setPerMessageWebSocketCompressionSupported(false)
                        .setPerFrameWebSocketCompressionSupported(false))
                .connectionHandler(connection ->
                        connection.exceptionHandler(e -> LOG.debug("a client's connection broke: {}", e.toString())))
                .requestHandler(this::accept);
    }

    /** Binds 127.0.0.1; completes with the port. */
    public Future<Integer> start() {
        Promise<HttpServer> listening = Promise.promise();
        context.runOnContext(ignored -> {
            loop = new GatewayLoop(context, scheduler);
            server.listen().onComplete(listening);
        });
        return listening.future().map(HttpServer::actualPort);
    }

    /** Closes every connection with 1001 and completes when their {@code $disconnect}s have answered. */
    public Future<Void> stop() {
        Promise<Void> stopped = Promise.promise();
        context.runOnContext(ignored -> {
            stopping = true;
            List<Future<Void>> ends = List.copyOf(connections.values()).stream()
                    .map(connection -> connection.close(1001, "Going away"))
                    .toList();
            Future.join(ends).transform(joined -> server.close()).onComplete(stopped);
        });
        return stopped.future();
    }

    public GatewayOptions options() {
        return options;
    }

    public GatewayMetrics metrics() {
        return metrics;
    }

    private void accept(HttpServerRequest request) {
        if (request.authority() == null || !LoopbackHost.is(request.authority().host())) {
            refuse(request, Refusal.FORBIDDEN, "", ids.next());
            return;
        }
        if (request.path().contains(ManagementApi.PATH)) {
            String origin = request.getHeader("Origin");
            boolean signed = request.getHeader("Authorization") != null;
            if (origin != null || !signed) {
                refuse(request, Refusal.FORBIDDEN, "", ids.next());
                return;
            }
            request.body()
                    .onSuccess(body -> managementApi.handle(request, body, ids.next()))
                    .onFailure(e -> LOG.debug("a request body did not arrive: {}", e.toString()));
            return;
        }
        String origin = request.getHeader("Origin");
        if (origin != null && !options.allowedOrigins().contains(origin)) {
            LOG.info("refused origin {}; allowed are {}", origin, options.allowedOrigins());
            refuse(request, Refusal.FORBIDDEN, "", ids.next());
        } else if (!request.path().equals("/" + options.stage())
                && !request.path().equals("/" + options.stage() + "/")) {
            refuse(request, Refusal.FORBIDDEN, "", ids.next());
        } else if (!"websocket".equalsIgnoreCase(request.getHeader("Upgrade"))) {
            refuse(request, Refusal.NOT_AN_UPGRADE, "", ids.next());
        } else if (stopping) {
            refuse(request, Refusal.STOPPING, "", ids.next());
        } else {
            new ConnectAttempt(this, request).run();
        }
    }

    void refuse(HttpServerRequest request, Refusal refusal, String connectionId, String requestId) {
        metrics.count(Counter.REQUESTS_REFUSED);
        // A client that has left meanwhile has closed its response.
        if (!request.response().closed()) {
            request.resume();
            request.response()
                    .setStatusCode(refusal.status())
                    // The request's body may not be read yet; on a connection used again, the next request would hang.
                    .putHeader("Connection", "close")
                    .putHeader("Content-Type", "application/json")
                    .putHeader("x-amzn-RequestId", requestId)
                    .putHeader("x-amzn-ErrorType", refusal.type())
                    .end(GatewayMessages.frame(refusal.message(), connectionId, requestId));
        }
    }

    void opened(ServerWebSocket socket, Caller caller) {
        GatewayConnection connection = new GatewayConnection(this, socket, caller, connectionsAccepted++);
        metrics.count(Counter.CONNECTIONS_OPENED);
        connections.put(caller.connectionId(), connection);
        connection.open();
    }

    void remove(GatewayConnection connection) {
        metrics.count(Counter.CONNECTIONS_CLOSED);
        connections.remove(connection.caller().connectionId());
    }

    /** Best effort: told once, and a failure is only logged. Completes, always well, when the function has answered. */
    Future<Void> disconnect(String connectionId, SerializedString connectionFields, int code, String reason) {
        RouteFunction function = options.routes().get(GatewayOptions.DISCONNECT);
        if (function == null) {
            return Future.succeededFuture();
        }
        if (options.dropDisconnects().test(connectionId)) {
            metrics.count(Counter.DISCONNECTS_DROPPED);
            return Future.succeededFuture();
        }
        Promise<Void> answered = Promise.promise();
        String requestId = ids.next();
        byte[] event = events.disconnect(connectionFields, requestId, clock.millis(), code, reason);
        loop.invoke(function, event, integrationTimeoutMs(), (answer, failure) -> {
            if (failure != null) {
                metrics.count(Counter.FUNCTION_ERRORS);
                LOG.warn(
                        "$disconnect failed, request {}: {}",
                        requestId,
                        GatewayConnection.unwrap(failure).toString());
            }
            answered.complete();
        });
        return answered.future();
    }

    /** Null where there is none, or not yet. */
    GatewayConnection connection(String connectionId) {
        return connections.get(connectionId);
    }

    ManagementApi managementApi() {
        return managementApi;
    }

    boolean isStopping() {
        return stopping;
    }

    Clock clock() {
        return clock;
    }

    GatewayIds ids() {
        return ids;
    }

    GatewayEvents events() {
        return events;
    }

    RouteSelector selector() {
        return selector;
    }

    TokenBucket throttle() {
        return throttle;
    }

    GatewayLoop loop() {
        return loop;
    }

    long integrationTimeoutMs() {
        return options.limits().integrationTimeout().toMillis();
    }
}
