package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Playwright;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Real browsers with real microphones, codecs, sockets and loudspeakers, through the whole system. */
class BrowserVoiceITCase {

    private static final int MAX_LAG_MS = 1_000;
    private static final double SECONDS = 6;

    private static Playwright playwright;
    private static LocalStack stack;
    private static Browser ann;
    private static Browser bob;

    @BeforeAll
    static void start() throws Exception {
        Path chromium = Tools.chromium();
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withRoomSettings(
                        Map.of("room.chunk-ms", "60", "room.tick-period-ms", "60", "room.playout-hint-ms", "70"))
                .withIngestSettings(Map.of("ROOM_POLICY", "ticket")));
        stack.pages().page("/tap-worklet.js", request -> request.response()
                .putHeader("Content-Type", "text/javascript")
                .end(Browser.resource("tap-worklet.js")));
        ann = Browser.start(playwright, chromium, voice("ann"));
        bob = Browser.start(playwright, chromium, voice("bob"));
    }

    private static Path voice(String name) throws Exception {
        Path file = Files.createDirectories(Path.of("target", "voices"))
                .resolve(name + ".wav")
                .toAbsolutePath();
        Sound.ofVoice(name).writeWav(file);
        return file;
    }

    @AfterAll
    static void stop() {
        if (playwright != null) {
            playwright.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void eachHearsTheOtherAndNotThemselves() throws Exception {
        try (VoiceTab a = ann.open(stack.credentials().pages(), Settings.OPEN).join("Ann", "pair");
                VoiceTab b =
                        bob.open(stack.credentials().pages(), Settings.OPEN).join("Bob", "pair")) {
            a.awaitSpeaking("Bob");
            b.awaitSpeaking("Ann");
            a.wait(12);
            Sound heardByA = a.heardLately(SECONDS);
            Sound heardByB = b.heardLately(SECONDS);
            System.out.println("A/B " + Likeness.of(heardByA, b.spoken(), MAX_LAG_MS) + " own "
                    + Likeness.of(heardByA, a.spoken(), MAX_LAG_MS));
            System.out.println("B/A " + Likeness.of(heardByB, a.spoken(), MAX_LAG_MS) + " own "
                    + Likeness.of(heardByB, b.spoken(), MAX_LAG_MS));
            assertThat(a.complaints()).isEmpty();
            assertThat(b.complaints()).isEmpty();
        }
    }
}
