package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.gateway.Impairment;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Browsers over a network as it should be, with the settings' defaults, and over a bad one. */
class BrowserNetworkITCase {

    /** One voice and no other, though frames lack and the delay shifts. */
    private static final double RECOGNISED = 0.5;

    @BeforeAll
    static void look() {
        Tools.chromium();
    }

    @Test
    void theDefaultsBringVoiceToo() throws Exception {
        Hearing.Heard heard = heard(Impairment.NONE, 0.8);
        System.out.printf(
                "browser: mouth to ear with the defaults: %.0f ms (%s)%n", heard.mouthToEarMs(), heard.other());
        assertThat(heard.other().correlation()).isGreaterThan(0.8);
    }

    @Test
    void overADisorderlyNetworkThatLosesMessagesVoiceIsStillUnderstood() throws Exception {
        Hearing.Heard heard = heard(Impairment.parse("loss=2%,jitter=60ms,duplicate=3%,seed=5"), RECOGNISED);
        System.out.printf("browser: over a bad network: %s%n", heard.other());
        assertThat(heard.other().correlation()).isGreaterThan(RECOGNISED);
        assertThat(heard.own().correlation()).isLessThan(0.2);
    }

    private static Hearing.Heard heard(Impairment impairment, double wanted) throws Exception {
        try (VoiceStack stack = new VoiceStack(Map.of(), impairment);
                VoiceTab a =
                        stack.speaking("ann").open(stack.url(), Settings.OPEN).join("Ann", "network");
                VoiceTab b =
                        stack.speaking("bob").open(stack.url(), Settings.OPEN).join("Bob", "network")) {
            a.awaitSpeaking("Bob");
            Hearing.Heard heard = Hearing.until(wanted, a, "ann", b, "bob");
            assertThat(a.complaints()).isEmpty();
            return heard;
        }
    }
}
