package io.parley.web;

import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A Chromium process of its own, whose microphone plays a WAV over and over; or that has no microphone. */
final class Browser implements AutoCloseable {

    private final com.microsoft.playwright.Browser browser;

    private Browser(com.microsoft.playwright.Browser browser) {
        this.browser = browser;
    }

    /** @param voice what its microphone hears; null for none */
    static Browser start(Playwright playwright, Path chromium, Path voice) {
        return start(playwright, chromium, voice, true);
    }

    /** @param granted whether the user lets pages use the microphone */
    static Browser start(Playwright playwright, Path chromium, Path voice, boolean granted) {
        List<String> arguments =
                new ArrayList<>(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking"));
        if (voice != null) {
            arguments.add("--use-fake-device-for-media-stream");
            arguments.add("--use-file-for-fake-audio-capture=" + voice);
        }
        if (voice != null && granted) {
            arguments.add("--use-fake-ui-for-media-stream");
        }
        return new Browser(playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setHeadless(true)
                        .setArgs(arguments)));
    }

    /** A page of a user who has never been here. */
    VoiceTab open(String url, Settings settings) {
        BrowserContext context = browser.newContext(new com.microsoft.playwright.Browser.NewContextOptions()
                .setViewportSize(settings.width(), settings.height())
                .setColorScheme(settings.dark() ? ColorScheme.DARK : ColorScheme.LIGHT));
        context.setDefaultTimeout(60_000);
        context.addInitScript(resource("taps.js"));
        context.addInitScript(settings.script());
        Page page = context.newPage();
        return new VoiceTab(page, url, settings.joining());
    }

    static String resource(String name) {
        try {
            return Files.readString(
                    Path.of(Browser.class.getResource("/" + name).toURI()));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        browser.close();
    }
}
