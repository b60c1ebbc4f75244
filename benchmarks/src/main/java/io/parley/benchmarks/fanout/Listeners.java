package io.parley.benchmarks.fanout;

import io.vertx.core.Vertx;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** WebSocket clients that count what they get. */
final class Listeners {

    private static final int MAX_MESSAGE = 256 * 1024;

    private final int count;
    private final Semaphore received = new Semaphore(0);
    private volatile int lastBytes;

    private Listeners(int count) {
        this.count = count;
    }

    static Listeners connect(Vertx vertx, int count, int port, String path) throws Exception {
        Listeners listeners = new Listeners(count);
        WebSocketClient client = vertx.createWebSocketClient(new WebSocketClientOptions()
                .setMaxConnections(count)
                .setMaxFrameSize(MAX_MESSAGE)
                .setMaxMessageSize(MAX_MESSAGE));
        for (int i = 0; i < count; i++) {
            client.connect(new WebSocketConnectOptions()
                            .setHost("127.0.0.1")
                            .setPort(port)
                            .setURI(path)
                            // A program sends none; the gateway takes a page for what it is.
                            .setAllowOriginHeader(false))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(30, TimeUnit.SECONDS)
                    .textMessageHandler(text -> {
                        listeners.lastBytes = text.length();
                        listeners.received.release();
                    });
        }
        return listeners;
    }

    /** Returns when every one has got one more. */
    void awaitOneEach() throws InterruptedException {
        if (!received.tryAcquire(count, 30, TimeUnit.SECONDS)) {
            throw new IllegalStateException(received.availablePermits() + " of " + count + " listeners got it");
        }
    }

    int lastBytes() {
        return lastBytes;
    }
}
