package io.parley.core.error;

import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * One line for a burst of failures: the first is logged at once, later ones of the same ten seconds are counted, and the
 * next line says how many they were. Thread safe.
 */
public final class FailureLog {

    public static final long BURST_MS = 10_000;

    private final LongSupplier nowMs;
    private final BiConsumer<String, Throwable> log;
    private boolean begun; // guarded by this
    private long begunAtMs; // guarded by this
    private long silenced; // guarded by this

    /**
     * @param nowMs the wall clock
     * @param log takes a line and the cause of what it says, which may be null; called on the thread of the failure
     */
    public FailureLog(LongSupplier nowMs, BiConsumer<String, Throwable> log) {
        this.nowMs = Objects.requireNonNull(nowMs);
        this.log = Objects.requireNonNull(log);
    }

    /** For a log that wants the cause's name and message behind what failed, and no stack trace. */
    public static FailureLog ofLines(LongSupplier nowMs, Consumer<String> log) {
        return new FailureLog(nowMs, (line, cause) -> log.accept(cause == null ? line : line + ": " + cause));
    }

    public void failed(String what) {
        failed(what, null);
    }

    /** @param cause may be null */
    public void failed(String what, Throwable cause) {
        String line;
        synchronized (this) {
            long atMs = nowMs.getAsLong();
            if (begun && atMs - begunAtMs < BURST_MS) {
                silenced++;
                return;
            }
            line = silenced == 0 ? what : what + " (and " + silenced + " times since the last line)";
            begun = true;
            begunAtMs = atMs;
            silenced = 0;
        }
        log.accept(line, cause);
    }
}
