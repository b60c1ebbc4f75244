package io.parley.ingest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomPolicy;
import io.parley.core.port.ConnectionPoster;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.port.VoiceStream;
import io.parley.core.room.Connection;
import io.parley.core.room.Departure;
import io.parley.core.room.Member;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** All that stands behind the ports, in memory: keeps what it was given, in order, and fails where it is told to. */
final class FakeSystem {

    static final String CONNECTION = "c1=";
    static final String PARTICIPANT = "ann";

    final MovableClock clock = new MovableClock();
    /** What CloudWatch is told. */
    final List<String> metricLines = new ArrayList<>();

    final IngestMetrics metrics = new IngestMetrics("ingest", clock, metricLines::add);

    /** Which port was called, in order. */
    final List<String> calls = new ArrayList<>();

    final List<StreamRecord> records = new ArrayList<>();
    final Map<String, byte[]> objects = new LinkedHashMap<>();
    final List<SendAudioEvent> events = new ArrayList<>();
    final List<JsonNode> posts = new ArrayList<>();
    final List<String> closed = new ArrayList<>();
    final Map<String, Connection> connections = new LinkedHashMap<>();
    final Map<String, Member> members = new LinkedHashMap<>();

    /** Ports that fail: stream, objects, keys, events, registry, poster. */
    final Set<String> away = new HashSet<>();

    /** What puts to the stream wait for; done unless a test says otherwise. */
    CompletableFuture<Void> streamGate = CompletableFuture.completedFuture(null);

    CompletableFuture<Void> keyGate = CompletableFuture.completedFuture(null);
    int refusedEvents;
    int memberReads;
    Runnable onMemberRead = () -> {};
    long version = 100;
    final FakeRooms rooms = new FakeRooms(this);
    final FakeUsers users = new FakeUsers(connections);
    Tickets tickets = (jwt, participant, room) -> {
        throw new ParleyException(ErrorCode.NOT_ALLOWED, "no tickets in this test");
    };
    UserTokens tokens = token -> {
        throw new Unauthorized("no tokens in this test");
    };

    IngestChunk ingestChunk(EventGranularity granularity, boolean keepsChunks) {
        return new IngestChunk(
                new MembershipCache(rooms, clock, metrics),
                stream(),
                keepsChunks ? new ChunkArchive(objectStore(), keys(), new SecureRandom(), clock, metrics) : null,
                new StatusEvents(publisher(), granularity, clock, metrics),
                answers(),
                clock,
                metrics);
    }

    RoomMessages roomMessages(RoomPolicy policy) {
        return roomMessages(policy, stream(), true);
    }

    RoomMessages roomMessages(RoomPolicy policy, VoiceStream stream, boolean keeps) {
        RoomRecords records = new RoomRecords(stream, clock, metrics);
        Joining joining = new Joining(
                rooms,
                records,
                new Departure(registry(), stream, clock),
                answers(),
                new Joining.Admittance(
                        policy,
                        (jwt, participant, room) -> tickets.verify(jwt, participant, room),
                        token -> tokens.verify(token)),
                new ResumeSecrets(new SecureRandom()),
                keeps,
                clock,
                metrics);
        return new RoomMessages(
                rooms,
                records,
                new MembershipCache(rooms, clock, metrics),
                joining,
                new OwnState(rooms, records),
                new Moderation(rooms, records, keeps, clock),
                answers(),
                clock);
    }

    SeedRoom seedRoom() {
        return new SeedRoom("lobby", rooms, stream(), true);
    }

    ClientAnswers answers() {
        return new ClientAnswers(poster(), clock, metrics);
    }

    Sender sender(String route) {
        return sender(CONNECTION, route);
    }

    Sender sender(String connection, String route) {
        return new Sender(
                connection,
                PARTICIPANT,
                "request-1",
                route,
                "voice.example",
                "prod",
                clock.millis() - 60_000,
                clock.millis() - 3,
                0);
    }

    /** A client of the original protocol. */
    Sender seed(String route) {
        Sender sender = sender(route);
        return new Sender(
                sender.connection(),
                "seed-" + sender.connection(),
                sender.requestId(),
                route,
                sender.domainName(),
                sender.stage(),
                sender.connectedAtMs(),
                sender.arrivalTimeMs(),
                0);
    }

    /** The connection, and it in that room. */
    FakeSystem joined(String room, Permissions permissions) {
        connected();
        members.put(
                room + CONNECTION, new Member(PARTICIPANT, CONNECTION, "Ann", permissions, ++version, Long.MAX_VALUE));
        return this;
    }

