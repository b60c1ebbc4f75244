package io.parley.core.room;

import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.wire.Control;
import io.parley.core.wire.StreamRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;

/**
 * How a connection leaves: the same for {@code leave}, {@code $disconnect} and HTTP 410, and harmless when it runs
 * twice. Each room that is really left gets one LEAVE record with the controlVersion of that change. Blocking.
 */
public final class Departure {

    private final ConnectionRegistry registry;
    private final VoiceStream stream;
    private final Clock clock;

    public Departure(ConnectionRegistry registry, VoiceStream stream, Clock clock) {
        this.registry = Objects.requireNonNull(registry);
        this.stream = Objects.requireNonNull(stream);
        this.clock = Objects.requireNonNull(clock);
    }

    /** The connection leaves that room; gives whether it was in it. */
    public boolean leave(String room, String participant, String connection, String reason) {
        OptionalLong version = registry.leave(room, participant, connection);
        version.ifPresent(v -> put(room, participant, connection, reason, v).join());
        return version.isPresent();
    }

    /**
     * The connection is gone: it is forgotten and leaves all its rooms.
     *
     * @param knownRoom a room that it is known to be in though the connection may be forgotten already, or null
     * @param knownParticipant whose connection it is, with {@code knownRoom}
     */
    public void disconnect(String connection, String knownRoom, String knownParticipant, String reason) {
        Optional<Connection> forgotten = registry.forget(connection);
        List<CompletableFuture<Void>> puts = new ArrayList<>();
        if (forgotten.isPresent()) {
            String participant = forgotten.get().participant();
            for (String room : forgotten.get().rooms()) {
                registry.leave(room, participant, connection)
                        .ifPresent(v -> puts.add(put(room, participant, connection, reason, v)));
            }
        }
        if (knownRoom != null
                && (forgotten.isEmpty() || !forgotten.get().rooms().contains(knownRoom))) {
            registry.leave(knownRoom, knownParticipant, connection)
                    .ifPresent(v -> puts.add(put(knownRoom, knownParticipant, connection, reason, v)));
        }
        puts.forEach(CompletableFuture::join);
    }

    private CompletableFuture<Void> put(
            String room, String participant, String connection, String reason, long version) {
        StreamRecord record = StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.CONTROL)
                .setRoom(room)
                .setParticipant(participant)
                .setConnection(connection)
                .setArrivalTimeMs(clock.millis())
                .setControlVersion(version)
                .setControl(Control.newBuilder()
                        .setKind(Control.Kind.LEAVE)
                        .setParticipant(participant)
                        .setConnection(connection)
                        .setReason(reason))
                .build();
        return stream.put(record).toCompletableFuture();
    }
}
