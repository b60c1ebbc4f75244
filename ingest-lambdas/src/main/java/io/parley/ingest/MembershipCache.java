package io.parley.ingest;

import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Member;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Who is in which room, read from the registry at most a second ago. That somebody is not in a room is never
 * remembered, so that who has just joined is heard. Holds the 10,000 last read. Thread safe; blocks for a read.
 */
final class MembershipCache {

    static final long MAX_AGE_MS = 1_000;
    private static final int MAX_MEMBERS = 10_000;

    private final ConnectionRegistry registry;
    private final Clock clock;
    private final IngestMetrics metrics;

    // Guarded by this. Ordered by the time of the read.
    private final Map<Key, Read> reads = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, Read> eldest) {
            return size() > MAX_MEMBERS;
        }
    };

    MembershipCache(ConnectionRegistry registry, Clock clock, IngestMetrics metrics) {
        this.registry = Objects.requireNonNull(registry);
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
    }

    /** The member, or null if it is not in the room. */
    Member find(String room, String participant, String connection) {
        Key key = new Key(room, participant, connection);
        long nowMs = clock.millis();
        synchronized (this) {
            Read read = reads.get(key);
            if (read != null && nowMs - read.atMs < MAX_AGE_MS) {
                return read.member;
            }
        }
        // Outside the lock: others need not wait for this read. Its age counts from before it.
        metrics.add(Counter.MEMBERSHIP_READS, 1);
        Member member = registry.member(room, participant, connection).orElse(null);
        synchronized (this) {
            reads.remove(key);
            if (member != null) {
                reads.put(key, new Read(member, nowMs));
            }
        }
        return member;
    }

    private record Key(String room, String participant, String connection) {}

    private record Read(Member member, long atMs) {}
}
