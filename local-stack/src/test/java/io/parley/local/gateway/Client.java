package io.parley.local.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.WebSocket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A connected client that keeps what it hears. */
final class Client {

    record Closed(int code, String reason) {}

    private final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
    private final CompletableFuture<Closed> closed = new CompletableFuture<>();
    WebSocket socket;

    /** Of the 101; the socket itself forgets them. */
    MultiMap upgradeHeaders;

    /** On the client's own loop, before anything can arrive. */
    Client attach(WebSocket connected) {
        socket = connected;
        upgradeHeaders = connected.headers();
        connected.textMessageHandler(texts::add);
        connected.closeHandler(ignored -> closed.complete(new Closed(
                connected.closeStatusCode() == null ? 1006 : connected.closeStatusCode(), connected.closeReason())));
        return this;
    }

    Client send(String text) {
        socket.writeTextMessage(text);
        return this;
    }

    String hear() {
        try {
            String text = texts.poll(10, TimeUnit.SECONDS);
            if (text == null) {
                throw new AssertionError("nothing was heard");
            }
            return text;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    boolean heardNothing() {
        return texts.isEmpty();
    }

    Closed awaitClosed() {
        return closed.orTimeout(10, TimeUnit.SECONDS).join();
    }
}
