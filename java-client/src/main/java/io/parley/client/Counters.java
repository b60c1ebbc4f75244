package io.parley.client;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** The counts of one client. Thread safe. */
final class Counters {

    private final Map<ClientCounter, LongAdder> counts = new EnumMap<>(ClientCounter.class);

    Counters() {
        for (ClientCounter counter : ClientCounter.values()) {
            counts.put(counter, new LongAdder());
        }
    }

    void add(ClientCounter counter, long count) {
        counts.get(counter).add(count);
    }

    void add(ClientCounter counter) {
        add(counter, 1);
    }

    long count(ClientCounter counter) {
        return counts.get(counter).sum();
    }
}
