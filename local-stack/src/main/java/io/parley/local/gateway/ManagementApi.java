package io.parley.local.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * {@code @connections}: POST sends, GET tells, DELETE closes.
 *
 * <p>"Use @connections commands in your backend service", and the API reference of the API Gateway Management API for
 * its errors: GoneException 410, PayloadTooLargeException 413, ForbiddenException 403, and LimitExceededException 429
 * when calls come too fast <em>or the client's buffer is full</em>, which is what a client that does not read gets its
 * senders. 200 to a POST means that the data is on its way, not that it was read. Data goes out as text in frames of at
 * most 32 KB (the quotas page: larger messages must be split, "this applies to @connections commands"); data that is no
 * UTF-8 is refused with 400 (not verified). DELETE closes with 1000; no caller can choose another code.
 *
 * <p>Safe on any thread; responses are ended on the gateway's loop.
 */
final class ManagementApi {

    static final String PATH = "/@connections/";

    private static final ObjectMapper JSON = new ObjectMapper();

    private final WebSocketGateway gateway;
    private final TokenBucket throttle;

    ManagementApi(WebSocketGateway gateway) {
        this.gateway = gateway;
        Throttle settings = gateway.options().managementThrottle();
        this.throttle = settings == null
                ? null
                : new TokenBucket(settings, gateway.clock().millis());
    }

    void handle(HttpServerRequest request, Buffer body, String requestId) {
        HttpServerResponse response = request.response().putHeader("x-amzn-RequestId", requestId);
        String path = request.path();
        int at = path.indexOf(PATH);
        String prefix = at < 0 ? null : path.substring(0, at);
        // With a custom domain the stage is not in the path.
        if (prefix == null
                || !(prefix.isEmpty() || prefix.equals("/" + gateway.options().stage()))) {
            fail(response, 403, "ForbiddenException", "Forbidden");
            return;
        }
        if (throttle != null && !throttle.tryTake(gateway.clock().millis())) {
            gateway.metrics().count(Counter.POSTS_LIMITED);
            fail(response, 429, "LimitExceededException", "Too Many Requests");
            return;
        }
        if (body.length() > GatewayConnection.MAX_MESSAGE_BYTES) {
            gateway.metrics().count(Counter.POSTS_TOO_LARGE);
            fail(
                    response,
                    413,
                    "PayloadTooLargeException",
                    "the data has " + body.length() + " bytes, at most " + GatewayConnection.MAX_MESSAGE_BYTES
                            + " are allowed");
            return;
        }
        String encoded = path.substring(at + PATH.length());
        String connectionId = URLDecoder.decode(encoded.replace("+", "%2B"), StandardCharsets.UTF_8);
        // Looked up on the loop: a client that has its 101 is there by then.
        gateway.loop().run(() -> {
            GatewayConnection connection = gateway.connection(connectionId);
            if (connection == null) {
                gone(response);
                return;
            }
            switch (request.method().name()) {
                case "POST" -> post(connection, body, response);
                case "GET" -> get(connection, response);
                case "DELETE" -> {
                    connection.close(1000, "Connection Closed Normally");
                    response.setStatusCode(204).end();
                }
                default -> fail(response, 403, "ForbiddenException", "Forbidden");
            }
        });
    }

    private void post(GatewayConnection connection, Buffer body, HttpServerResponse response) {
        byte[] data = body.getBytes();
        if (!Utf8.isValid(data)) {
            fail(response, 400, "BadRequestException", "the data is not UTF-8");
            return;
        }
        switch (connection.post(data)) {
            case SENT -> response.end();
            case GONE -> gone(response);
            case BUFFER_FULL -> {
                gateway.metrics().count(Counter.POSTS_LIMITED);
                fail(response, 429, "LimitExceededException", "the client's buffer is full");
            }
        }
    }

    private void get(GatewayConnection connection, HttpServerResponse response) {
        Caller caller = connection.caller();
        ObjectNode answer = JSON.createObjectNode();
        answer.put("connectedAt", Instant.ofEpochMilli(caller.connectedAtMs()).toString());
        answer.put(
                "lastActiveAt",
                Instant.ofEpochMilli(connection.lastActiveAtMs()).toString());
        ObjectNode identity = answer.putObject("identity").put("sourceIp", caller.sourceIp());
        if (caller.userAgent() != null) {
            identity.put("userAgent", caller.userAgent());
        }
        send(response, 200, answer);
    }

    private void gone(HttpServerResponse response) {
        gateway.metrics().count(Counter.POSTS_GONE);
        fail(response, 410, "GoneException", "Gone");
    }

    private static void fail(HttpServerResponse response, int status, String type, String message) {
        response.putHeader("x-amzn-ErrorType", type);
        send(response, status, JSON.createObjectNode().put("message", message));
    }

    private static void send(HttpServerResponse response, int status, ObjectNode body) {
        try {
            response.setStatusCode(status)
                    .putHeader("Content-Type", "application/json")
                    .end(Buffer.buffer(JSON.writeValueAsBytes(body)));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of our own could not be written", e);
        }
    }
}
