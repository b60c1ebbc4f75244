package io.parley.ingest;

import io.parley.core.port.RoomRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.room.RoomChange;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import java.time.Clock;
import java.util.Objects;

/**
 * How the game takes back that somebody may be in a room. To do it again, because the stream could not be told, is
 * harmless. Thread safe; blocks.
 */
final class RoomRevocation {

    /** Who sent the record: nobody who is connected. */
    private static final String OPERATOR = "operator";

    private final RoomRegistry rooms;
    private final VoiceStream stream;
    private final Clock clock;

    RoomRevocation(RoomRegistry rooms, VoiceStream stream, Clock clock) {
        this.rooms = Objects.requireNonNull(rooms);
        this.stream = Objects.requireNonNull(stream);
        this.clock = Objects.requireNonNull(clock);
    }

    /** The participant is taken out of the room, and no ticket that it has used lets it in again. */
    void revoke(String room, String participant) {
        RoomChange change = rooms.remove(room, participant);
        StreamRecord record = StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.CONTROL)
                .setRoom(room)
                .setParticipant(OPERATOR)
                .setConnection(OPERATOR)
                .setArrivalTimeMs(clock.millis())
                .setControlVersion(change.controlVersion())
                .setControl(Control.newBuilder()
                        .setKind(Control.Kind.REVOKE)
                        .setParticipant(participant)
                        .setPermissions(Permissions.getDefaultInstance()))
                .build();
        stream.put(record).toCompletableFuture().join();
    }
}
