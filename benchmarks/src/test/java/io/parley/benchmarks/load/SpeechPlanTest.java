package io.parley.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.load.TalkPattern.Spurt;
import java.util.List;
import org.junit.jupiter.api.Test;

class SpeechPlanTest {

    private static final LoadSettings SETTINGS =
            new LoadSettings(1, 2, 1, TalkPattern.CONSTANT, 100, 20, 4_000, 60, 9, 1, 120, 10, 1);

    @Test
    void aChunkIsDueWhenItsLastFrameHasBeenSpoken() {
        SpeechPlan plan = SpeechPlan.of(List.of(new Spurt(500, 140)), SETTINGS);
        assertThat(plan.chunks()).isEqualTo(2);
        assertThat(plan.chunk(0)).isEqualTo(new SpeechPlan.Chunk(600_000, 0, 5, 0, 0, false));
        assertThat(plan.chunk(1)).isEqualTo(new SpeechPlan.Chunk(640_000, 5, 2, 0, 5, true));
    }

    @Test
    void numbersGoOnOverSpurtsAndOffsetsBeginAnew() {
        SpeechPlan plan = SpeechPlan.of(List.of(new Spurt(0, 100), new Spurt(1_000, 100)), SETTINGS);
        assertThat(plan.chunk(1).firstFrame()).isEqualTo(5);
        assertThat(plan.chunk(1).offset()).isZero();
        assertThat(plan.chunkOf(4)).isZero();
        assertThat(plan.chunkOf(5)).isEqualTo(1);
    }

    @Test
    void theWarmUpIsNotMeasuredAndNothingIsDueAfterTheEnd() {
        SpeechPlan plan = SpeechPlan.of(List.of(new Spurt(0, 20_000)), SETTINGS);
        assertThat(plan.chunk(plan.chunks() - 1).dueUs()).isLessThan(10_000_000);
        // The chunk that is due at one second is the first after the warm-up.
        assertThat(plan.isMeasured(8)).isFalse();
        assertThat(plan.isMeasured(9)).isTrue();
        assertThat(plan.firstMeasuredFrame()).isEqualTo(45);
    }
}
