package io.parley.ingest;

import io.parley.core.pace.Recent;
import io.parley.core.port.RoomRegistry;
import io.parley.core.room.Membership;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Who is in which room, and how the room is, read from the registry at most a second ago. That somebody is not in a room is never
 * remembered, so that who has just joined is heard. Holds the 10,000 last read. Thread safe; blocks for a read.
 */
final class MembershipCache {

    static final long MAX_AGE_MS = 1_000;
    /** At ten chunks a second two of them find a read that old before it is too old. */
    static final long REFRESH_AGE_MS = 800;

    private static final int MAX_MEMBERS = 10_000;

    private static final Logger LOG = LoggerFactory.getLogger(MembershipCache.class);

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
        return read(key, nowMs);
    }

    /**
     * Reads again what will soon be too old to be used; for whoever has to wait for something else just then, so that the next
     * chunk need not wait for this. A read that fails is left to whoever needs it.
     */
    void refresh(String room, String participant, String connection) {
        Key key = new Key(room, participant, connection);
        long nowMs = clock.millis();
        synchronized (this) {
            Read read = reads.get(key);
            if (read == null || nowMs - read.atMs < REFRESH_AGE_MS) {
                return;
            }
        }
        try {
            read(key, nowMs);
        } catch (RuntimeException e) {
            LOG.debug("a membership could not be read ahead of need", e);
        }
    }

    /** Outside the lock: others need not wait for this read. Its age counts from before it. */
    private Membership read(Key key, long nowMs) {
        metrics.add(Counter.MEMBERSHIP_READS, 1);
        Membership membership =
                rooms.membership(key.room, key.participant, key.connection).orElse(null);
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
