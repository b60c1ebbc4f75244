package io.parley.client;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/** How long to wait before an attempt: doubling up to a limit, of which between a half and the whole, by chance. */
final class Backoff {

    private final long minMs;
    private final long maxMs;
    private final DoubleSupplier random;

    /** @param random gives numbers within [0, 1) */
    Backoff(Duration min, Duration max, DoubleSupplier random) {
        this.minMs = min.toMillis();
        this.maxMs = max.toMillis();
        this.random = random;
    }

    /** @param failures how many attempts have failed in a row, at least 1 */
    long delayMs(int failures) {
        int doublings = Math.min(failures - 1, 30);
        long wholeMs = Math.min(maxMs, minMs << doublings);
        return wholeMs / 2 + (long) (random.getAsDouble() * (wholeMs - wholeMs / 2));
    }
}
