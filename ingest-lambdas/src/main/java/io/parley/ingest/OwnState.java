package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.RoomRegistry;
import io.parley.core.room.OwnChoice;
import io.parley.core.wire.Control;
import java.util.Objects;

/** What participants choose for themselves: to be silent, to hear nothing, whom not to hear. Thread safe; blocks. */
final class OwnState {

    private final RoomRegistry rooms;
    private final RoomRecords records;

    OwnState(RoomRegistry rooms, RoomRecords records) {
        this.rooms = Objects.requireNonNull(rooms);
        this.records = Objects.requireNonNull(records);
    }

    void choose(ClientRequest request, OwnChoice choice, boolean on) {
        rooms.choose(request.room(), request.actor(), choice, on)
                .ifPresent(change -> records.control(
                        request,
                        change,
                        Control.newBuilder()
                                .setKind(Control.Kind.PRESENCE)
                                .setParticipant(request.sender().participant())
                                .setPermissions(change.permissions())
                                .setPresence(change.presence())));
    }

    /** Nobody else is told, the job neither: the client leaves out the other one's voice and texts. */
    void block(ClientRequest request, boolean on) {
        String participant = request.message().requireParticipant();
        if (participant.equals(request.sender().participant())) {
            throw new ParleyException(ErrorCode.NOT_ALLOWED, "nobody blocks themselves");
        }
        rooms.block(request.room(), request.actor(), participant, on);
    }
}
