package io.parley.ingest;

import io.parley.core.pace.Recent;
import io.parley.core.port.RoomRegistry;
import io.parley.core.room.Membership;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;

/**
 * Who is in which room, and how the room is, read from the registry at most a second ago. That somebody is not in a room is never
 * remembered, so that who has just joined is heard. Holds the 10,000 last read. Thread safe; blocks for a read.
 */
final class MembershipCache {

    static final long MAX_AGE_MS = 1_000;
    private static final int MAX_MEMBERS = 10_000;

    private final RoomRegistry rooms;
    private final Clock clock;
    private final IngestMetrics metrics;

    // Guarded by this. Ordered by the time of the read.
    private final Map<Key, Read> reads = new Recent<>(MAX_MEMBERS);

    MembershipCache(RoomRegistry rooms, Clock clock, IngestMetrics metrics) {
        this.rooms = Objects.requireNonNull(rooms);
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
    }

    /** The membership, or null if the connection is not in the room. */
    Membership find(String room, String participant, String connection) {
        Key key = new Key(room, participant, connection);
        long nowMs = clock.millis();
        synchronized (this) {
            Read read = reads.get(key);
            if (read != null && nowMs - read.atMs < MAX_AGE_MS) {
                return read.membership;
            }
        }
        // Outside the lock: others need not wait for this read. Its age counts from before it.
        metrics.add(Counter.MEMBERSHIP_READS, 1);
        Membership membership = rooms.membership(room, participant, connection).orElse(null);
        synchronized (this) {
            reads.remove(key);
            if (membership != null) {
                reads.put(key, new Read(membership, nowMs));
            }
        }
        return membership;
    }

    private record Key(String room, String participant, String connection) {}

    private record Read(Membership membership, long atMs) {}
}
