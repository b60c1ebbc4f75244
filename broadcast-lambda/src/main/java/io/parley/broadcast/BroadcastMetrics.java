package io.parley.broadcast;

import io.parley.core.metric.EmbeddedMetrics;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/** What the fanOut counts, since it was made, and tells CloudWatch through {@link EmbeddedMetrics}. Thread safe. */
public final class BroadcastMetrics {

    /** A counter, by its name in CloudWatch. */
    public enum Counter {
        REQUESTS("broadcastRequests"),
        EXPIRED_REQUESTS("broadcastRequestsExpired"),
        TICKS("broadcastTicks"),
        POSTED("postsDelivered"),
        GONE("postsGone"),
        RETRIED("postsRetried"),
        /** Of these, and of those that were tried again in vain: the gateway said 429. */
        THROTTLED("postsThrottled"),
        DROPPED("postsDropped"),
        TOO_LARGE("postsTooLarge"),
        ROSTER_READS("rosterReads"),
        ROSTER_READS_FAILED("rosterReadsFailed"),
        /** Ticks' rosters that were older than they should be, because they could not be read again. */
        ROSTERS_STALE("rostersStale"),
        DEPARTURES("goneConnectionsLeft"),
        DEPARTURES_FAILED("goneConnectionsLeaveFailed");

        private final String metricName;

        Counter(String metricName) {
            this.metricName = metricName;
        }

        public String metricName() {
            return metricName;
        }
    }

    private final EmbeddedMetrics embedded;
    private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);

    /** @param function the Lambda's name */
    public BroadcastMetrics(String function, Clock clock, Consumer<String> sink) {
        embedded = new EmbeddedMetrics(function, clock, sink);
        for (Counter counter : Counter.values()) {
            LongAdder adder = new LongAdder();
            counters.put(counter, adder);
            embedded.counter(counter.metricName(), adder::sum);
        }
    }

    void add(Counter counter, long count) {
        counters.get(counter).add(count);
    }

    public long count(Counter counter) {
        return counters.get(counter).sum();
    }

    /** Reports if it is time to. */
    void report() {
        embedded.report();
    }
}
