package io.parley.local.client;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import io.parley.broadcast.BroadcastMetrics;
import io.parley.broadcast.BroadcastOptions;
import io.parley.broadcast.DeliveryObserver;
import io.parley.broadcast.FanOut;
import io.parley.client.ClientCounter;
import io.parley.client.SpeakerStream;
import io.parley.client.Transport;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.client.VoiceTick;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import io.parley.core.options.OptionValues;
import io.parley.core.options.RoomOptions;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import io.parley.core.room.Room;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.StreamRecord;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * What the room closes, the broadcast Lambda writes and the client plays are one and the same: clients, fan-out and
 * room without anything between them.
 */
class TickPathTest {

    private static final Permissions ALL =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();
    private static final byte[] PACKET = {(byte) (31 << 3), 0, 0};

    private final ShortPath path = new ShortPath();
    private final List<VoiceClient> clients = new ArrayList<>();

    @AfterEach
    void close() {
        clients.forEach(VoiceClient::close);
    }

    private VoiceClient client(String participant, VoiceListener listener) {
        VoiceClient client =
                VoiceClient.create(VoiceClientOptions.of(URI.create("ws://" + participant)), listener, path);
        clients.add(client);
        client.connect().join();
        return client;
    }

    @Test
    void aListenerHearsWhatWasSaidAndTheHashChainHoldsOverARestartOfTheJob() throws Exception {
        BlockingQueue<VoiceFrame> heard = new LinkedBlockingQueue<>();
        BlockingQueue<VoiceTick> traced = new LinkedBlockingQueue<>();
        VoiceClient ann = client("ann", new VoiceListener() {});
        VoiceClient bob = client("bob", new VoiceListener() {
            @Override
            public void onFrame(VoiceFrame frame) {
                heard.add(frame);
            }

            @Override
            public void onTick(VoiceTick tick) {
                if (!tick.traces().isEmpty()) {
                    traced.add(tick);
                }
            }
        });
        bob.join("lobby", "Bob é").get(10, TimeUnit.SECONDS);
        ann.join("lobby", "Ann").get(10, TimeUnit.SECONDS);
        SpeakerStream speaker =
                ann.speaker("lobby", Codec.OPUS, 20_000, 2).traced().startingAt(0xFFFF_FFF0L);

        for (int i = 0; i < 40; i++) {
            if (i == 20) {
                path.restartJob();
            }
            byte[] packet = PACKET.clone();
            packet[1] = (byte) i;
            CompletableFuture<Void> sent =
                    i == 39 ? speaker.lastFrame(30, packet, i * 20L) : speaker.frame(30, packet, i * 20L);
            if (i % 2 == 1) {
                sent.get(10, TimeUnit.SECONDS);
            }
        }

        for (int i = 0; i < 40; i++) {
            VoiceFrame frame = heard.poll(10, TimeUnit.SECONDS);
            assertThat(frame).as("frame %s", i).isNotNull();
            assertThat(frame.participant()).isEqualTo("ann");
            assertThat(frame.payload()[1]).isEqualTo((byte) i);
            assertThat(frame.sequence()).isEqualTo((0xFFFF_FFF0L + i) % (1L << 32));
        }
        VoiceTick tick = traced.poll(10, TimeUnit.SECONDS);
        assertThat(tick.traces().get(0).broadcastUs()).isPositive();
        assertThat(tick.traces().get(0).postUs())
                .isGreaterThanOrEqualTo(tick.traces().get(0).broadcastUs());
        assertThat(bob.probe("lobby").get(10, TimeUnit.SECONDS).hops().jobUs()).isPositive();
        for (VoiceClient each : clients) {
            assertThat(each.count(ClientCounter.CHAIN_BREAKS)).isZero();
            assertThat(each.count(ClientCounter.MISSED_TICKS)).isZero();
            assertThat(each.count(ClientCounter.MALFORMED)).isZero();
        }
        assertThat(ann.count(ClientCounter.FRAMES)).isZero();
        assertThat(bob.count(ClientCounter.FRAMES)).isEqualTo(40);
    }

    /** From a client's socket right into the room, and from the fan-out right into the clients' receivers. */
    private static final class ShortPath implements Transport, ConnectionPoster, ConnectionRegistry {

