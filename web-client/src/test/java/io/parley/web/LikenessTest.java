package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

/** What the browser tests are judged by. */
class LikenessTest {

    private final Sound ann = Sound.ofVoice("ann");
    private final Sound bob = Sound.ofVoice("bob");

    @Test
    void aVoiceIsLikeItselfHoweverLoudAndSaysHowMuchLaterItIs() {
        Sound heard = ann.part(2, 8);
        for (int i = 0; i < heard.samples().length; i++) {
            heard.samples()[i] *= 0.3f;
        }
        Likeness like = Likeness.of(heard.at(2_140), ann);
        assertThat(like.correlation()).isGreaterThan(0.999);
        assertThat(like.lagMs()).isCloseTo(140, within(0.1));
    }

    @Test
    void oneVoiceIsNotLikeAnother() {
        assertThat(Likeness.of(bob.part(1, 7).at(1_000), ann).correlation()).isLessThan(0.2);
        assertThat(Likeness.of(new Sound(new float[6 * Sound.RATE], 1_000), ann).correlation())
                .isLessThan(0.01);
    }

    @Test
    void aVoiceThatIsLaterThanIsLookedForIsNotFound() {
        assertThat(Likeness.of(ann.part(2, 7).at(3_500), ann).correlation()).isLessThan(0.3);
    }

    @Test
    void whatAMicrophoneHeardTellsWhenAnythingWasSaid() {
        Sound microphone = ann.repeated(30).part(13, 17).at(50_000);
        Sound said = ann.asSaidInto(microphone);
        Likeness like = Likeness.of(microphone.part(1, 4), said);
        assertThat(like.correlation()).isGreaterThan(0.99);
        assertThat(like.lagMs()).isCloseTo(0, within(0.1));
    }
}
