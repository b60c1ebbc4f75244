package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** What this process has counted since it started. Thread safe. */
public final class IngestMetrics {

    /** Names of the counters. */
    public enum Counter {
        CHUNKS_TAKEN,
        FRAMES_TAKEN,
        CHUNKS_ARCHIVED,
        STREAM_FAILURES,
        ARCHIVE_FAILURES,
        /** Events that the bus refused, or that did not reach it. */
        EVENT_FAILURES,
        /** Answers to a client that did not reach the gateway. */
        POST_FAILURES,
        /** Errors that were not posted because the connection had got one within the second. */
        ERRORS_WITHHELD,
        /** Messages of whoever sent too many: nothing was done for them. */
        MESSAGES_OVER_RATE,
        /** How often somebody sent so many that it is abuse. */
        FLOODS,
        /** Of these, those who could not be suspended, or not wholly. */
        SUSPEND_FAILURES,
        MEMBERSHIP_READS,
        JOINS,
        LEAVES,
        CONNECTS_ALLOWED,
        CONNECTS_REFUSED
    }

    private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
    private final Map<ErrorCode, LongAdder> refusals = new EnumMap<>(ErrorCode.class);

    public IngestMetrics() {
        for (Counter counter : Counter.values()) {
            counters.put(counter, new LongAdder());
        }
        for (ErrorCode code : ErrorCode.values()) {
            refusals.put(code, new LongAdder());
        }
    }

    void add(Counter counter, long count) {
        counters.get(counter).add(count);
    }

    void refused(ErrorCode code) {
        refusals.get(code).increment();
    }

    public long count(Counter counter) {
        return counters.get(counter).sum();
    }

    /** How many messages were refused with that code. */
    public long refusals(ErrorCode code) {
        return refusals.get(code).sum();
    }
}
