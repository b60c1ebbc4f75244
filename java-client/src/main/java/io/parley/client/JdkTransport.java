package io.parley.client;

import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/** WebSockets of the JDK's own HTTP client. Its threads are daemons. Thread safe. */
public final class JdkTransport implements Transport {

    /** Over API Gateway's 128 KB a message cannot be one of Parley's. */
    static final int MAX_MESSAGE_CHARS = 512 * 1024;

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final long CLOSE_TIMEOUT_MS = 2_000;

    private final HttpClient http;

    /** With the JDK's default proxy, trust store and TLS settings. */
    public JdkTransport() {
        this(HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT).build());
    }

    /** With a client of the application's, for instance one that knows a proxy or another trust store. */
    public JdkTransport(HttpClient http) {
        this.http = http;
    }

    @Override
    public CompletionStage<Socket> connect(Upgrade upgrade, Receiver receiver) {
        WebSocket.Builder builder = http.newWebSocketBuilder().connectTimeout(CONNECT_TIMEOUT);
        upgrade.headers().forEach(builder::header);
        if (!upgrade.subprotocols().isEmpty()) {
            String[] all = upgrade.subprotocols().toArray(new String[0]);
            String[] others = Arrays.copyOfRange(all, 1, all.length);
            builder.subprotocols(all[0], others);
        }
        CompletableFuture<Socket> opened = new CompletableFuture<>();
        builder.buildAsync(upgrade.uri(), new Assembler(receiver)).whenComplete((socket, failure) -> {
            if (failure == null) {
                opened.complete(new JdkSocket(socket));
                // Asked for only now, so that nothing is received before the caller knows of its socket.
                socket.request(1);
            } else {
                opened.completeExceptionally(refusal(failure));
            }
        });
        return opened;
    }

    private static Throwable refusal(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof WebSocketHandshakeException) {
            return new UpgradeRefusedException(
                    ((WebSocketHandshakeException) cause).getResponse().statusCode());
        }
        return cause;
    }

    private static final class JdkSocket implements Socket {

        private final WebSocket socket;

        JdkSocket(WebSocket socket) {
            this.socket = socket;
        }

        @Override
        public CompletionStage<Void> send(String text) {
            return socket.sendText(text, true).thenApply(sent -> null);
        }

        @Override
        public void close() {
            socket.sendClose(WebSocket.NORMAL_CLOSURE, "");
            CompletableFuture.delayedExecutor(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)
                    .execute(socket::abort);
        }
    }

    /** Puts the parts of messages together. Called by one thread at a time. */
    private static final class Assembler implements WebSocket.Listener {

        private final Receiver receiver;
        private final StringBuilder parts = new StringBuilder();

        Assembler(Receiver receiver) {
            this.receiver = receiver;
        }

        @Override
        public void onOpen(WebSocket socket) {
            // The default would ask for the first message already.
        }

        @Override
        public CompletionStage<?> onText(WebSocket socket, CharSequence data, boolean last) {
            if (parts.length() + data.length() > MAX_MESSAGE_CHARS) {
                socket.abort();
                receiver.failed(new IllegalStateException("a message over " + MAX_MESSAGE_CHARS + " characters"));
                return null;
            }
            parts.append(data);
            if (!last) {
                socket.request(1);
                return null;
            }
            String message = parts.toString();
            parts.setLength(0);
            receiver.text(message, () -> socket.request(1));
            return null;
        }

        @Override
        public CompletionStage<?> onBinary(WebSocket socket, ByteBuffer data, boolean last) {
            // Not of the protocol: API Gateway sends text frames only.
            socket.request(1);
            return null;
        }

        @Override
        public CompletionStage<?> onClose(WebSocket socket, int code, String reason) {
            receiver.closed(code, reason);
            return null;
        }

        @Override
        public void onError(WebSocket socket, Throwable failure) {
            receiver.failed(failure);
        }
    }
}
