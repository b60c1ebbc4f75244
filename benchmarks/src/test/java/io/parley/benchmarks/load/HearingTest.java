package io.parley.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.load.TalkPattern.Spurt;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One spurt of two chunks with five frames of 20 ms each; a listener who waits 120 ms. */
class HearingTest {

    private static final LoadSettings SETTINGS =
            new LoadSettings(1, 2, 1, TalkPattern.CONSTANT, 100, 20, 4_000, 60, 9, 0, 120, 10, 1);

    private final Hearing hearing = new Hearing(SpeechPlan.of(List.of(new Spurt(0, 200)), SETTINGS), SETTINGS);

    private void hearFrames(int from, int to, long atMs) {
        for (int frame = from; frame < to; frame++) {
            hearing.hear(frame, atMs * 1000);
        }
    }

    @Test
    void whatComesBeforeItsPlaceIsPlayedIsInTime() {
        hearFrames(0, 5, 150);
        hearFrames(5, 10, 300);
        assertThat(hearing.delivered()).isEqualTo(10);
        assertThat(hearing.expected()).isEqualTo(10);
        assertThat(hearing.late()).isZero();
    }

    @Test
    void whatComesAfterItsPlaceWasPlayedIsLate() {
        hearFrames(0, 5, 150);
        // Frame 5 was to be played at 150 + 120 + 100 ms, frame 9 at 450.
        hearFrames(5, 10, 400);
        assertThat(hearing.delivered()).isEqualTo(10);
        assertThat(hearing.late()).isEqualTo(2);
    }

    @Test
    void aFrameThatComesOnceMoreIsADuplicate() {
        hearFrames(0, 5, 150);
        hearFrames(0, 5, 160);
        assertThat(hearing.delivered()).isEqualTo(5);
        assertThat(hearing.duplicated()).isEqualTo(5);
    }

    @Test
    void eachChunkIsTimedOnce() {
        assertThat(hearing.hear(0, 150_000)).isZero();
        assertThat(hearing.hear(1, 150_000)).isEqualTo(-1);
        assertThat(hearing.hear(5, 250_000)).isEqualTo(1);
    }

    @Test
    void declaredLossesCountWhereSomethingWasToBeHeard() {
        hearing.declareLost(8, 10);
        assertThat(hearing.declaredLost()).isEqualTo(2);
    }

    @Test
    void framesThatNobodyPlannedAreNotCounted() {
        assertThat(hearing.hear(10, 0)).isEqualTo(-1);
        assertThat(hearing.hear(-1, 0)).isEqualTo(-1);
        assertThat(hearing.delivered()).isZero();
    }
}
