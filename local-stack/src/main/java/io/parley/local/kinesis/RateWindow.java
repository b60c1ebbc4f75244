package io.parley.local.kinesis;

/**
 * A limit of so much a second, counted in windows of one second that begin with the first use.
 *
 * <p>AWS names the limits but not how it measures them; windows let through up to twice the limit around their edge.
 * Not safe for threads: whoever owns it guards it.
 */
final class RateWindow {

    private static final long WINDOW_MS = 1_000;

    private final long limit;
    private long startMs = Long.MIN_VALUE;
    private long used;

    RateWindow(long limitPerSecond) {
        this.limit = limitPerSecond;
    }

    /** Whether that much fits at that time; takes nothing. */
    boolean has(long amount, long nowMs) {
        move(nowMs);
        return used + amount <= limit;
    }

    /** Takes that much, also past the limit: the debt is worked off by the following windows. */
    void take(long amount, long nowMs) {
        move(nowMs);
        used += amount;
    }

    /** Milliseconds until one more unit fits; 0 where it does now. */
    long waitMs(long nowMs) {
        move(nowMs);
        return used < limit ? 0 : startMs + WINDOW_MS * (used / limit) - nowMs;
    }

    private void move(long nowMs) {
        if (startMs == Long.MIN_VALUE) {
            startMs = nowMs;
        }
        long passed = (nowMs - startMs) / WINDOW_MS;
        if (passed <= 0) {
            return;
        }
        if (used <= limit) {
            used = 0;
            startMs = nowMs;
            return;
        }
        long worked = Math.min(passed, used / limit + 1);
        used = Math.max(0, used - worked * limit);
        startMs = used == 0 ? nowMs : startMs + worked * WINDOW_MS;
    }
}
