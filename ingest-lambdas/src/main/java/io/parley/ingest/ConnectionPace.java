package io.parley.ingest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets something happen some times a second for each connection, counted from the first of them. Remembers the last
 * 10,000 connections; one that was forgotten may go again early. Thread safe.
 */
final class ConnectionPace {

    static final long PERIOD_MS = 1_000;
    private static final int MAX_CONNECTIONS = 10_000;

    private final int timesAPeriod;

    // Guarded by this. Ordered by the beginning of the period.
    private final Map<String, Period> periods = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Period> eldest) {
            return size() > MAX_CONNECTIONS;
        }
    };

    private static final class Period {
        private final long beganAtMs;
        private int taken = 1;

        private Period(long beganAtMs) {
            this.beganAtMs = beganAtMs;
        }
    }

    /** Once a second. */
    ConnectionPace() {
        this(1);
    }

    ConnectionPace(int timesASecond) {
        this.timesAPeriod = timesASecond;
    }

    synchronized boolean tryTake(String connection, long nowMs) {
        Period last = periods.get(connection);
        if (last != null && nowMs - last.beganAtMs < PERIOD_MS) {
            return ++last.taken <= timesAPeriod;
        }
        periods.remove(connection);
        periods.put(connection, new Period(nowMs));
        return true;
    }
}
