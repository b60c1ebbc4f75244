package io.parley.ingest;

import java.time.Clock;
import java.util.function.Consumer;

/**
 * One line for a burst of failures: the first is logged at once, later ones of the same ten seconds are counted, and the
 * next line says how many they were. Thread safe.
 */
final class FailureLog {

    static final long BURST_MS = 10_000;

    private final Consumer<String> log;
    private final Clock clock;
    private boolean begun; // guarded by this
    private long begunAtMs; // guarded by this
    private long silenced; // guarded by this

    FailureLog(Consumer<String> log, Clock clock) {
        this.log = log;
        this.clock = clock;
    }

    void failed(String what, Throwable cause) {
        String line;
        synchronized (this) {
            long nowMs = clock.millis();
            if (begun && nowMs - begunAtMs < BURST_MS) {
                silenced++;
                return;
            }
            line = what + (silenced == 0 ? ": " : " (and " + silenced + " times since the last line): ") + cause;
            begun = true;
            begunAtMs = nowMs;
            silenced = 0;
        }
        log.accept(line);
    }
}
