package io.parley.core.metric;

import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Tells CloudWatch what a process counts: {@link #report} hands what came since the report before to a sink, at first at
 * once and then at most once a minute, as one line in the embedded metric format (CloudWatch user guide, "Specification:
 * Embedded metric format"). A line for each invocation would cost more than what it counts.
 *
 * <p>What is zero is left out, since a metric is charged for the hours in which it has a value; a line without any is
 * not written. What came after the last report of a process that ends is lost. Thread safe once all is registered.
 */
public final class EmbeddedMetrics {

    public static final String NAMESPACE = "Parley";
    /** The one dimension: the Lambda's name, which tells the deployments of an account apart. */
    public static final String DIMENSION = "function";

    /** Where Lambda says what a function is called. */
    public static final String FUNCTION_NAME = "AWS_LAMBDA_FUNCTION_NAME";

    public static final long REPORT_EVERY_MS = 60_000;

    private final String function;
    private final Clock clock;
    private final Consumer<String> sink;
    private final Map<String, LongSupplier> totals = new LinkedHashMap<>();
    private final Map<String, Timings> timings = new LinkedHashMap<>();
    private final Map<String, Long> reported = new LinkedHashMap<>(); // guarded by itself
    private final AtomicLong nextReportMs = new AtomicLong();

    public EmbeddedMetrics(String function, Clock clock, Consumer<String> sink) {
        this.function = require(function, "[A-Za-z0-9_-]+");
        this.clock = clock;
        this.sink = sink;
    }

    /** A count by what it is in total since the process began. */
    public void counter(String name, LongSupplier total) {
        totals.put(requireName(name), total);
    }

    /** Milliseconds; the name should end so. */
    public Timings timings(String name) {
        return timings.computeIfAbsent(requireName(name), key -> new Timings());
    }

    private static String requireName(String name) {
        return require(name, "[A-Za-z0-9]+");
    }

    /** Names go into the line as they are. */
    private static String require(String name, String pattern) {
        if (!name.matches(pattern)) {
            throw new IllegalArgumentException("the name '" + name + "' must match " + pattern);
        }
        return name;
    }

    /** Reports if it is time to. */
    public void report() {
        long nowMs = clock.millis();
        long dueMs = nextReportMs.get();
        if (nowMs >= dueMs && nextReportMs.compareAndSet(dueMs, nowMs + REPORT_EVERY_MS)) {
            String line = line(nowMs);
            if (line != null) {
                sink.accept(line);
            }
        }
    }

    private String line(long nowMs) {
        List<String> metrics = new ArrayList<>();
        StringBuilder values = new StringBuilder();
        synchronized (reported) {
            totals.forEach((name, total) -> {
                long count = total.getAsLong();
                Long before = reported.put(name, count);
                long since = count - (before == null ? 0 : before);
                if (since != 0) {
                    metrics.add("{\"Name\":\"" + name + "\",\"Unit\":\"Count\"}");
                    values.append(",\"").append(name).append("\":").append(since);
                }
            });
        }
        timings.forEach((name, samples) -> {
            String taken = samples.take();
            if (!taken.isEmpty()) {
                metrics.add("{\"Name\":\"" + name + "\",\"Unit\":\"Milliseconds\"}");
                values.append(",\"").append(name).append("\":[").append(taken).append(']');
            }
        });
        return metrics.isEmpty()
                ? null
                : "{\"_aws\":{\"Timestamp\":" + nowMs + ",\"CloudWatchMetrics\":[{\"Namespace\":\"" + NAMESPACE
                        + "\",\"Dimensions\":[[\"" + DIMENSION + "\"]],\"Metrics\":[" + String.join(",", metrics)
                        + "]}]},\"" + DIMENSION + "\":\"" + function + '"' + values + '}';
    }

    /** The last 100 values since the last report, as many as the format takes. Thread safe. */
    public static final class Timings {

        static final int MAX_VALUES = 100;

        private final long[] values = new long[MAX_VALUES]; // guarded by this
        private long count; // guarded by this

        public synchronized void add(long ms) {
            values[(int) (count++ % MAX_VALUES)] = ms;
        }

        private synchronized String take() {
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < Math.min(count, MAX_VALUES); i++) {
                text.append(i == 0 ? "" : ",").append(values[i]);
            }
            count = 0;
            return text.toString();
        }
    }
}
