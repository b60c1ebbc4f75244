package io.parley.broadcast;

import java.util.Objects;

/** A connection that may hear a room, and whose it is. */
record Listener(String connection, String participant) {

    Listener {
        Objects.requireNonNull(connection, "connection");
        Objects.requireNonNull(participant, "participant");
    }
}
