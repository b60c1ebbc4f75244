package io.parley.local.ops;

import io.parley.broadcast.DeliveryObserver;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.ChunkTrace;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import io.parley.local.ops.LatencyWindow.Percentiles;
import java.time.Clock;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * Looks at what the broadcast Lambda delivers: how long each hop took, and which rooms are in use. Any thread observes,
 * and waits for nothing; one thread reads.
 */
public final class DeliveryMeter implements DeliveryObserver {

    /** Somebody who has not been heard for so long does not speak. */
    static final long SPEAKING_MS = 2_000;
    /** A room that has had no tick for so long is not in use. */
    static final long ACTIVE_MS = 10_000;

    private static final Hop[] HOPS = Hop.values();

    private final Clock clock;
    private final LatencyWindow[] hops = new LatencyWindow[HOPS.length];
    private final Map<String, Activity> rooms = new ConcurrentHashMap<>();

    public DeliveryMeter(Clock clock) {
        this.clock = clock;
        for (Hop hop : HOPS) {
            hops[hop.ordinal()] = new LatencyWindow();
        }
    }

    @Override
    public void served(RoomTicks room, int listeners, long broadcastUs, long postUs) {
        long nowMs = clock.millis();
        Activity activity = rooms.computeIfAbsent(room.getRoom(), name -> new Activity());
        activity.lastMs = nowMs;
        activity.listeners = listeners;
        activity.ticks.add(room.getTicksCount());
        for (Tick tick : room.getTicksList()) {
            LiveFrames.Runs runs = new LiveFrames.Runs(tick.getFrames());
            while (runs.next()) {
                activity.frames.add(runs.frames());
                activity.spokeMs.put(runs.stream(), nowMs);
            }
            for (ChunkTrace trace : tick.getTracesList()) {
                for (Hop hop : HOPS) {
                    long us = hop.us(trace.getTrace(), broadcastUs, postUs);
                    if (us >= 0) {
                        hops[hop.ordinal()].record(us);
                    }
                }
            }
        }
    }

    @Override
    public void answered(long tookUs) {
        hops[Hop.ANSWER.ordinal()].record(Math.max(0, tookUs));
    }

    /** Ends a second of measuring. Hops of which nothing is known are not in it. */
    Map<Hop, Percentiles> roll() {
        Map<Hop, Percentiles> percentiles = new EnumMap<>(Hop.class);
        for (Hop hop : HOPS) {
            hops[hop.ordinal()].roll().ifPresent(found -> percentiles.put(hop, found));
        }
        return percentiles;
    }

    /** The rooms in use, the busiest first; forgets the others. */
    List<RoomActivity> rooms() {
        long nowMs = clock.millis();
        rooms.values().removeIf(activity -> nowMs - activity.lastMs > ACTIVE_MS);
        return rooms.entrySet().stream()
                .map(room -> room.getValue().read(room.getKey(), nowMs))
                .sorted(Comparator.comparingInt(RoomActivity::speakers)
                        .thenComparingInt(RoomActivity::listeners)
                        .reversed()
                        .thenComparing(RoomActivity::room))
                .toList();
    }

    /**
     * A room in use.
     *
     * @param speakers speaker streams that were heard within the last two seconds
     * @param listeners connections that its latest ticks were for
     * @param ticks since it came into use
     * @param frames since it came into use
     */
    record RoomActivity(String room, int speakers, int listeners, long ticks, long frames) {}

    /** Written by threads that deliver; a value that is read a moment too old does no harm. */
    private static final class Activity {
        final LongAdder ticks = new LongAdder();
        final LongAdder frames = new LongAdder();
        /** By the stream's index in its epoch. */
        final Map<Integer, Long> spokeMs = new ConcurrentHashMap<>();

        volatile long lastMs;
        volatile int listeners;

        RoomActivity read(String room, long nowMs) {
            spokeMs.values().removeIf(spoke -> nowMs - spoke > SPEAKING_MS);
            return new RoomActivity(room, spokeMs.size(), listeners, ticks.sum(), frames.sum());
        }
    }
}
