package io.parley.core.room;

import io.parley.core.wire.Permissions;
import java.util.Objects;

/** One connection of a participant in a room. Immutable. */
public final class Member {

    private final String participant;
    private final String connection;
    private final String displayName;
    private final Permissions permissions;
    private final long controlVersion;
    private final long expiresAtMs;

    public Member(
            String participant,
            String connection,
            String displayName,
            Permissions permissions,
            long controlVersion,
            long expiresAtMs) {
        this.participant = Objects.requireNonNull(participant, "participant");
        this.connection = Objects.requireNonNull(connection, "connection");
        this.displayName = Objects.requireNonNull(displayName, "displayName");
        this.permissions = Objects.requireNonNull(permissions, "permissions");
        this.controlVersion = controlVersion;
        this.expiresAtMs = expiresAtMs;
    }

    public String participant() {
        return participant;
    }

    public String connection() {
        return connection;
    }

    public String displayName() {
        return displayName;
    }

    public Permissions permissions() {
        return permissions;
    }

    /** The room's controlVersion at the last change of this member; 0 before the first. */
    public long controlVersion() {
        return controlVersion;
    }

    public long expiresAtMs() {
        return expiresAtMs;
    }

    public Member withControlVersion(long version) {
        return new Member(participant, connection, displayName, permissions, version, expiresAtMs);
    }
}
