package io.parley.ingest;

import io.parley.core.pace.Recent;
import java.util.Map;

/**
 * How fast each connection sends to this process: a bucket that every message fills and time drains, whether or not the
 * message was taken. Remembers the last 10,000 connections; one that was forgotten begins with an empty bucket. A
 * connection whose messages run in several processes at a time has as many buckets. Thread safe.
 */
final class MessageRate {

    /** What is to become of a message. */
    enum Verdict {
        TAKE,
        /** Too many at once: it is refused. */
        REFUSE,
        /** So many that the sender cannot mean well. Said once until the bucket has drained. */
        ABUSE
    }

    private static final int MAX_CONNECTIONS = 10_000;
    /** Seconds of the allowed rate that may come at once. */
    private static final int BURST_SECONDS = 2;
    /** As many times the burst is abuse. */
    private static final int ABUSE_BURSTS = 10;

    private final double perMs;
    private final double burst;
    private final double abuse;

    // Guarded by this.
    private final Map<String, Bucket> buckets = new Recent<>(MAX_CONNECTIONS);

    MessageRate(int perSecond) {
        perMs = perSecond / 1_000.0;
        burst = perSecond * (double) BURST_SECONDS;
        abuse = burst * ABUSE_BURSTS;
    }

    synchronized Verdict judge(String connection, long nowMs) {
        Bucket bucket = buckets.computeIfAbsent(connection, id -> new Bucket(nowMs));
        bucket.level = Math.max(0, bucket.level - Math.max(0, nowMs - bucket.atMs) * perMs);
        bucket.atMs = Math.max(bucket.atMs, nowMs);
        if (bucket.level <= burst) {
            bucket.accused = false;
        }
        bucket.level = Math.min(bucket.level + 1, abuse + 1);
        if (bucket.level > abuse && !bucket.accused) {
            bucket.accused = true;
            return Verdict.ABUSE;
        }
        return bucket.level > burst ? Verdict.REFUSE : Verdict.TAKE;
    }

    private static final class Bucket {
        private double level;
        private long atMs;
        private boolean accused;

        Bucket(long atMs) {
            this.atMs = atMs;
        }
    }
}
