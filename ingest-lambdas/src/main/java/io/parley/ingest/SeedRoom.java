package io.parley.ingest;

import io.parley.core.port.RoomRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.room.Admitted;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.RoomGrant;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import java.util.Objects;

/**
 * The one room of the clients of the original protocol, which know of no rooms and so cannot ask for one. They may
 * speak and listen there. Thread safe; blocking.
 */
final class SeedRoom {

    private static final RoomGrant SPEAK_AND_LISTEN =
            RoomGrant.of(Permissions.newBuilder().setSpeak(true).setListen(true).build(), 0);
    /** No secret has it, so that no connection ever replaces another. */
    private static final String NO_RESUME_HASH = "none";

    private final String id;
    private final RoomRegistry rooms;
    private final VoiceStream stream;
    private final boolean keeps;

    /** @param keeps whether the deployment keeps anything of what is said */
    SeedRoom(String id, RoomRegistry rooms, VoiceStream stream, boolean keeps) {
        this.id = Objects.requireNonNull(id);
        this.rooms = Objects.requireNonNull(rooms);
        this.stream = Objects.requireNonNull(stream);
        this.keeps = keeps;
    }

    String id() {
        return id;
    }

    /** Lets the sender in. Throws as {@link RoomRegistry#join}. */
    void join(Sender sender) {
        write(sender, sender.participant());
    }

    /** Gives the sender a name, unless it has left the room or has one. Throws as {@link RoomRegistry#join}. */
    void name(Sender sender, String name) {
        boolean nameless = rooms.membership(id, sender.participant(), sender.connection())
                .filter(membership -> membership.member().displayName().equals(sender.participant()))
                .isPresent();
        if (nameless) {
            write(sender, name);
        }
    }

    private void write(Sender sender, String name) {
        Admitted admitted = rooms.join(
                id,
                new JoinRequest(
                                sender.participant(),
                                sender.connection(),
                                ConnectionLimits.expiresAtMs(sender.connectedAtMs()),
                                name,
                                NO_RESUME_HASH)
                        .withGrant(SPEAK_AND_LISTEN)
                        .client(Sender.SEED));
        StreamRecord record = StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.CONTROL)
                .setRoom(id)
                .setParticipant(sender.participant())
                .setConnection(sender.connection())
                .setRequestId(sender.requestId())
                .setArrivalTimeMs(sender.arrivalTimeMs())
                .setControlVersion(admitted.member().controlVersion())
                .setControl(Joining.control(admitted, sender, keeps))
                .build();
        stream.put(record).toCompletableFuture().join();
    }
}
