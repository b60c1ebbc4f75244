package io.parley.aws;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.util.concurrent.ThreadLocalRandom;

/** What a writer does before it tries again after it lost a race. */
@FunctionalInterface
interface RetryPause {

    /** @param attempt the attempt that is to come, from 1 */
    void before(int attempt);

    /** Sleeps a random time below a limit that doubles from 10 to 320 ms: "full jitter", so that racers spread. */
    static RetryPause random() {
        return attempt -> {
            try {
                Thread.sleep(ThreadLocalRandom.current().nextLong(1L + (5L << Math.min(attempt, 6))));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ParleyException(ErrorCode.UNAVAILABLE, "interrupted between two attempts");
            }
        };
    }
}
