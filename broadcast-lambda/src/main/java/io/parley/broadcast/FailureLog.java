package io.parley.broadcast;

import java.time.Clock;
import java.util.function.Consumer;

/**
 * Turns a burst of failures into one line: the first is written at once, those that follow within ten seconds are
 * counted, and the first one after that says how many they were. Thread safe.
 */
final class FailureLog {

    static final long BURST_MS = 10_000;

    private final Clock clock;
    private final Consumer<String> log;
    private long burstStartMs; // guarded by this
    private long silenced; // guarded by this
    private boolean begun; // guarded by this

    FailureLog(Clock clock, Consumer<String> log) {
        this.clock = clock;
        this.log = log;
    }

    void failed(String what) {
        String line;
        synchronized (this) {
            long nowMs = clock.millis();
            if (begun && nowMs - burstStartMs < BURST_MS) {
                silenced++;
                return;
            }
            line = silenced == 0 ? what : what + " (and " + silenced + " failures before)";
            begun = true;
            burstStartMs = nowMs;
            silenced = 0;
        }
        log.accept(line);
    }
}
