package io.parley.local.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.client.JdkTransport;
import io.parley.client.Transport;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceListener;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.ServerWebSocket;
import io.vertx.core.http.WebSocketFrame;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The client's transport against a real WebSocket server. */
class JdkTransportTest {

    private final Vertx vertx = Vertx.vertx();
    private final BlockingQueue<ServerWebSocket> accepted = new LinkedBlockingQueue<>();
    private final BlockingQueue<String> received = new LinkedBlockingQueue<>();
    private final Received client = new Received();
    private volatile int refusal;
    private volatile HttpConnection connection;
    private HttpServer server;

    private static final class Received implements Transport.Receiver {
        final BlockingQueue<String> texts = new LinkedBlockingQueue<>();
        final CompletableFuture<String> end = new CompletableFuture<>();

        @Override
        public void text(String text, Runnable processed) {
            texts.add(text);
            processed.run();
        }

        @Override
        public void closed(int code, String reason) {
            end.complete(code + " " + reason);
        }

        @Override
        public void failed(Throwable failure) {
            end.completeExceptionally(failure);
        }
    }

    @BeforeEach
    void start() throws Exception {
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0).addWebSocketSubProtocol("parley.v1"))
                .requestHandler(request -> {
                    if (refusal != 0) {
                        request.response().setStatusCode(refusal).end();
                        return;
                    }
                    request.toWebSocket().onSuccess(socket -> {
                        socket.textMessageHandler(received::add);
                        connection = request.connection();
                        accepted.add(socket);
                    });
                })
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void stop() throws Exception {
        vertx.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);
    }

    private URI uri() {
        return URI.create("ws://127.0.0.1:" + server.actualPort() + "/stage");
    }

    private Transport.Socket open() throws Exception {
        return new JdkTransport()
                .connect(
                        new Transport.Upgrade(
                                uri(),
                                Map.of("Authorization", "Bearer jwt", "x-api-key", "key"),
                                List.of("parley.v1", "bearer.jwt")),
                        client)
                .toCompletableFuture()
                .get(10, TimeUnit.SECONDS);
    }

    private <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        return queue.poll(10, TimeUnit.SECONDS);
    }

    @Test
    void opensWithHeadersAndSubprotocolsAndSendsText() throws Exception {
        Transport.Socket socket = open();
        ServerWebSocket atServer = next(accepted);

        assertThat(atServer.headers().get("Authorization")).isEqualTo("Bearer jwt");
        assertThat(atServer.headers().get("x-api-key")).isEqualTo("key");
        assertThat(atServer.headers().get("Sec-WebSocket-Protocol")).contains("parley.v1", "bearer.jwt");
        assertThat(atServer.subProtocol()).isEqualTo("parley.v1");
        socket.send("höre").toCompletableFuture().get(10, TimeUnit.SECONDS);
        assertThat(next(received)).isEqualTo("höre");
    }

    @Test
    void putsTheFramesOfALargeMessageTogether() throws Exception {
        open();
        ServerWebSocket atServer = next(accepted);
        String part = "ä".repeat(15_000);

        atServer.writeFrame(WebSocketFrame.textFrame(part, false));
        atServer.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(part), false));
        atServer.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(part), true));
        atServer.writeTextMessage("next");

        assertThat(next(client.texts)).isEqualTo(part + part + part);
        assertThat(next(client.texts)).isEqualTo("next");
    }

    @Test
    void aRefusedUpgradeTellsItsStatus() {
        for (int status : new int[] {401, 403, 429, 503}) {
            refusal = status;
            assertThatThrownBy(this::open)
                    .cause()
                    .isInstanceOfSatisfying(
                            Transport.UpgradeRefusedException.class,
                            refused -> assertThat(refused.status()).isEqualTo(status));
        }
    }

    @Test
    void aServerThatIsNotThereIsAFailure() throws Exception {
        server.close().toCompletionStage().toCompletableFuture().get(10, TimeUnit.SECONDS);

        assertThatThrownBy(this::open)
                .cause()
                .isInstanceOf(IOException.class)
                .isNotInstanceOf(Transport.UpgradeRefusedException.class);
    }

    @Test
    void hearsTheServerCloseAndDrop() throws Exception {
        open();
        next(accepted).close((short) 1001, "idle");
        assertThat(client.end.get(10, TimeUnit.SECONDS)).isEqualTo("1001 idle");
    }

    @Test
    void aConnectionThatBreaksEnds() throws Exception {
        open();
        next(accepted);
        connection.close();

        client.end.handle((closed, failed) -> closed + failed).get(10, TimeUnit.SECONDS);
    }

    @Test
    void closesWithTheNormalCode() throws Exception {
        Transport.Socket socket = open();
        ServerWebSocket atServer = next(accepted);
        CompletableFuture<Short> code = new CompletableFuture<>();
        atServer.closeHandler(closed -> code.complete(atServer.closeStatusCode()));
        socket.close();

        assertThat(code.get(10, TimeUnit.SECONDS)).isEqualTo((short) 1000);
    }

    @Test
    void aWholeClientComesBackWhenItsServerDropsIt() throws Exception {
        BlockingQueue<String> events = new LinkedBlockingQueue<>();
        VoiceClient voice = VoiceClient.create(VoiceClientOptions.of(uri()), new VoiceListener() {
            @Override
            public void onDisconnected(String reason, boolean willReconnect) {
                events.add(willReconnect ? "disconnected" : "stopped");
            }

            @Override
            public void onReconnected() {
                events.add("reconnected");
            }
        });
        voice.connect().get(10, TimeUnit.SECONDS);
        next(accepted).close((short) 1001);

        assertThat(next(events)).isEqualTo("disconnected");
        assertThat(next(events)).isEqualTo("reconnected");
        voice.close();
        assertThat(next(events)).isEqualTo("stopped");
        assertThat(voice.stopped()).isDone();
    }
}
