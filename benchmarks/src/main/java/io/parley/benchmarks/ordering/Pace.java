package io.parley.benchmarks.ordering;

/** How fast the source gives its records, and how often a watermark. */
enum Pace {
    /** As fast as the job takes them; a watermark each time the records' own clock has moved by a tick period. */
    FAST(100),
    /** As fast as the job takes them; a watermark after each record. */
    FAST_EACH(0),
    /** At the records' own pace by the wall clock, with that clock's times in them; a watermark after each record. */
    REAL(0);

    final int watermarkStepMs;

    Pace(int watermarkStepMs) {
        this.watermarkStepMs = watermarkStepMs;
    }
}
