package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SeedRateTest {

    private static final int BUFFER = 4_096;
    /** Leaves nothing over of two seconds. */
    private static final int ROUND = 4_000;

    private final SeedRate rate = new SeedRate(48_000);

    @Test
    void letsSpeechThroughForAsLongAsItLasts() {
        for (int i = 0; i < 10_000; i++) {
            assertThat(rate.tryTake("c1", BUFFER, i * 128L)).isTrue();
        }
    }

    @Test
    void letsTwoSecondsThroughAtOnceAndThenNoMoreThanItsRate() {
        assertThat(takenOf(1_000, 0)).isEqualTo(96_000 / ROUND);
        assertThat(takenOf(1_000, 1_000)).isEqualTo(48_000 / ROUND);
        assertThat(takenOf(1_000, 1_000_000)).isEqualTo(96_000 / ROUND);
    }

    @Test
    void aFloodOfOneConnectionCostsAnotherNothing() {
        takenOf(1_000, 0);
        assertThat(rate.tryTake("c1", BUFFER, 0)).isFalse();
        assertThat(rate.tryTake("c2", BUFFER, 0)).isTrue();
    }

    @Test
    void aClockThatGoesBackFillsNothing() {
        takenOf(1_000, 10_000);
        assertThat(takenOf(10, 5_000)).isZero();
        assertThat(takenOf(10, 10_010)).isZero();
    }

    private int takenOf(int messages, long nowMs) {
        int taken = 0;
        for (int i = 0; i < messages; i++) {
            taken += rate.tryTake("c1", ROUND, nowMs) ? 1 : 0;
        }
        return taken;
    }
}
