package io.parley.job;

import java.io.Serializable;

/** The wall clock in µs since the epoch, as it is shipped with the job graph. Thread safe. */
@FunctionalInterface
public interface MicroClock extends Serializable {

    long nowUs();

    default long nowMs() {
        return nowUs() / 1000;
    }
}
