package io.parley.core.pace;

import java.util.Map;

/**
 * Lets something happen some times a second for each connection, counted from the first of them. Remembers the last
 * 10,000 connections; one that was forgotten may go again early. Thread safe.
 */
public final class ConnectionPace {

    public static final long PERIOD_MS = 1_000;
    private static final int MAX_CONNECTIONS = 10_000;

    private final int timesAPeriod;

    // Guarded by this.
    private final Map<String, Period> periods = new Recent<>(MAX_CONNECTIONS);

    private static final class Period {
        private final long beganAtMs;
        private int taken = 1;

        private Period(long beganAtMs) {
            this.beganAtMs = beganAtMs;
        }
    }

    /** Once a second. */
    public ConnectionPace() {
        this(1);
    }

    public ConnectionPace(int timesASecond) {
        this.timesAPeriod = timesASecond;
    }

    public synchronized boolean tryTake(String connection, long nowMs) {
        Period last = periods.get(connection);
        if (last != null && nowMs - last.beganAtMs < PERIOD_MS) {
            return ++last.taken <= timesAPeriod;
        }
        periods.put(connection, new Period(nowMs));
        return true;
    }
}
