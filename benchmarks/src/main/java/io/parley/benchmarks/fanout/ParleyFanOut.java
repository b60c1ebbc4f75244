package io.parley.benchmarks.fanout;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.aws.AwsPorts;
import io.parley.broadcast.BroadcastMetrics;
import io.parley.broadcast.BroadcastOptions;
import io.parley.broadcast.DeliveryObserver;
import io.parley.broadcast.FanOut;
import io.parley.core.options.OptionValues;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import io.parley.local.edge.EdgeServer;
import io.parley.local.gateway.ConnectionsService;
import io.parley.local.gateway.GatewayOptions;
import io.parley.local.gateway.WebSocketGateway;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/**
 * Parley's own fan-out on one machine: the broadcast Lambda's {@link FanOut} with its adapters, which posts to the local
 * gateway as it would to API Gateway. Who is in the room is remembered, as it is in production.
 */
final class ParleyFanOut {

    private static final String STAGE = "prod";
    private static final String ROOM = "room-0";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final List<String> connections = new CopyOnWriteArrayList<>();
    private final Clock clock = Clock.systemUTC();
    private final FanOut fanOut;
    private final int port;

    ParleyFanOut(Vertx vertx) throws Exception {
        GatewayOptions.Builder api = GatewayOptions.builder("floor", STAGE)
                .route(GatewayOptions.CONNECT, this::connected)
                .route(GatewayOptions.DEFAULT, event -> answer());
        WebSocketGateway gateway = new WebSocketGateway(vertx, api.build(), clock);
        port = gateway.start().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        int edge = new EdgeServer(vertx, List.of(new ConnectionsService(gateway)))
                .start(0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        String url = "http://127.0.0.1:" + edge;
        AwsPorts aws = AwsPorts.from(Map.of(
                "AWS_REGION", "eu-central-1",
                "AWS_ENDPOINT_URL", url,
                "AWS_ACCESS_KEY_ID", "local",
                "AWS_SECRET_ACCESS_KEY", "local"));
        Executor here = Runnable::run;
        fanOut = new FanOut(
                aws.connectionPoster(URI.create(url + '/' + STAGE), Duration.ofSeconds(2)),
                new Everybody(),
                record -> CompletableFuture.completedFuture(null),
                clock,
                BroadcastOptions.from(OptionValues.lenient(Map.of())),
                here,
                here,
                new BroadcastMetrics("broadcast", clock, line -> {}),
                DeliveryObserver.NONE);
    }

    int port() {
        return port;
    }

    String path() {
        return '/' + STAGE;
    }

    void send(Tick tick) {
        fanOut.broadcast(BroadcastRequest.newBuilder()
                .setVersion(1)
                .setDeliverBeforeMs(clock.millis() + 30_000)
                .addRooms(
                        RoomTicks.newBuilder().setRoom(ROOM).setRosterVersion(1).addTicks(tick))
                .build());
    }

    private CompletableFuture<byte[]> connected(byte[] event) {
        try {
            connections.add(JSON.readTree(event)
                    .path("requestContext")
                    .path("connectionId")
                    .asText());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return answer();
    }

    private static CompletableFuture<byte[]> answer() {
        return CompletableFuture.completedFuture("{\"statusCode\":200}".getBytes(StandardCharsets.UTF_8));
    }

    /** All connections are in the room. */
    private final class Everybody implements ConnectionRegistry {

        @Override
        public List<Member> members(String room) {
            Permissions listens = Permissions.newBuilder().setListen(true).build();
            List<Member> members = new ArrayList<>();
            for (String connection : connections) {
                members.add(new Member("of-" + connection, connection, "", listens, 1, Long.MAX_VALUE));
            }
            return members;
        }

        @Override
        public void connect(Connection connection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Optional<Connection> forget(String connection) {
            return Optional.empty();
        }

        @Override
        public Optional<Connection> connection(String connection) {
            return Optional.empty();
        }

        @Override
        public OptionalLong leave(String room, String participant, String connection) {
            return OptionalLong.empty();
        }
    }
}
