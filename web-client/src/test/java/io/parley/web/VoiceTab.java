package io.parley.web;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
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
        PlaywrightAssertions.assertThat(page.locator("#status")).containsText(text, within(20_000));
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

    void awaitSpeaking(String name) {
        PlaywrightAssertions.assertThat(person(name))
                .hasClass(
                        java.util.regex.Pattern.compile(".*\\bspeaking\\b.*"),
                        new com.microsoft.playwright.assertions.LocatorAssertions.HasClassOptions().setTimeout(20_000));
    }

    /** Lets so many seconds pass in the page. */
    void wait(double seconds) {
        page.waitForTimeout(seconds * 1_000);
    }

    /** What went to the loudspeaker, all of it so far (half a minute at most). */
    Sound heard() {
        return recorded("output");
    }

    /** What the microphone gave. */
    Sound spoken() {
        return recorded("microphone");
    }

    /** What went to the loudspeaker in the last seconds. */
    Sound heardLately(double seconds) {
        Sound all = heard();
        return all.part(Math.max(0, all.seconds() - seconds), all.seconds());
    }

    @SuppressWarnings("unchecked")
    private Sound recorded(String what) {
        Map<String, Object> recorded = (Map<String, Object>) page.evaluate("what => window.recorded(what)", what);
        return Sound.ofPcm16(
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
