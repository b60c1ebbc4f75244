package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Page;
import io.parley.local.gateway.Impairment;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The page for everybody: with a keyboard, a screen reader, a phone, by day and by night. Leaves screenshots in target. */
class PageITCase {

    private static VoiceStack stack;
    private static Browser ann;
    private static Browser bob;

    @BeforeAll
    static void start() throws Exception {
        stack = new VoiceStack(Map.of(), Impairment.NONE);
        ann = stack.speaking("ann");
        bob = stack.speaking("bob");
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    void axeFindsNothingToComplainOfByDayOrByNight() {
        Settings[] looks = {
            Settings.OPEN.withMode("ptt"),
            Settings.OPEN.withMode("ptt").inTheDark(),
            Settings.OPEN.withMode("ptt").onPhone(),
            Settings.OPEN.withMode("ptt").onPhone().inTheDark()
        };
        try (VoiceTab b = bob.open(stack.url(), Settings.OPEN).join("Bob", "lobby")) {
            for (Settings look : looks) {
                String name = (look.width() < 500 ? "phone" : "laptop") + (look.dark() ? "-dark" : "-light");
                try (VoiceTab a = ann.open(stack.url(), look)) {
                    check(a, name + "-join");
                    a.joinAsModerator("Ann", "lobby");
                    a.awaitSpeaking("Bob");
                    b.page().getByLabel("Message everybody").fill("Can you hear me?");
                    b.press("Send");
                    a.awaitText("Can you hear me?");
                    a.page().waitForSelector(".numbers:text('lost')");
                    check(a, name + "-room");
                    assertThat(
                                    (boolean)
                                            a.page()
                                                    .evaluate(
                                                            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"))
                            .as("nothing is wider than the screen")
                            .isTrue();
                    a.press("Settings");
                    check(a, name + "-settings");
                    assertThat(a.complaints()).isEmpty();
                }
            }
        }
    }

    private static void check(VoiceTab tab, String name) {
        tab.page().screenshot(new Page.ScreenshotOptions().setPath(Path.of("target", "screenshots", name + ".png")));
        assertThat(new AxeBuilder(tab.page()).analyze().getViolations())
                .as(name)
                .extracting(violation -> violation.getId() + ": "
                        + violation.getNodes().stream()
                                .map(node -> node.getHtml())
                                .toList())
                .isEmpty();
    }

    @Test
    void everythingCanBeReachedByTheKeyboard() {
        try (VoiceTab a = ann.open(stack.url(), Settings.OPEN)) {
            a.page().getByLabel("Your name").focus();
            a.page().keyboard().type("Ann");
            a.page().keyboard().press("Enter");
            a.awaitStatus("Connected");
            a.page().locator("#mute").focus();
            a.page().keyboard().press("Space");
            a.awaitState("Ann", "Muted");
            a.page().locator("#settings").focus();
            a.page().keyboard().press("Enter");
            a.page().locator("#settings-dialog[open]").waitFor();
            a.page().keyboard().press("Escape");
            a.page().locator("#leave").focus();
            a.page().keyboard().press("Enter");
            a.awaitText("You left the room.");
        }
    }

    @Test
    void onesOwnVoiceComesBackInTheLoopbackTest() {
        try (VoiceTab a = ann.open(stack.url(), Settings.OPEN)) {
            a.press("Test microphone and sound");
            a.press("Hear yourself");
            a.awaitVoice(2);
            a.press("Hear yourself");
            a.awaitSilence(1);
            assertThat(a.complaints()).isEmpty();
        }
    }
}
