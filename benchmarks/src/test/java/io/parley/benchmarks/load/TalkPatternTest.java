package io.parley.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.load.TalkPattern.Spurt;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TalkPatternTest {

    private static List<SpeechPlan> plans(LoadSettings settings) {
        return draw(settings).stream()
                .map(spurts -> SpeechPlan.of(spurts, settings))
                .toList();
    }

    private static List<List<Spurt>> draw(LoadSettings settings) {
        return settings.pattern().draw(settings, new SplittableRandom(settings.seed()));
    }

    private static LoadSettings tenMinutes(TalkPattern pattern, int speakers) {
        return new LoadSettings(1, 10, speakers, pattern, 100, 20, 4_000, 60, 600, 0, 120, 10, 1);
    }

    @Test
    void constantSpeakersNeverPause() {
        LoadSettings settings = tenMinutes(TalkPattern.CONSTANT, 2);
        for (SpeechPlan plan : plans(settings)) {
            for (int i = 1; i < plan.chunks(); i++) {
                assertThat(plan.chunk(i).dueUs() - plan.chunk(i - 1).dueUs()).isEqualTo(100_000);
            }
        }
        assertThat(TalkShare.of(plans(settings), settings).talkers()).isBetween(1.98, 2.0);
    }

    @Test
    void turnsOverlapNowAndThenAndLeavePauses() {
        LoadSettings settings = tenMinutes(TalkPattern.TURNS, 4);
        TalkShare talk = TalkShare.of(plans(settings), settings);
        assertThat(talk.share()).isBetween(0.75, 0.98);
        assertThat(talk.talkers()).isBetween(1.02, 1.3);
    }

    @Test
    void nobodySpeaksTwiceAtOnce() {
        for (List<Spurt> spurts : draw(tenMinutes(TalkPattern.TURNS, 2))) {
            assertThat(spurts).hasSizeGreaterThan(10);
            for (int i = 1; i < spurts.size(); i++) {
                Spurt before = spurts.get(i - 1);
                assertThat(spurts.get(i).fromMs()).isGreaterThanOrEqualTo(before.fromMs() + before.ms());
            }
        }
    }

    @Test
    void isTheSameForTheSameSeed() {
        LoadSettings settings = tenMinutes(TalkPattern.TURNS, 3);
        assertThat(draw(settings)).isEqualTo(draw(settings));
    }

    @Test
    void aRoomWithoutSpeakersIsSilent() {
        assertThat(draw(tenMinutes(TalkPattern.TURNS, 0))).isEmpty();
        assertThat(draw(tenMinutes(TalkPattern.CONSTANT, 0))).isEmpty();
    }
}
