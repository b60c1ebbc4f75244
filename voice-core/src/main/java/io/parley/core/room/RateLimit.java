package io.parley.core.room;

import io.parley.core.options.RoomOptions;

/**
 * How much a connection, or all of a room together, may say: a token bucket in µs of audio, filled by arrival time, so
 * that a job that is behind limits nobody. Arrival times that go back fill nothing. Per-chunk code, allocates nothing.
 */
final class RateLimit {

    /** The frame that the settings count. */
    private static final int FRAME_US = 20_000;
    /** The least that a chunk costs, for what it takes to carry it. */
    private static final int MIN_CHUNK_US = 10_000;
    /** What another numbering costs beside its frames, since everybody in the room is told of it. */
    private static final int NUMBERING_US = 25 * FRAME_US;

    private final long capacityUs;
    private final long perMsUs;
    private long tokensUs;
    private long atMs;

    private RateLimit(long burstFrames, long ratePerSecond, long tokensUs, long atMs) {
        this.capacityUs = burstFrames * FRAME_US;
        this.perMsUs = ratePerSecond * FRAME_US / 1_000;
        this.tokensUs = Math.min(tokensUs, capacityUs);
        this.atMs = atMs;
    }

    /** A connection's, which is full. */
    RateLimit(RoomOptions options, long arrivalMs) {
        this(options, Long.MAX_VALUE, arrivalMs);
    }

    RateLimit(RoomOptions options, long tokensUs, long atMs) {
        this(options.burstFrames(), options.ratePerSecond(), tokensUs, atMs);
    }

    /** That of all who speak in a room. It is full if it was last counted long ago. */
    static RateLimit ofRoom(RoomOptions options, long tokensUs, long atMs) {
        return new RateLimit(options.roomBurstFrames(), options.roomRatePerSecond(), tokensUs, atMs);
    }

    /** Takes what a chunk costs; gives whether there was enough, and takes nothing otherwise. */
    boolean take(long audioUs, boolean beginsNumbering, long arrivalMs) {
        if (arrivalMs > atMs) {
            // A long pause must not overflow: it fills the bucket anyway.
            long pauseMs = Math.min(arrivalMs - atMs, capacityUs / perMsUs + 1);
            tokensUs = Math.min(capacityUs, tokensUs + pauseMs * perMsUs);
            atMs = arrivalMs;
        }
        long cost = Math.max(audioUs, MIN_CHUNK_US) + (beginsNumbering ? NUMBERING_US : 0);
        if (tokensUs < cost) {
            return false;
        }
        tokensUs -= cost;
        return true;
    }

    long tokensUs() {
        return tokensUs;
    }

    long atMs() {
        return atMs;
    }
}
