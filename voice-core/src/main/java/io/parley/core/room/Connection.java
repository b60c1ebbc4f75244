package io.parley.core.room;

import java.util.Objects;
import java.util.Set;

/** One WebSocket, as the registry knows it. Immutable. */
public final class Connection {

    private final String id;
    private final String participant;
    private final long connectedAtMs;
    private final long expiresAtMs;
    private final Set<String> rooms;

    public Connection(String id, String participant, long connectedAtMs, long expiresAtMs, Set<String> rooms) {
        this.id = Objects.requireNonNull(id, "id");
        this.participant = Objects.requireNonNull(participant, "participant");
        this.connectedAtMs = connectedAtMs;
        this.expiresAtMs = expiresAtMs;
        this.rooms = Set.copyOf(rooms);
    }

    public String id() {
        return id;
    }

    public String participant() {
        return participant;
    }

    public long connectedAtMs() {
        return connectedAtMs;
    }

    /** When it is gone for certain, by the gateway's limit and some slack; what is past it is not read any more. */
    public long expiresAtMs() {
        return expiresAtMs;
    }

    public Set<String> rooms() {
        return rooms;
    }
}
