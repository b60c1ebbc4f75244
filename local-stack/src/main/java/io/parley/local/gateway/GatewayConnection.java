package io.parley.local.gateway;

import com.fasterxml.jackson.core.io.SerializedString;
import io.netty.buffer.Unpooled;
import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import io.vertx.core.http.WebSocketFrameType;
import io.vertx.core.http.impl.ws.WebSocketFrameImpl;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open connection: its messages to functions, the posts to it, and its end. On the gateway's loop.
 *
 * <p>Messages of one connection are invoked beside each other, as on AWS: nothing waits for an earlier message's
 * function, so effects may come in another order. When too many are pending, the gateway stops reading from the socket.
 *
 * <p>A text frame over 32 KB or a message over 128 KB closes with 1009 ("Quotas for configuring and running a WebSocket
 * API in API Gateway"), a binary frame with 1003 ("Binary media types for WebSocket APIs"), bad UTF-8 with 1007 (RFC
 * 6455, 8.1). Whatever a function returns is not sent to the client: the routes are one-way ("Set up WebSocket API
 * integration responses"); only errors are told.
 */
final class GatewayConnection {

    static final int MAX_FRAME_BYTES = 32 * 1024;
    static final int MAX_MESSAGE_BYTES = 128 * 1024;

    /** What came of a post. */
    enum Post {
        SENT,
        GONE,
        BUFFER_FULL
    }

    private static final Logger LOG = LoggerFactory.getLogger(GatewayConnection.class);

    private final WebSocketGateway gateway;
    private final ServerWebSocket socket;
    private final Caller caller;
    private final long number;
    private final SerializedString connectionFields;
    private final Promise<Void> ended = Promise.promise();
    private ByteArrayOutputStream fragments;
    private long audioMessages;
    private int pendingMessages;
    private boolean paused;
    private boolean closed;
    private Scheduler.Timer lifetime;

    private long lastActiveAtMs;

    GatewayConnection(WebSocketGateway gateway, ServerWebSocket socket, Caller caller, long number) {
        this.gateway = gateway;
        this.socket = socket;
        this.caller = caller;
        this.number = number;
        this.connectionFields = gateway.events().connectionFields(caller);
        this.lastActiveAtMs = caller.connectedAtMs();
    }

    Caller caller() {
        return caller;
    }

    /** The latest message in either direction; pings do not count (not verified). */
    long lastActiveAtMs() {
        return lastActiveAtMs;
    }

    void open() {
        socket.setWriteQueueMaxSize(gateway.options().limits().maxQueuedBytes());
        socket.frameHandler(this::frame);
        socket.exceptionHandler(this::brokenFrame);
        socket.closeHandler(ignored -> closedByClient());
        watchLifetime();
    }

    // ---- in ----

    private void frame(WebSocketFrame frame) {
        if (closed) {
            return;
        }
        if (frame.isBinary()) {
            close(1003, "Binary frames are not supported");
        } else if (frame.isText() || frame.isContinuation()) {
            Buffer data = frame.binaryData();
            int before = fragments == null ? 0 : fragments.size();
            if (data.length() > MAX_FRAME_BYTES || before + data.length() > MAX_MESSAGE_BYTES) {
                close(1009, "Message is too big");
            } else if (frame.isFinal() && before == 0) {
                message(data.getBytes());
            } else {
                fragments = fragments == null ? new ByteArrayOutputStream() : fragments;
                fragments.writeBytes(data.getBytes());
                if (frame.isFinal()) {
                    byte[] whole = fragments.toByteArray();
                    fragments = null;
                    message(whole);
                }
            }
        }
    }

    /** What the WebSocket decoder gives up on: in practice a frame far over every limit. */
    private void brokenFrame(Throwable failure) {
        LOG.debug("connection {} broke: {}", caller.connectionId(), failure.toString());
        if (failure instanceof io.netty.handler.codec.http.websocketx.CorruptedWebSocketFrameException corrupted) {
            close(corrupted.closeStatus().code(), corrupted.closeStatus().reasonText());
        }
    }

    private void message(byte[] body) {
        if (!Utf8.isValid(body)) {
            close(1007, "Text is not UTF-8");
            return;
        }
        String routeKey = gateway.selector().select(body);
        Impairment impairment = gateway.options().impairment();
        if (impairment.isNone() || !GatewayOptions.IMPAIRED_ROUTES.contains(routeKey)) {
            pend();
            arrive(routeKey, body);
            return;
        }
        long[] arrivals = impairment.arrivals(number, audioMessages++);
        if (arrivals.length == 0) {
            gateway.metrics().count(Counter.MESSAGES_LOST_BY_IMPAIRMENT);
        } else if (arrivals.length > 1) {
            gateway.metrics().count(Counter.MESSAGES_DOUBLED_BY_IMPAIRMENT);
        }
        for (long delayMs : arrivals) {
            pend();
            if (delayMs == 0) {
                arrive(routeKey, body);
            } else {
                gateway.loop().after(delayMs, () -> arrive(routeKey, body));
            }
        }
    }

    /** The message is at the gateway: this is its arrival time. */
    private void arrive(String routeKey, byte[] body) {
        if (closed) {
            settle();
            return;
        }
        long nowMs = gateway.clock().millis();
        lastActiveAtMs = nowMs;
        gateway.metrics().count(Counter.MESSAGES_IN);
        gateway.metrics().add(Counter.BYTES_IN, body.length);
        String requestId = gateway.ids().next();
        RouteFunction function = gateway.options().routes().get(routeKey);
        if (!gateway.throttle().tryTake(nowMs)) {
            gateway.metrics().count(Counter.MESSAGES_THROTTLED);
            tell(GatewayMessages.TOO_MANY_REQUESTS, requestId);
            settle();
        } else if (function == null) {
            gateway.metrics().count(Counter.MESSAGES_WITHOUT_ROUTE);
            tell(GatewayMessages.FORBIDDEN, requestId);
            settle();
        } else {
            byte[] event = gateway.events()
                    .message(
                            routeKey, connectionFields, requestId, gateway.ids().next(), nowMs, body);
            gateway.loop().invoke(function, event, gateway.integrationTimeoutMs(), (answer, failure) -> {
                settle();
                check(routeKey, requestId, answer, failure);
            });
        }
    }

    private void check(String routeKey, String requestId, byte[] answer, Throwable failure) {
        // A malformed proxy answer is an error to the client as well; seen by users of the service, not documented.
        if (failure == null && answer != null && FunctionAnswer.parse(answer) != null) {
            return;
        }
        gateway.metrics().count(Counter.FUNCTION_ERRORS);
        LOG.warn(
                "route {} failed, request {}: {}",
                routeKey,
                requestId,
                failure == null
                        ? "its answer has no statusCode"
                        : unwrap(failure).toString());
        boolean timedOut = failure instanceof GatewayLoop.IntegrationTimeout;
        tell(timedOut ? GatewayMessages.TIMED_OUT : GatewayMessages.INTERNAL_SERVER_ERROR, requestId);
    }

    static Throwable unwrap(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    private void pend() {
        pendingMessages++;
        if (!paused && pendingMessages >= gateway.options().limits().maxPendingMessages()) {
            paused = true;
            socket.pause();
        }
    }

    private void settle() {
        pendingMessages--;
        if (paused && pendingMessages < gateway.options().limits().maxPendingMessages()) {
            paused = false;
            if (!closed) {
                socket.resume();
            }
        }
    }

    // ---- out ----

    /** @param bytes UTF-8, at most 128 KB; not changed any more */
    Post post(byte[] bytes) {
        if (closed || socket.isClosed()) {
            return Post.GONE;
        }
        if (socket.writeQueueFull()) {
            return Post.BUFFER_FULL;
        }
        lastActiveAtMs = gateway.clock().millis();
        gateway.metrics().count(Counter.POSTS_SENT);
        gateway.metrics().add(Counter.BYTES_OUT, bytes.length);
        int offset = 0;
        do {
            int length = Math.min(MAX_FRAME_BYTES, bytes.length - offset);
            // The public factory of text frames takes a String; the bytes are one already.
            socket.writeFrame(new WebSocketFrameImpl(
                    offset == 0 ? WebSocketFrameType.TEXT : WebSocketFrameType.CONTINUATION,
                    Unpooled.wrappedBuffer(bytes, offset, length),
                    offset + length == bytes.length));
            offset += length;
        } while (offset < bytes.length);
        return Post.SENT;
    }

    private void tell(String message, String requestId) {
        if (!closed && !socket.isClosed() && !socket.writeQueueFull()) {
            socket.writeTextMessage(GatewayMessages.frame(message, caller.connectionId(), requestId));
        }
    }

    // ---- end ----

    private void watchLifetime() {
        long nowMs = gateway.clock().millis();
        GatewayLimits limits = gateway.options().limits();
        long end = Math.min(
                lastActiveAtMs + limits.idleTimeout().toMillis(),
                caller.connectedAtMs() + limits.maxDuration().toMillis());
        if (nowMs >= end) {
            close(1001, "Going away");
        } else {
            lifetime = gateway.loop().after(end - nowMs, this::watchLifetime);
        }
    }

    private void closedByClient() {
        Short code = socket.closeStatusCode();
        if (code == null) {
            end(1006, "");
        } else if (code == 1005) {
            end(1005, "Client-side close frame status not set");
        } else {
            end(code, socket.closeReason() == null ? "" : socket.closeReason());
        }
    }

    /** Closes from this side: gone for posts at once, and {@code $disconnect} waits for no answer of the client. */
    Future<Void> close(int code, String reason) {
        if (!closed) {
            socket.close((short) code, reason);
        }
        return end(code, reason);
    }

    /** Completes when {@code $disconnect} has answered; nobody hears what. */
    private Future<Void> end(int code, String reason) {
        if (closed) {
            return ended.future();
        }
        closed = true;
        fragments = null;
        if (lifetime != null) {
            lifetime.cancel();
        }
        gateway.remove(this);
        gateway.disconnect(caller.connectionId(), connectionFields, code, reason)
                .onComplete(ended);
        return ended.future();
    }
}
