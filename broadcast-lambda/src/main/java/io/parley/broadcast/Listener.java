package io.parley.broadcast;

import io.parley.core.room.SeedParticipant;
import java.util.Objects;

/**
 * A connection that may hear a room, and whose it is.
 *
 * @param expiresAtMs when its membership has ended for certain
 */
record Listener(String connection, String participant, long expiresAtMs) {

    Listener {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(participant, "participant");
    }

    /** Whether it speaks the original protocol. */
    boolean isSeed() {
        return SeedParticipant.is(participant);
    }
}
