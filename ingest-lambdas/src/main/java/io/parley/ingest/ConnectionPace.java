package io.parley.ingest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Lets something happen once a second for each connection. Remembers the last 10,000 connections; one that was
 * forgotten may go again early. Thread safe.
 */
final class ConnectionPace {

    static final long PERIOD_MS = 1_000;
    private static final int MAX_CONNECTIONS = 10_000;

    // Guarded by this. Ordered by the time of the last grant.
    private final Map<String, Long> grantedAtMs = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
            return size() > MAX_CONNECTIONS;
        }
    };

    synchronized boolean tryTake(String connection, long nowMs) {
        Long last = grantedAtMs.get(connection);
        if (last != null && nowMs - last < PERIOD_MS) {
            return false;
        }
        grantedAtMs.remove(connection);
        grantedAtMs.put(connection, nowMs);
        return true;
    }
}
