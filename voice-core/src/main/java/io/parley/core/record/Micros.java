package io.parley.core.record;

import java.time.Clock;
import java.time.Instant;

/** The time in microseconds since the epoch, as traces want it. */
public final class Micros {

    private Micros() {}

    public static long now(Clock clock) {
        return of(clock.instant());
    }

    public static long of(Instant instant) {
        return instant.getEpochSecond() * 1_000_000 + instant.getNano() / 1_000;
    }
}