        private final ObjectMapper json = new ObjectMapper();
        private final Map<String, Receiver> receivers = new ConcurrentHashMap<>();
        private final Map<String, Member> members = new ConcurrentHashMap<>();
        private final RoomOptions options = RoomOptions.defaults();
        private final FanOut fanOut = new FanOut(
                this,
                this,
                record -> CompletableFuture.completedFuture(null),
                Clock.systemUTC(),
                BroadcastOptions.from(OptionValues.lenient(Map.of())),
                Runnable::run,
                Runnable::run,
                new BroadcastMetrics("broadcast", Clock.systemUTC(), line -> {}),
                DeliveryObserver.NONE);

        // Guarded by this.
        private Room room = Room.open("lobby", options, null, 1_700_000_000_000L);
        private long nowMs = 1_700_000_000_000L;
        private long version;

        synchronized void restartJob() {
            room = Room.restore(room.state().build(), options);
            room.beginRun(nowMs);
        }

        @Override
        public CompletionStage<Socket> connect(Upgrade upgrade, Receiver receiver) {
            String participant = upgrade.uri().getHost();
            receivers.put(participant + "-1", receiver);
            return CompletableFuture.completedFuture(new Socket() {
                @Override
                public CompletionStage<Void> send(String text) {
                    received(participant, text);
                    return CompletableFuture.completedFuture(null);
                }

                @Override
                public void close() {
                    receivers.remove(participant + "-1");
                }
            });
        }

        private synchronized void received(String participant, String text) {
            String connection = participant + "-1";
            nowMs += options.tickPeriodMs();
            StreamRecord.Builder record = StreamRecord.newBuilder()
                    .setVersion(1)
                    .setRoom("lobby")
                    .setParticipant(participant)
                    .setConnection(connection)
                    .setArrivalTimeMs(nowMs)
                    .setPermissions(ALL);
            Chunk chunk = null;
            try {
                JsonNode message = json.readTree(text);
                switch (message.path("action").asText()) {
                    case "join" -> {
                        String name = message.path("name").asText();
                        version++;
                        members.put(
                                connection, new Member(participant, connection, name, ALL, version, Long.MAX_VALUE));
                        record.setKind(StreamRecord.Kind.CONTROL)
                                .setControlVersion(version)
                                .setControl(Control.newBuilder()
                                        .setKind(Control.Kind.JOIN)
                                        .setParticipant(participant)
                                        .setConnection(connection)
                                        .setDisplayName(name)
                                        .setPermissions(ALL));
                    }
                    case "sendaudio" -> {
                        byte[] bytes = message.path("chunk").binaryValue();
                        chunk = Chunk.parse(bytes);
                        record.setKind(StreamRecord.Kind.AUDIO)
                                .setControlVersion(version)
                                .setChunk(ByteString.copyFrom(bytes));
                    }
                    case "probe" ->
                        record.setKind(StreamRecord.Kind.PROBE)
                                .setProbe(io.parley.core.wire.Probe.newBuilder()
                                        .setId(message.path("id").asText()));
                    default -> {
                        return;
                    }
                }
            } catch (java.io.IOException e) {
                throw new IllegalStateException(e);
            }
            room.accept(record.build(), chunk, nowMs * 1_000, this::broadcast);
        }

        private void broadcast(RoomOutput output) {
            BroadcastRequest.Builder request = BroadcastRequest.newBuilder()
                    .setVersion(1)
                    .setDeliverBeforeMs(Long.MAX_VALUE)
                    .addAllPosts(output.getPostsList());
            if (output.hasTick()) {
                request.addRooms(RoomTicks.newBuilder()
                        .setRoom("lobby")
                        .setRosterVersion(output.getTick().getRosterVersion())
                        .addTicks(output.getTick().toBuilder().clearLogOnly()));
            }
            BroadcastAnswer answer = fanOut.broadcast(request.build());
            assertThat(answer.getRoomsList()).noneMatch(each -> each.getFailed());
        }

        @Override
        public CompletionStage<Outcome> post(String connection, byte[] text) {
            Receiver receiver = receivers.get(connection);
            if (receiver == null) {
                return CompletableFuture.completedFuture(Outcome.GONE);
            }
            receiver.text(new String(text, StandardCharsets.UTF_8), () -> {});
            return CompletableFuture.completedFuture(Outcome.POSTED);
        }

        @Override
        public CompletionStage<Outcome> close(String connection) {
            throw new UnsupportedOperationException();
        }

        @Override
        public List<Member> members(String id) {
            return List.copyOf(members.values());
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
            throw new UnsupportedOperationException();
        }

        @Override
        public OptionalLong leave(String id, String participant, String connection) {
            return OptionalLong.empty();
        }
    }
}
