package io.parley.local.gateway;

import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client's way from the upgrade request to the open connection: throttle, authorizer, API key, {@code $connect},
 * then the 101. On the gateway's loop.
 *
 * <p>"Manage connected users and client apps": until the {@code $connect} integration has completed, the upgrade is
 * pending and there is no connection; so a post to it from inside {@code $connect} is 410.
 */
final class ConnectAttempt {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectAttempt.class);

    private final WebSocketGateway gateway;
    private final HttpServerRequest request;
    private final String requestId;
    private Caller caller;
    private boolean clientLeft;
    private boolean upgrading;

    ConnectAttempt(WebSocketGateway gateway, HttpServerRequest request) {
        this.gateway = gateway;
        this.request = request;
        this.requestId = gateway.ids().next();
        this.caller = new Caller(
                gateway.ids().next(),
                gateway.clock().millis(),
                request.remoteAddress().hostAddress(),
                request.getHeader("User-Agent"),
                null);
    }

    void run() {
        // Nothing may come off the socket before there is someone to hear it.
        request.pause();
        request.connection().closeHandler(ignored -> clientLeft());
        RouteFunction authorizer = gateway.options().authorizer();
        if (!gateway.throttle().tryTake(caller.connectedAtMs())) {
            refuse(Refusal.THROTTLED);
        } else if (authorizer == null) {
            checkApiKey(request.getHeader("x-api-key"));
        } else {
            byte[] event = gateway.events().authorizer(request, caller, requestId, caller.connectedAtMs());
            gateway.loop().invoke(authorizer, event, gateway.integrationTimeoutMs(), this::authorized);
        }
    }

    private void authorized(byte[] bytes, Throwable failure) {
        if (failure != null) {
            Throwable cause = GatewayConnection.unwrap(failure);
            boolean unauthorized = "Unauthorized".equals(cause.getMessage());
            if (!unauthorized) {
                LOG.warn("the authorizer failed, request {}: {}", requestId, cause.toString());
            }
            refuse(unauthorized ? Refusal.UNAUTHORIZED : Refusal.AUTHORIZER_FAILED);
            return;
        }
        AuthorizerAnswer answer;
        try {
            answer = AuthorizerAnswer.parse(
                    bytes == null ? new byte[0] : bytes, gateway.events().methodArn(GatewayOptions.CONNECT));
        } catch (IllegalArgumentException e) {
            LOG.warn("{}, request {}", e.getMessage(), requestId);
            refuse(Refusal.AUTHORIZER_FAILED);
            return;
        }
        if (!answer.allowed()) {
            refuse(Refusal.FORBIDDEN);
            return;
        }
        caller = caller.authorizedAs(answer.context());
        checkApiKey(answer.usageIdentifierKey());
    }

    /** "Set up API keys using the API Gateway console", "Choose an API key source": missing or unknown is 403. */
    private void checkApiKey(String key) {
        GatewayOptions options = gateway.options();
        if (options.apiKeyRequired() && (key == null || !options.apiKeys().containsKey(key))) {
            refuse(Refusal.FORBIDDEN);
            return;
        }
        RouteFunction connect = options.routes().get(GatewayOptions.CONNECT);
        if (connect == null) {
            upgrade(null);
            return;
        }
        byte[] event = gateway.events()
                .connect(request, caller, requestId, gateway.clock().millis());
        gateway.loop().invoke(connect, event, gateway.integrationTimeoutMs(), this::integrated);
    }

    private void integrated(byte[] bytes, Throwable failure) {
        FunctionAnswer answer = failure == null && bytes != null ? FunctionAnswer.parse(bytes) : null;
        if (answer == null) {
            gateway.metrics().count(Counter.FUNCTION_ERRORS);
            LOG.warn(
                    "$connect failed, request {}: {}",
                    requestId,
                    failure == null
                            ? "its answer has no statusCode"
                            : GatewayConnection.unwrap(failure).toString());
            boolean timedOut = failure instanceof GatewayLoop.IntegrationTimeout;
            refuse(timedOut ? Refusal.INTEGRATION_TIMED_OUT : Refusal.INTEGRATION_FAILED);
        } else if (answer.statusCode() < 200 || answer.statusCode() > 599) {
            refuse(Refusal.INTEGRATION_FAILED);
        } else if (answer.statusCode() > 299) {
            refuse(Refusal.byIntegration(answer.statusCode()));
        } else {
            upgrade(answer.subprotocol());
        }
    }

    private void upgrade(String subprotocol) {
        if (clientLeft) {
            undo();
            return;
        }
        if (gateway.isStopping()) {
            refuse(Refusal.STOPPING);
            undo();
            return;
        }
        if (subprotocol != null) {
            request.response().putHeader("Sec-WebSocket-Protocol", subprotocol);
        }
        upgrading = true;
        request.toWebSocket()
                .onSuccess(socket -> {
                    if (upgrading) {
                        upgrading = false;
                        gateway.opened(socket, caller);
                    }
                })
                .onFailure(e -> {
                    LOG.debug("an upgrade failed, request {}: {}", requestId, e.toString());
                    clientLeft();
                });
    }

    /** Known by the TCP connection, since a pending upgrade does not always fail when it goes. */
    private void clientLeft() {
        clientLeft = true;
        if (upgrading) {
            upgrading = false;
            undo();
        }
    }

    /** {@code $connect} said yes to a client that never got its 101: only {@code $disconnect} can undo that. */
    private void undo() {
        gateway.disconnect(
                caller.connectionId(), gateway.events().connectionFields(caller), 1006, "Connection not established");
    }

    private void refuse(Refusal refusal) {
        gateway.refuse(request, refusal, caller.connectionId(), requestId);
    }
}
