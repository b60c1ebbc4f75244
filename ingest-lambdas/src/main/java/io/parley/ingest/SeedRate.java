package io.parley.ingest;

import io.parley.core.pace.Recent;
import java.util.Map;

/**
 * How much audio a connection of the original protocol may send to this process: a token bucket of two seconds,
 * filled by arrival time, so that a slow process limits nobody. The room's own limit is exact and comes after it; this
 * one keeps a flood off the voice stream and the archive. Remembers
 * the last 10,000 connections. Thread safe.
 */
final class SeedRate {

    private static final int MAX_CONNECTIONS = 10_000;
    private static final int BURST_SECONDS = 2;

    private final long bytesPerSecond;

    // Guarded by this. Ordered by the time of the last message.
    private final Map<String, Bucket> buckets = new Recent<>(MAX_CONNECTIONS);

    SeedRate(int bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    /** Takes the bytes if the connection may send them now, else none. */
    synchronized boolean tryTake(String connection, int bytes, long arrivalMs) {
        Bucket bucket = buckets.computeIfAbsent(connection, id -> new Bucket(arrivalMs, capacity()));
        long pauseMs = Math.max(0, Math.min(arrivalMs - bucket.atMs, BURST_SECONDS * 1_000L));
        bucket.milliBytes = Math.min(capacity(), bucket.milliBytes + pauseMs * bytesPerSecond);
        bucket.atMs = Math.max(bucket.atMs, arrivalMs);
        if (bucket.milliBytes < bytes * 1_000L) {
            return false;
        }
        bucket.milliBytes -= bytes * 1_000L;
        return true;
    }

    /** In thousandths of a byte. */
    private long capacity() {
        return bytesPerSecond * BURST_SECONDS * 1_000;
    }

    private static final class Bucket {
        long atMs;
        long milliBytes;

        Bucket(long atMs, long milliBytes) {
            this.atMs = atMs;
            this.milliBytes = milliBytes;
        }
    }
}
