package io.parley.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LoadSettingsTest {

    /** Some that are right. */
    static LoadSettings settings(int people, int speakers, TalkPattern pattern, int chunkMs, int frameMs) {
        return new LoadSettings(1, people, speakers, pattern, chunkMs, frameMs, 4_000, 60, 60, 0, 120, 10, 1);
    }

    @Test
    void saysWhichOptionIsWrongAndWhatWouldBeRight() {
        assertThatThrownBy(() -> settings(10, 11, TalkPattern.CONSTANT, 100, 20))
                .hasMessage("--speakers is 11, but must be within 0 and 10");
        assertThatThrownBy(() -> settings(0, 0, TalkPattern.CONSTANT, 100, 20))
                .hasMessage("--people is 0, but must be within 1 and 10000");
    }

    @Test
    void aChunkHasWholeFrames() {
        assertThatThrownBy(() -> settings(10, 2, TalkPattern.CONSTANT, 90, 20))
                .hasMessage("--chunk-ms is 90, but must be a multiple of --frame-ms, which is 20");
        assertThatThrownBy(() -> settings(10, 2, TalkPattern.CONSTANT, 90, 30))
                .hasMessage("--frame-ms is 30, but must be 10, 20, 40 or 60");
    }
}
