package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PlayedWindowTest {

    private final PlayedWindow window = new PlayedWindow();

    @Test
    void aNumberIsPlayedOnceOverTheWrap() {
        for (int sequence : new int[] {-2, -1, 0, 1}) {
            assertThat(window.mark(sequence)).isTrue();
            assertThat(window.mark(sequence)).isFalse();
        }
        assertThat(window.mark(-2)).isFalse();
    }

    @Test
    void anEarlierNumberThatWasLeftOutMayStillCome() {
        window.mark(10);
        window.mark(20);
        assertThat(window.mark(15)).isTrue();
        assertThat(window.mark(15)).isFalse();
    }

    @Test
    void whatIsOlderThanTheWindowCountsAsPlayed() {
        window.mark(0);
        window.mark(300);
        assertThat(window.mark(44)).isFalse();
        assertThat(window.mark(45)).isTrue();
    }

    @Test
    void agreesWithASetOnRandomNumbers() {
        long seed = 20_261_123L;
        Random random = new Random(seed);
        Set<Integer> played = new HashSet<>();
        int highest = Integer.MAX_VALUE - 50;
        assertThat(window.mark(highest)).isTrue();
        played.add(highest);
        for (int i = 0; i < 10_000; i++) {
            int sequence = highest + random.nextInt(300) - 255;
            boolean expected = played.add(sequence);
            assertThat(window.mark(sequence)).as("seed %s, step %s", seed, i).isEqualTo(expected);
            highest = sequence - highest > 0 ? sequence : highest;
        }
    }
}
