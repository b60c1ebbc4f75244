package io.parley.benchmarks.fanout;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.ServerWebSocket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;

/** The floor of fan-out: a WebSocket server that writes a text to everybody, and does nothing else. */
final class Relay {

    private final List<ServerWebSocket> sockets = new CopyOnWriteArrayList<>();
    private final int port;

    Relay(Vertx vertx) throws Exception {
        HttpServer server = vertx.createHttpServer().webSocketHandler(sockets::add);
        port = server.listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS)
                .actualPort();
    }

    int port() {
        return port;
    }

    void send(String text) {
        for (ServerWebSocket socket : sockets) {
            socket.writeTextMessage(text);
        }
    }
}
