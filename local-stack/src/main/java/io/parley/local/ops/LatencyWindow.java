package io.parley.local.ops;

import java.util.Optional;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * Percentiles of what was recorded within the last ten seconds or so: one second alone has too few chunks of a quiet room
 * for its percentiles to mean anything. Any thread records, without waiting; one thread rolls.
 */
final class LatencyWindow {

    static final int SECONDS = 10;

    private static final long MAX_US = 60_000_000;
    private static final int DIGITS = 2;

    private final Recorder recorder = new Recorder(MAX_US, DIGITS);
    private final Histogram[] seconds = new Histogram[SECONDS];
    private final Histogram window = new Histogram(MAX_US, DIGITS);
    private int next;

    void record(long us) {
        recorder.recordValue(Math.min(us, MAX_US));
    }

    /** Ends a second; empty where nothing was recorded within the window. */
    Optional<Percentiles> roll() {
        seconds[next] = recorder.getIntervalHistogram(seconds[next]);
        next = (next + 1) % SECONDS;
        window.reset();
        for (Histogram second : seconds) {
            if (second != null) {
                window.add(second);
            }
        }
        return window.getTotalCount() == 0 ? Optional.empty() : Optional.of(Percentiles.of(window));
    }

    /** In milliseconds, of that many measurements. */
    record Percentiles(long count, double p50, double p95, double p99, double max) {

        private static Percentiles of(Histogram histogram) {
            return new Percentiles(
                    histogram.getTotalCount(),
                    ms(histogram.getValueAtPercentile(50)),
                    ms(histogram.getValueAtPercentile(95)),
                    ms(histogram.getValueAtPercentile(99)),
                    ms(histogram.getMaxValue()));
        }

        private static double ms(long us) {
            return us / 1_000.0;
        }
    }
}
