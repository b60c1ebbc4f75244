package io.parley.client;

import java.util.concurrent.CompletableFuture;

/** A room that the application wants to be in, and how far that has come. Belongs to the loop. */
final class Room {

    final String id;
    final String displayName;
    final RoomReceiver receiver;
    final CompletableFuture<JoinedRoom> joining = new CompletableFuture<>();
    /** The room that is left for this one, until it is; null if none. */
    Room from;

    boolean joined;
    int attempts;
    /** The id of the join that waits for its answer; null if none. */
    String messageId;

    EventLoop.Timer timer = () -> {};

    Membership membership = Membership.NONE;
    long grantUntilMs;
    boolean renewedInVain;
    int renewalFailures;
    EventLoop.Timer renewal = () -> {};

    Room(String id, String displayName, RoomReceiver receiver) {
        this.id = id;
        this.displayName = displayName;
        this.receiver = receiver;
    }

    void cancelTimers() {
        timer.cancel();
        renewal.cancel();
    }

    /** Whatever was joined is not any more. */
    void reset() {
        cancelTimers();
        joined = false;
        attempts = 0;
        messageId = null;
        membership = Membership.NONE;
        grantUntilMs = 0;
        renewedInVain = false;
        renewalFailures = 0;
    }
}
