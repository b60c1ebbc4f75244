package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.metric.EmbeddedMetrics;
import java.time.Clock;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * What this process has counted since it started, and tells CloudWatch through {@link EmbeddedMetrics}: by
 * the Lambda that it is of. Thread safe.
 */
public final class IngestMetrics {

    /** Messages that were refused, for whatever reason. */
    static final String MESSAGES_REFUSED = "messagesRefused";
    /** From the gateway's receipt of a chunk until the voice stream had it. */
    static final String TAKEN_IN_MS = "takenInMs";

    /** A counter, by its name in CloudWatch. */
    public enum Counter {
        CHUNKS_TAKEN("chunksTaken"),
        FRAMES_TAKEN("framesTaken"),
        CHUNKS_ARCHIVED("chunksArchived"),
        STREAM_FAILURES("streamFailures"),
        ARCHIVE_FAILURES("archiveFailures"),
        /** Events that the bus refused, or that did not reach it. */
        EVENT_FAILURES("eventFailures"),
        /** Answers to a client that did not reach the gateway. */
        POST_FAILURES("postFailures"),
        /** Errors that were not posted because the connection had got one within the second. */
        ERRORS_WITHHELD("errorsWithheld"),
        /** Messages of whoever sent too many: nothing was done for them. */
        MESSAGES_OVER_RATE("messagesOverRate"),
        /** How often somebody sent so many that it is abuse. */
        FLOODS("floods"),
        /** Of these, those who could not be suspended, or not wholly. */
        SUSPEND_FAILURES("suspendFailures"),
        MEMBERSHIP_READS("membershipReads"),
        JOINS("joins"),
        LEAVES("leaves"),
        CONNECTS_ALLOWED("connectsAllowed"),
        CONNECTS_REFUSED("connectsRefused");

        private final String metricName;

        Counter(String metricName) {
            this.metricName = metricName;
        }

        public String metricName() {
            return metricName;
        }
    }

    private final EmbeddedMetrics embedded;
    private final EmbeddedMetrics.Timings takenIn;
    private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
    private final Map<ErrorCode, LongAdder> refusals = new EnumMap<>(ErrorCode.class);

    /** @param function the Lambda's name */
    public IngestMetrics(String function, Clock clock, Consumer<String> sink) {
        embedded = new EmbeddedMetrics(function, clock, sink);
        for (Counter counter : Counter.values()) {
            LongAdder adder = new LongAdder();
            counters.put(counter, adder);
            embedded.counter(counter.metricName(), adder::sum);
        }
        for (ErrorCode code : ErrorCode.values()) {
            refusals.put(code, new LongAdder());
        }
        Collection<LongAdder> all = refusals.values();
        embedded.counter(
                MESSAGES_REFUSED, () -> all.stream().mapToLong(LongAdder::sum).sum());
        takenIn = embedded.timings(TAKEN_IN_MS);
    }

    void add(Counter counter, long count) {
        counters.get(counter).add(count);
    }

    void refused(ErrorCode code) {
        refusals.get(code).increment();
    }

    void takenIn(long tookMs) {
        takenIn.add(tookMs);
    }

    public long count(Counter counter) {
        return counters.get(counter).sum();
    }

    /** How many messages were refused with that code. */
    public long refusals(ErrorCode code) {
        return refusals.get(code).sum();
    }

    /** Reports if it is time to. */
    void report() {
        embedded.report();
    }
}
