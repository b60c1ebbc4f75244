package io.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdaptiveHoldTest {

    private final AdaptiveHold hold = new AdaptiveHold(40, 200);

    @Test
    void isPatientUntilTwoHundredChunksHaveShownThatItNeedNotBe() {
        observe(198, 0);
        assertThat(hold.holdMs()).isEqualTo(200);

        observe(1, 0);

        assertThat(hold.holdMs()).isEqualTo(40);
    }

    @Test
    void coversAllButHalfAPercentOfTheChunks() {
        observe(990, 0);
        observe(10, 120);
        assertThat(hold.holdMs()).isEqualTo(128);

        observe(2_000, 0);

        assertThat(hold.holdMs()).as("11 of 3,001 are fewer than 0.5 %").isEqualTo(40);
    }

    @Test
    void isNeverOverItsGreatestNorUnderItsLeast() {
        observe(100, 5_000);
        assertThat(hold.holdMs()).isEqualTo(200);
        observe(10, -5_000);
        assertThat(hold.holdMs()).isEqualTo(200);
        assertThat(new AdaptiveHold(0, 0).holdMs()).isZero();
    }

    @Test
    void isAsFineAsATwentyFifthOfItsGreatest() {
        assertThat(holdOf(45, 0, 1_000)).isEqualTo(2 * 40);
        assertThat(holdOf(45, 0, 1_001)).isEqualTo(2 * 41);
        assertThat(holdOf(9, 0, 100)).as("but not finer than 8 ms").isEqualTo(2 * 8);
        assertThat(holdOf(0, 0, 1_000)).isEqualTo(40);
    }

    @Test
    void forgetsWhatWasLongAgo() {
        observe(1_000, 150);
        assertThat(hold.holdMs()).isEqualTo(152);
        observe(40_000, 0);

        assertThat(hold.holdMs()).isEqualTo(40);
    }

    @Test
    void isTheSameAfterACheckpointAndBeginsAnewWithOtherSettings() {
        observe(990, 0);
        observe(10, 120);

        assertThat(AdaptiveHold.restore(hold.state(), 40, 200).holdMs()).isEqualTo(128);
        assertThat(AdaptiveHold.restore(hold.state(), 40, 900).holdMs()).isEqualTo(900);
    }

    private static int holdOf(int latenessMs, int minMs, int maxMs) {
        AdaptiveHold hold = new AdaptiveHold(minMs, maxMs);
        for (int i = 0; i < 1_000; i++) {
            hold.observe(latenessMs);
        }
        return hold.holdMs();
    }

    private void observe(int times, long latenessMs) {
        for (int i = 0; i < times; i++) {
            hold.observe(latenessMs);
        }
    }
}
