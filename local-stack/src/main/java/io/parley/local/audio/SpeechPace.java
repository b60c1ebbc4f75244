package io.parley.local.audio;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The pace of speech: lets what was recorded go when it would have been recorded, without drifting. One thread's. */
public final class SpeechPace {

    private long nextNanos = System.nanoTime();

    /** Waits until so much more would have been recorded since the last call, or since the beginning. */
    public void await(int recordedMs) {
        nextNanos += TimeUnit.MILLISECONDS.toNanos(recordedMs);
        long wait;
        while ((wait = nextNanos - System.nanoTime()) > 0) {
            LockSupport.parkNanos(wait);
        }
    }
}