    /** In that room, and muted there. */
    FakeSystem muted(String room, Permissions grant) {
        connected();
        Permissions left = grant.toBuilder().setSpeak(false).build();
        members.put(
                room + CONNECTION,
                new Member(PARTICIPANT, CONNECTION, "Ann", left, grant, "", ++version, Long.MAX_VALUE));
        return this;
    }

    FakeSystem connected() {
        connections.put(CONNECTION, new Connection(CONNECTION, PARTICIPANT, 1, Long.MAX_VALUE, Set.of()));
        return this;
    }

    private <T> CompletionStage<T> answer(String port, T value) {
        calls.add(port);
        if (away.contains(port)) {
            return CompletableFuture.failedFuture(new ParleyException(ErrorCode.UNAVAILABLE, port + " is away"));
        }
        return CompletableFuture.completedFuture(value);
    }

    VoiceStream stream() {
        return record -> {
            CompletionStage<Void> put = answer("stream", null);
            if (!away.contains("stream")) {
                records.add(record);
            }
            return streamGate.thenCompose(open -> put);
        };
    }

    DataKeys keys() {
        return new DataKeys() {
            @Override
            public CompletionStage<DataKey> current() {
                CompletionStage<DataKey> key = answer("keys", new DataKey(new byte[32], new byte[] {1}));
                return keyGate.thenCompose(open -> key);
            }

            @Override
            public CompletionStage<byte[]> unwrap(byte[] wrapped) {
                throw new UnsupportedOperationException();
            }
        };
    }

    ObjectStore objectStore() {
        return new ObjectStore() {
            @Override
            public CompletionStage<Void> put(String key, byte[] bytes) {
                CompletionStage<Void> put = answer("objects", null);
                if (!away.contains("objects")) {
                    objects.put(key, bytes);
                }
                return put;
            }

            @Override
            public CompletionStage<Boolean> putIfAbsent(String key, byte[] bytes) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletionStage<byte[]> get(String key) {
                throw new UnsupportedOperationException();
            }

            @Override
            public CompletionStage<List<String>> list(String prefix) {
                throw new UnsupportedOperationException();
            }
        };
    }

    EventPublisher publisher() {
        return published -> {
            CompletionStage<Integer> answer = answer("events", refusedEvents);
            if (!away.contains("events")) {
                events.addAll(published);
            }
            return answer;
        };
    }

    ConnectionPoster poster() {
        return new ConnectionPoster() {
            @Override
            public CompletionStage<Outcome> post(String connection, byte[] text) {
                calls.add("poster");
                if (away.contains("poster")) {
                    return CompletableFuture.completedFuture(Outcome.FAILED);
                }
                try {
                    posts.add(new ObjectMapper().readTree(text));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
                return CompletableFuture.completedFuture(Outcome.POSTED);
            }

            @Override
            public CompletionStage<Outcome> close(String connection) {
                calls.add("close");
                if (away.contains("poster")) {
                    return CompletableFuture.completedFuture(Outcome.FAILED);
                }
                closed.add(connection);
                return CompletableFuture.completedFuture(Outcome.POSTED);
            }
        };
    }

    ConnectionEnd connectionEnd() {
        return new ConnectionEnd(new Departure(registry(), stream(), clock), poster(), clock);
    }

    /** Suspends for ten minutes whoever floods. */
    FloodGate floodGate(int messagesPerSecond) {
        return floodGate(messagesPerSecond, Duration.ofMinutes(10));
    }

    FloodGate floodGate(int messagesPerSecond, Duration suspendedFor) {
        return new FloodGate(
                new MessageRate(messagesPerSecond),
                new Suspend(users, users, connectionEnd()),
                suspendedFor,
                clock,
                metrics);
    }

    ConnectionRegistry registry() {
        return new ConnectionRegistry() {
            @Override
            public void connect(Connection connection) {
                failIfAway();
                connections.put(connection.id(), connection);
            }

            @Override
            public Optional<Connection> forget(String connection) {
                failIfAway();
                return Optional.ofNullable(connections.remove(connection));
            }

            @Override
            public Optional<Connection> connection(String connection) {
                return Optional.ofNullable(connections.get(connection));
            }

            @Override
            public OptionalLong leave(String room, String participant, String connection) {
                failIfAway();
                return members.remove(room + connection) == null ? OptionalLong.empty() : OptionalLong.of(++version);
            }

            @Override
            public List<Member> members(String room) {
                throw new UnsupportedOperationException();
            }
        };
    }

    void failIfAway() {
        if (away.contains("registry")) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, "the table is away");
        }
    }
}
