package io.parley.web;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.WaitForSelectorState;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The voice client in a tab, as its user has it. */
final class VoiceTab implements AutoCloseable {

    private final Page page;
    private final List<String> complaints = new ArrayList<>();

    VoiceTab(Page page, String url, Consumer<Page> preparation) {
        this.page = page;
        page.onConsoleMessage(message -> {
            if (message.type().equals("error") || message.type().equals("warning")) {
                complaints.add(message.text());
            }
        });
        page.onPageError(complaints::add);
        preparation.accept(page);
        page.navigate(url);
        page.waitForSelector("body[data-ready]");
    }

    Page page() {
        return page;
    }

    /** What the browser wrote into its console as errors or warnings. */
    List<String> complaints() {
        return complaints;
    }

    VoiceTab join(String name, String room) {
        return enter(name, room, "Join", false);
    }

    VoiceTab joinAsModerator(String name, String room) {
        return enter(name, room, "Join", true);
    }

    VoiceTab joinToListen(String name, String room) {
        return enter(name, room, "Only listen", false);
    }

    private VoiceTab enter(String name, String room, String button, boolean moderator) {
        page.getByLabel("Your name").fill(name);
        page.getByLabel("Room", new Page.GetByLabelOptions().setExact(true)).fill(room);
        if (moderator) {
            page.getByLabel("Join as a moderator").check();
        }
        press(button);
        awaitStatus("Connected");
        return this;
    }

    void press(String button) {
        page.getByRole(
                        AriaRole.BUTTON,
                        new Page.GetByRoleOptions().setName(button).setExact(true))
                .click();
    }

    void awaitStatus(String text) {
        PlaywrightAssertions.assertThat(page.locator("#status")).containsText(text, within(60_000));
    }

    /** Waits until the page shows that text somewhere. */
    void awaitText(String text) {
        page.locator("text=" + text + " >> visible=true").first().waitFor();
    }

    /** The entry of somebody among those in the room. */
    Locator person(String name) {
        return page.locator(".person")
                .filter(new Locator.FilterOptions()
                        .setHas(page.locator(
                                ".name",
                                new Page.LocatorOptions()
                                        .setHasText(java.util.regex.Pattern.compile("^" + name + "$")))));
    }

    void awaitPerson(String name) {
        person(name).waitFor();
    }

    void awaitAbsent(String name) {
        person(name).waitFor(new Locator.WaitForOptions().setState(WaitForSelectorState.DETACHED));
    }

    void awaitQuiet(String name) {
        PlaywrightAssertions.assertThat(person(name))
                .not()
                .hasClass(
                        java.util.regex.Pattern.compile(".*\\bspeaking\\b.*"),
                        new com.microsoft.playwright.assertions.LocatorAssertions.HasClassOptions().setTimeout(60_000));
    }

    /** Waits until somebody's entry says that. */
    void awaitState(String name, String state) {
        PlaywrightAssertions.assertThat(person(name).locator(".states")).containsText(state, within(60_000));
    }

    /** Waits until for so many seconds nothing went to the loudspeaker. */
    void awaitSilence(double seconds) {
        awaitHeard(seconds, loudness -> loudness < 0.000_5);
    }

    void awaitVoice(double seconds) {
        awaitHeard(seconds, loudness -> loudness > 0.01);
    }

    private void awaitHeard(double seconds, java.util.function.DoublePredicate condition) {
        long end = System.nanoTime() + 60_000_000_000L;
        while (true) {
            Sound heard = heard(seconds);
            if (heard.seconds() >= seconds && condition.test(heard.loudness())) {
                return;
            }
            if (System.nanoTime() > end) {
                throw new AssertionError("what was heard at last had a loudness of " + heard.loudness());
            }
            pass(0.25);
        }
    }

    void awaitSpeaking(String name) {
        PlaywrightAssertions.assertThat(person(name))
                .hasClass(
                        java.util.regex.Pattern.compile(".*\\bspeaking\\b.*"),
                        new com.microsoft.playwright.assertions.LocatorAssertions.HasClassOptions().setTimeout(60_000));
    }

    /** Lets so many seconds pass in the page. */
    void pass(double seconds) {
        page.waitForTimeout(seconds * 1_000);
    }

    /** What went to the loudspeaker in the last seconds, half a minute at most. */
    Sound heard(double seconds) {
        return recorded("output", seconds);
    }

    /** What the microphone gave in the last seconds. */
    Sound spoken(double seconds) {
        return recorded("microphone", seconds);
    }

    @SuppressWarnings("unchecked")
    private Sound recorded(String what, double seconds) {
        Map<String, Object> recorded = (Map<String, Object>)
                page.evaluate("([what, seconds]) => window.recorded(what, seconds)", List.of(what, seconds));
        return recorded == null
                ? new Sound(new float[0], 0)
                : Sound.ofPcm16(
                        Base64.getDecoder().decode((String) recorded.get("pcm")),
                        ((Number) recorded.get("startMs")).doubleValue());
    }

    private static com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions within(double ms) {
        return new com.microsoft.playwright.assertions.LocatorAssertions.ContainsTextOptions().setTimeout(ms);
    }

    @Override
    public void close() {
        page.context().close();
    }
}
