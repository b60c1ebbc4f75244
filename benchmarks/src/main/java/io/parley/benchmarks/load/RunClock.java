package io.parley.benchmarks.load;

import io.parley.core.record.Micros;
import java.time.Clock;
import java.util.concurrent.TimeUnit;

/** The time since a run's beginning in µs: the wall clock's at first, then the steady one's. Immutable. */
final class RunClock {

    private final long startNanos;
    private final long startUs;

    private RunClock(long startNanos, long startUs) {
        this.startNanos = startNanos;
        this.startUs = startUs;
    }

    /** @param inMs when the run begins */
    static RunClock startingIn(int inMs, Clock clock) {
        return new RunClock(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(inMs), Micros.now(clock) + inMs * 1000L);
    }

    /** Negative before the beginning. */
    long nowUs() {
        return (System.nanoTime() - startNanos) / 1000;
    }

    /** That moment of the run in µs since the epoch. */
    long epochUs(long runUs) {
        return startUs + runUs;
    }
}
