package io.parley.core.room;

import io.parley.core.wire.Permissions;
import java.util.Objects;

/** One connection of a participant in a room. Immutable. */
public final class Member {

    private final String participant;
    private final String connection;
    private final String displayName;
    private final Permissions permissions;
    private final Permissions grant;
    private final String client;
    private final long controlVersion;
    private final long expiresAtMs;

    /** A client of the protocol that may do all that it was granted. */
    public Member(
            String participant,
            String connection,
            String displayName,
            Permissions permissions,
            long controlVersion,
            long expiresAtMs) {
        this(participant, connection, displayName, permissions, permissions, "", controlVersion, expiresAtMs);
    }

    public Member(
            String participant,
            String connection,
            String displayName,
            Permissions permissions,
            Permissions grant,
            String client,
            long controlVersion,
            long expiresAtMs) {
        this.participant = Objects.requireNonNull(participant, "participant");
        this.connection = Objects.requireNonNull(connection, "connection");
        this.displayName = Objects.requireNonNull(displayName, "displayName");
        this.permissions = Objects.requireNonNull(permissions, "permissions");
        this.grant = Objects.requireNonNull(grant, "grant");
        this.client = Objects.requireNonNull(client, "client");
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

    /** What it may do now: by its grant, by who has muted it, and by what it chose itself. */
    public Permissions permissions() {
        return permissions;
    }

    /** What it was granted, whoever has muted it since. */
    public Permissions grant() {
        return grant;
    }

    /** Empty for a client of the protocol {@code parley.v1}. */
    public String client() {
        return client;
    }

    /** The room's controlVersion at the last change of this member; 0 before the first. */
    public long controlVersion() {
        return controlVersion;
    }

    /** When its grant or its connection ends, whichever comes first. */
    public long expiresAtMs() {
        return expiresAtMs;
    }

    public Member withPermissions(Permissions newPermissions) {
        return new Member(
                participant, connection, displayName, newPermissions, grant, client, controlVersion, expiresAtMs);
    }
}
