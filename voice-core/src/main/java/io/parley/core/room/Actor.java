package io.parley.core.room;

import java.util.Objects;
import java.util.OptionalLong;

/**
 * Who asks for a change of a room: a connection of a participant, with the number of its message if it has one. Of two
 * changes of one kind about one subject by one connection the higher number holds, in whichever order they are made.
 */
public final class Actor {

    private final String participant;
    private final String connection;
    private final OptionalLong number;

    public Actor(String participant, String connection, OptionalLong number) {
        this.participant = Objects.requireNonNull(participant, "participant");
        this.connection = Objects.requireNonNull(connection, "connection");
        this.number = Objects.requireNonNull(number, "number");
    }

    public String participant() {
        return participant;
    }

    public String connection() {
        return connection;
    }

    public OptionalLong number() {
        return number;
    }
}
