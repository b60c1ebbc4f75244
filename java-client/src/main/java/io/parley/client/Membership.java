package io.parley.client;

import java.util.Set;

/** What the server gave with a join that it accepted: what it takes to go on with it. Immutable. */
final class Membership {

    static final Membership NONE = new Membership(null, null, 0, null);

    /** The connection's id, or null from a server that does not tell. */
    final String connection;
    /** The secret with which another connection may take this one's place, or null. */
    final String resume;
    /** When it ends unless it is renewed, in ms since the epoch; 0 if that is not said. */
    final long grantUntilMs;
    /** Whom this user has blocked, or null where that is not said. */
    final Set<String> blocked;

    Membership(String connection, String resume, long grantUntilMs, Set<String> blocked) {
        this.connection = connection;
        this.resume = resume;
        this.grantUntilMs = grantUntilMs;
        this.blocked = blocked;
    }

    boolean canBeReplaced() {
        return connection != null && resume != null;
    }
}
