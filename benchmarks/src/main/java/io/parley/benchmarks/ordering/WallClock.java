package io.parley.benchmarks.ordering;

import io.parley.core.record.Micros;
import java.time.Instant;

/** The wall clock of the runs that go at the records' own pace. */
final class WallClock {

    private WallClock() {}

    static long nowUs() {
        return Micros.of(Instant.now());
    }
}
