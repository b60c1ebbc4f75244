package io.parley.ingest;

import java.time.Duration;

/** How long a connection can last: "Amazon API Gateway quotas", WebSocket connection duration, two hours. */
final class ConnectionLimits {

    private static final long MAX_MS = Duration.ofHours(2).toMillis();
    private static final long RECONNECT_EARLY_MS = Duration.ofMinutes(5).toMillis();
    private static final long EXPIRY_SLACK_MS = Duration.ofMinutes(10).toMillis();

    private ConnectionLimits() {}

    /** When a client should have opened the next connection. */
    static long reconnectBeforeMs(long connectedAtMs) {
        return connectedAtMs + MAX_MS - RECONNECT_EARLY_MS;
    }

    /** When the connection is gone for certain, though nobody said so. */
    static long expiresAtMs(long connectedAtMs) {
        return connectedAtMs + MAX_MS + EXPIRY_SLACK_MS;
    }
}
