package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.vertx.core.net.NetClient;
import io.vertx.core.net.NetSocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** How connections end, and what {@code $disconnect} is told. */
class LifetimeTest {

    private RunningGateway running = RunningGateway.plain();

    @AfterEach
    void close() {
        running.close();
    }

    /** Quotas page: idle connection timeout 10 minutes; the code 1001 is as clients report it. */
    @Test
    void closesAnIdleConnectionAfterTenMinutes() {
        Client client = running.connect();
        running.time.pass(Duration.ofMinutes(9));
        client.send("still here");
        running.fallback.next();
        running.time.pass(Duration.ofSeconds(599));
        assertThat(running.gateway.metrics().open()).isOne();

        running.time.pass(Duration.ofSeconds(1));
        assertThat(client.awaitClosed()).isEqualTo(new Client.Closed(1001, "Going away"));
        assertDisconnected(1001, "Going away");
        assertThat(running.gateway.metrics().open()).isZero();
    }

    /** Quotas page: connection duration 2 hours. */
    @Test
    void closesABusyConnectionAfterTwoHours() {
        Client client = running.connect();
        for (int minutes = 5; minutes < 120; minutes += 5) {
            running.time.pass(Duration.ofMinutes(5));
            client.send("busy");
            running.fallback.next();
        }
        assertThat(running.gateway.metrics().open()).isOne();
        running.time.pass(Duration.ofMinutes(5));
        assertThat(client.awaitClosed().code()).isEqualTo(1001);
        assertDisconnected(1001, "Going away");
    }

    /** "Manage connected users and client apps": $disconnect runs after the close; code and reason as sent. */
    @Test
    void tellsTheCodeAndReasonOfTheClient() {
        Client client = running.connect();
        String connectionId = running.connect
                .next()
                .path("requestContext")
                .path("connectionId")
                .asText();
        client.socket.close((short) 4001, "bye");
        JsonNode event = assertDisconnected(4001, "bye");
        assertThat(event.path("requestContext").path("connectionId").asText()).isEqualTo(connectionId);
        assertThat(event.path("requestContext").path("routeKey").asText()).isEqualTo("$disconnect");
        assertThat(event.path("requestContext").path("eventType").asText()).isEqualTo("DISCONNECT");
        assertThat(event.path("headers").path("Host").asText()).isNotEmpty();
    }

    /** 1006 by RFC 6455, 7.1.5; the reason is not verified. */
    @Test
    void tells1006WhenTheClientIsCutOff() {
        NetClient raw = running.vertx.createNetClient();
        NetSocket socket = RunningGateway.await(raw.connect(running.port, "127.0.0.1"));
        CompletableFuture<String> answer = new CompletableFuture<>();
        socket.handler(data -> answer.complete(data.toString()));
        socket.write("GET /dev HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        assertThat(answer.join()).startsWith("HTTP/1.1 101 ");
        socket.close();
        assertDisconnected(1006, "");
    }

    /** Not verified: without it, nothing would undo what $connect did. */
    @Test
    void tellsTheDisconnectRouteWhenTheClientLeftDuringTheConnectRoute() {
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        running.connect.behaving(event -> answer);
        NetSocket socket = RunningGateway.await(running.vertx.createNetClient().connect(running.port, "127.0.0.1"));
        CompletableFuture<Void> closed = new CompletableFuture<>();
        socket.write("GET /dev HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n");
        String connectionId = running.connect
                .next()
                .path("requestContext")
                .path("connectionId")
                .asText();
        socket.closeHandler(closed::complete);
        socket.close();
        closed.join();
        answer.complete("{\"statusCode\":200}".getBytes());

        JsonNode event = running.disconnect.next();
        assertThat(event.path("requestContext").path("connectionId").asText()).isEqualTo(connectionId);
        assertThat(event.path("requestContext").path("disconnectStatusCode").asInt())
                .isEqualTo(1006);
        assertThat(running.gateway.metrics().open()).isZero();
    }

    /** "Manage connected users and client apps": "$disconnect is a best-effort event". */
    @Test
    void dropsTheDisconnectsThatATestAsksToDrop() {
        List<String> dropped = new ArrayList<>();
        running.close();
        running = new RunningGateway(options -> options.dropDisconnects(id -> {
            dropped.add(id);
            return dropped.size() == 1;
        }));
        running.connect().socket.close();
        CompletableFuture.runAsync(() -> {
                    while (running.gateway.metrics().value(GatewayMetrics.Counter.DISCONNECTS_DROPPED) == 0) {
                        Thread.onSpinWait();
                    }
                })
                .orTimeout(10, java.util.concurrent.TimeUnit.SECONDS)
                .join();
        running.connect().socket.close();
        JsonNode event = running.disconnect.next();
        assertThat(event.path("requestContext").path("connectionId").asText()).isEqualTo(dropped.get(1));
        assertThat(running.disconnect.waiting()).isZero();
    }

    @Test
    void stopsWithADisconnectForEveryConnection() {
        Client one = running.connect();
        Client two = running.connect();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        running.disconnect.behaving(event -> answer);

        CompletableFuture<Void> stopped =
                running.gateway.stop().toCompletionStage().toCompletableFuture();
        assertDisconnected(1001, "Going away");
        assertDisconnected(1001, "Going away");
        assertThat(one.awaitClosed().code()).isEqualTo(1001);
        assertThat(two.awaitClosed().code()).isEqualTo(1001);
        assertThat(stopped).isNotDone();
        answer.complete("{\"statusCode\":200}".getBytes());
        stopped.orTimeout(10, java.util.concurrent.TimeUnit.SECONDS).join();
    }

    @Test
    void leavesNoTimerBehind() {
        Client client = running.connect().send("x");
        running.fallback.next();
        client.socket.close();
        running.disconnect.next();
        RunningGateway.await(running.gateway.stop());
        assertThat(running.time.waiting()).isZero();
    }

    private JsonNode assertDisconnected(int code, String reason) {
        JsonNode event = running.disconnect.next();
        assertThat(event.path("requestContext").path("disconnectStatusCode").asInt())
                .isEqualTo(code);
        assertThat(event.path("requestContext").path("disconnectReason").asText())
                .isEqualTo(reason);
        return event;
    }
}
