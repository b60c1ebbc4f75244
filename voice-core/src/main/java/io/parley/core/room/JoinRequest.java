package io.parley.core.room;

import java.util.Objects;

/**
 * A connection that wants to be in a room. Immutable.
 *
 * <p>It comes with a grant, or in the place of another connection of the same participant that is in the room and whose
 * secret it knows: then the grant may be that one's, and neither the lock nor the cap of members applies.
 */
public final class JoinRequest {

    private final String participant;
    private final String connection;
    private final long connectionExpiresAtMs;
    private final String displayName;
    private final String resumeHash;
    private RoomGrant grant;
    private String replaces;
    private String replacesHash;
    private String leaves;
    private String client = "";

    /** @param resumeHash of the secret with which another connection may replace this one */
    public JoinRequest(
            String participant, String connection, long connectionExpiresAtMs, String displayName, String resumeHash) {
        this.participant = Objects.requireNonNull(participant, "participant");
        this.connection = Objects.requireNonNull(connection, "connection");
        this.connectionExpiresAtMs = connectionExpiresAtMs;
        this.displayName = Objects.requireNonNull(displayName, "displayName");
        this.resumeHash = Objects.requireNonNull(resumeHash, "resumeHash");
    }

    private JoinRequest(JoinRequest other) {
        this(other.participant, other.connection, other.connectionExpiresAtMs, other.displayName, other.resumeHash);
        grant = other.grant;
        replaces = other.replaces;
        replacesHash = other.replacesHash;
        leaves = other.leaves;
        client = other.client;
    }

    public JoinRequest withGrant(RoomGrant newGrant) {
        JoinRequest request = new JoinRequest(this);
        request.grant = newGrant;
        return request;
    }

    /** @param hash of the other connection's secret, as the caller knows it */
    public JoinRequest inPlaceOf(String other, String hash) {
        JoinRequest request = new JoinRequest(this);
        request.replaces = Objects.requireNonNull(other, "other");
        request.replacesHash = Objects.requireNonNull(hash, "hash");
        return request;
    }

    /** The connection leaves that room right after, which therefore does not count against the cap of rooms. */
    public JoinRequest leaving(String room) {
        JoinRequest request = new JoinRequest(this);
        request.leaves = room;
        return request;
    }

    /** What kind of client it is, where that is not one of the protocol {@code parley.v1}. */
    public JoinRequest client(String kind) {
        JoinRequest request = new JoinRequest(this);
        request.client = Objects.requireNonNull(kind, "kind");
        return request;
    }

    public String participant() {
        return participant;
    }

    public String connection() {
        return connection;
    }

    public long connectionExpiresAtMs() {
        return connectionExpiresAtMs;
    }

    public String displayName() {
        return displayName;
    }

    public String resumeHash() {
        return resumeHash;
    }

    /** Null where it is that of the replaced connection. */
    public RoomGrant grant() {
        return grant;
    }

    /** Null where it replaces none. */
    public String replaces() {
        return replaces;
    }

    public String replacesHash() {
        return replacesHash;
    }

    /** Null where it leaves none. */
    public String leaves() {
        return leaves;
    }

    /** Empty for a client of the protocol {@code parley.v1}. */
    public String client() {
        return client;
    }
}
