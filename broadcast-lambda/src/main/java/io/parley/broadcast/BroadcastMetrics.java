package io.parley.broadcast;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * What the fanOut counts, since it was made. Thread safe.
 *
 * <p>{@link #report} hands what came since the report before to a sink, at most once a minute, as one line in
 * CloudWatch's embedded metric format (CloudWatch user guide, "Specification: Embedded metric format"): a line for each
 * invocation would cost more than the posts that it counts.
 */
public final class BroadcastMetrics {

    static final long REPORT_EVERY_MS = 60_000;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** A counter, by its name in CloudWatch. */
    public enum Counter {
        REQUESTS("broadcastRequests"),
        EXPIRED_REQUESTS("broadcastRequestsExpired"),
        TICKS("broadcastTicks"),
        POSTED("postsDelivered"),
        GONE("postsGone"),
        RETRIED("postsRetried"),
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

    private final Clock clock;
    private final Consumer<String> sink;
    private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
    private final Map<Counter, Long> reported = new EnumMap<>(Counter.class); // guarded by itself
    private final AtomicLong lastReportMs;

    public BroadcastMetrics(Clock clock, Consumer<String> sink) {
        this.clock = clock;
        this.sink = sink;
        lastReportMs = new AtomicLong(clock.millis());
        for (Counter counter : Counter.values()) {
            counters.put(counter, new LongAdder());
            reported.put(counter, 0L);
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
        long nowMs = clock.millis();
        long beforeMs = lastReportMs.get();
        if (nowMs - beforeMs >= REPORT_EVERY_MS && lastReportMs.compareAndSet(beforeMs, nowMs)) {
            sink.accept(line(nowMs));
        }
    }

    private String line(long nowMs) {
        ObjectNode line = JSON.createObjectNode();
        ObjectNode directive = JSON.createObjectNode().put("Namespace", "Parley");
        directive.putArray("Dimensions").addArray().add("function");
        ArrayNode metrics = directive.putArray("Metrics");
        ObjectNode aws = line.putObject("_aws").put("Timestamp", nowMs);
        aws.putArray("CloudWatchMetrics").add(directive);
        line.put("function", "broadcast");
        synchronized (reported) {
            for (Counter counter : Counter.values()) {
                long total = count(counter);
                metrics.addObject().put("Name", counter.metricName()).put("Unit", "Count");
                line.put(counter.metricName(), total - reported.put(counter, total));
            }
        }
        return line.toString();
    }
}
