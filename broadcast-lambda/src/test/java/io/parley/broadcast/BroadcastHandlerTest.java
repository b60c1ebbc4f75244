package io.parley.broadcast;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import io.parley.core.options.OptionException;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

class BroadcastHandlerTest {

    private static final Map<String, String> ENVIRONMENT = Map.of(
            "AWS_REGION", "eu-central-1",
            "AWS_ACCESS_KEY_ID", "id",
            "AWS_SECRET_ACCESS_KEY", "secret",
            "CONNECTIONS_TABLE", "connections",
            "VOICE_STREAM", "voice",
            "CALLBACK_URL", "http://127.0.0.1:1/stage");

    private final FakeClock clock = new FakeClock();

    @Test
    void bytesInAreARequestAndBytesOutItsAnswer() throws Exception {
        FakePoster poster = new FakePoster();
        BroadcastHandler handler = new BroadcastHandler(new FanOut(
                poster,
                new FakeRegistry().listener("lobby", "c1"),
                new FakeStream(),
                clock,
                new BroadcastOptions(64, Duration.ZERO, Duration.ofSeconds(30), Duration.ofSeconds(300), 10),
                Runnable::run,
                Runnable::run,
                new BroadcastMetrics("broadcast", clock, line -> {}),
                DeliveryObserver.NONE));
        BroadcastRequest request = BroadcastRequest.newBuilder()
                .setVersion(1)
                .setDeliverBeforeMs(clock.millis() + 60_000)
                .addRooms(RoomTicks.newBuilder().setRoom("lobby").addTicks(Tick.newBuilder()))
                .build();
        ObjectMapper json = new ObjectMapper();
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        handler.handleRequest(
                new ByteArrayInputStream(json.writeValueAsBytes(Map.of("request", request.toByteArray()))), out, null);

        BroadcastAnswer answer = BroadcastAnswer.parseFrom(
                json.readTree(out.toByteArray()).path("answer").binaryValue());
        assertThat(answer.getRooms(0).getCounts().getPosted()).isEqualTo(1);
        assertThat(poster.posted("c1")).hasSize(1);
    }

    @Test
    void isWiredFromAnEnvironmentAlone() throws Exception {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        new BroadcastHandler(ENVIRONMENT, clock)
                .handleRequest(
                        new ByteArrayInputStream(new ObjectMapper()
                                .writeValueAsBytes(Map.of(
                                        "request",
                                        BroadcastRequest.newBuilder()
                                                .setVersion(1)
                                                .build()
                                                .toByteArray()))),
                        out,
                        null);

        assertThat(BroadcastAnswer.parseFrom(new ObjectMapper()
                                .readTree(out.toByteArray())
                                .path("answer")
                                .binaryValue())
                        .getExpired())
                .isTrue();
    }

    @Test
    void aProcessThatLambdaStartsAheadIsPrimedAndNoOther() throws Exception {
        HttpServer everything = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        List<String> paths = new CopyOnWriteArrayList<>();
        everything.createContext("/", exchange -> {
            paths.add(exchange.getRequestURI().getPath());
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(400, -1);
            exchange.close();
        });
        everything.start();
        try {
            String url = "http://127.0.0.1:" + everything.getAddress().getPort();
            Map<String, String> environment = new HashMap<>(ENVIRONMENT);
            environment.put("AWS_ENDPOINT_URL", url);
            environment.put("CALLBACK_URL", url + "/prod");

            new BroadcastHandler(environment, clock);
            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand");
            new BroadcastHandler(environment, clock);
            assertThat(paths).isEmpty();

            environment.put("AWS_LAMBDA_INITIALIZATION_TYPE", "snap-start");
            new BroadcastHandler(environment, clock);
            assertThat(paths).isNotEmpty();
        } finally {
            everything.stop(0);
        }
    }

    @Test
    void aMissingOrWrongSettingStopsTheStart() {
        Map<String, String> environment = new HashMap<>(ENVIRONMENT);
        environment.put("BROADCAST_CONCURRENCY", "0");
        assertThatThrownBy(() -> new BroadcastHandler(environment, clock))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("BROADCAST_CONCURRENCY");

        environment.remove("BROADCAST_CONCURRENCY");
        environment.remove("CALLBACK_URL");
        assertThatThrownBy(() -> new BroadcastHandler(environment, clock))
                .isInstanceOf(OptionException.class)
                .hasMessageContaining("CALLBACK_URL");
    }
}
