package io.parley.local.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.parley.local.ops.LatencyWindow.Percentiles;
import org.junit.jupiter.api.Test;

class LatencyWindowTest {

    private final LatencyWindow window = new LatencyWindow();

    @Test
    void whatWasNeverRecordedHasNoPercentiles() {
        assertThat(window.roll()).isEmpty();
    }

    @Test
    void percentilesAreInMillisecondsAndGoOverSeveralSeconds() {
        for (int ms = 1; ms <= 100; ms++) {
            window.record(ms * 1_000L);
            if (ms == 50) {
                window.roll();
            }
        }
        Percentiles percentiles = window.roll().orElseThrow();
        assertThat(percentiles.count()).isEqualTo(100);
        assertThat(percentiles.p50()).isCloseTo(50, within(1.0));
        assertThat(percentiles.p95()).isCloseTo(95, within(1.0));
        assertThat(percentiles.p99()).isCloseTo(99, within(1.0));
        assertThat(percentiles.max()).isCloseTo(100, within(1.0));
    }

    @Test
    void whatIsTenSecondsOldIsForgotten() {
        window.record(5_000);
        for (int second = 0; second < LatencyWindow.SECONDS; second++) {
            assertThat(window.roll()).isPresent();
        }
        assertThat(window.roll()).isEmpty();
    }

    @Test
    void whatTakesMoreThanAMinuteCountsAsAMinute() {
        window.record(Long.MAX_VALUE);
        assertThat(window.roll().orElseThrow().max()).isCloseTo(60_000, within(600.0));
    }
}
