package io.parley.core.verify;

import io.parley.core.wire.LogFrame.Disposition;
import java.util.EnumMap;
import java.util.Map;

/** What was counted in a tick log, of one room or of several. Not thread safe. */
public final class LogCounts {

    private long epochs;
    private long segments;
    private long ticks;
    private long played;
    private long lost;
    private final Map<Disposition, Long> notPlayed = new EnumMap<>(Disposition.class);
    private long firstMs = Long.MAX_VALUE;
    private long lastMs = Long.MIN_VALUE;

    /** Adds what another one has counted. */
    public void add(LogCounts other) {
        epochs += other.epochs;
        segments += other.segments;
        ticks += other.ticks;
        played += other.played;
        lost += other.lost;
        other.notPlayed.forEach((disposition, count) -> notPlayed.merge(disposition, count, Long::sum));
        firstMs = Math.min(firstMs, other.firstMs);
        lastMs = Math.max(lastMs, other.lastMs);
    }

    void epoch() {
        epochs++;
    }

    void segment() {
        segments++;
    }

    void tick(long closeTimeMs) {
        ticks++;
        firstMs = Math.min(firstMs, closeTimeMs);
        lastMs = Math.max(lastMs, closeTimeMs);
    }

    void played() {
        played++;
    }

    void lost(long count) {
        lost += count;
    }

    void notPlayed(Disposition disposition) {
        notPlayed.merge(disposition, 1L, Long::sum);
    }

    public long epochs() {
        return epochs;
    }

    public long segments() {
        return segments;
    }

    /** Each once, also where it is in two segments. */
    public long ticks() {
        return ticks;
    }

    /** Frames that were offered to listeners. */
    public long framesPlayed() {
        return played;
    }

    /** Frames that were declared lost. */
    public long framesLost() {
        return lost;
    }

    /** Frames that came and were not played, by the reason. */
    public Map<Disposition, Long> framesNotPlayed() {
        return notPlayed.isEmpty() ? Map.of() : new EnumMap<>(notPlayed);
    }

    /** When the first tick was closed, ms since the epoch; meaningless without ticks. */
    public long firstMs() {
        return firstMs;
    }

    /** When the last tick was closed, ms since the epoch; meaningless without ticks. */
    public long lastMs() {
        return lastMs;
    }
}
