package io.parley.local.gateway;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What the gateway has counted since its start; read from any thread. */
public final class GatewayMetrics {

    /** Names as they are shown; units in the name. */
    public enum Counter {
        CONNECTIONS_OPENED,
        CONNECTIONS_CLOSED,
        REQUESTS_REFUSED,
        MESSAGES_IN,
        BYTES_IN,
        MESSAGES_THROTTLED,
        MESSAGES_WITHOUT_ROUTE,
        MESSAGES_LOST_BY_IMPAIRMENT,
        MESSAGES_DOUBLED_BY_IMPAIRMENT,
        FUNCTION_ERRORS,
        DISCONNECTS_DROPPED,
        POSTS_SENT,
        BYTES_OUT,
        POSTS_GONE,
        POSTS_LIMITED,
        POSTS_TOO_LARGE
    }

    private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);

    public GatewayMetrics() {
        for (Counter counter : Counter.values()) {
            counters.put(counter, new LongAdder());
        }
    }

    void count(Counter counter) {
        counters.get(counter).increment();
    }

    void add(Counter counter, long amount) {
        counters.get(counter).add(amount);
    }

    public long value(Counter counter) {
        return counters.get(counter).sum();
    }

    /** Connections open now. */
    public long open() {
        return value(Counter.CONNECTIONS_OPENED) - value(Counter.CONNECTIONS_CLOSED);
    }
}
