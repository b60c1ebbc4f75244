package io.parley.ingest;

import java.time.Clock;
import java.time.Instant;

/** The clock in microseconds since the epoch, as traces want it. */
final class Micros {

    private Micros() {}

    static long now(Clock clock) {
        Instant instant = clock.instant();
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
