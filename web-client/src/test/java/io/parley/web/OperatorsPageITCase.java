package io.parley.web;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.deque.html.axecore.playwright.AxeBuilder;
import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserType;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Playwright;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ColorScheme;
import io.parley.client.SpeakerStream;
import io.parley.client.TokenSource;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/** The operator's page in a real browser, on a running stack: first in silence, then while two people talk. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class OperatorsPageITCase {

    private static final Path SCREENSHOTS = Path.of("target", "screenshots");
    private static final int FRAMES = 5;
    private static final int JOIN_SECONDS = 120;
    private static final double TIMEOUT_MS = 60_000;
    private static final Pattern A_NUMBER = Pattern.compile("[1-9]");

    private static Playwright playwright;
    private static Browser browser;
    private static LocalStack stack;
    private static final List<VoiceClient> CLIENTS = new ArrayList<>();
    private static final ScheduledExecutorService PACE = Executors.newScheduledThreadPool(1);

    @BeforeAll
    static void start() throws Exception {
        Path chromium = Tools.chromium();
        PlaywrightAssertions.setDefaultAssertionTimeout(TIMEOUT_MS);
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
        stack = LocalStack.start(StackOptions.onFreePorts());
        browser = playwright
                .chromium()
                .launch(new BrowserType.LaunchOptions()
                        .setExecutablePath(chromium)
                        .setHeadless(true)
                        .setArgs(List.of("--no-sandbox", "--disable-gpu", "--disable-background-networking")));
    }

    @AfterAll
    static void stop() {
        PACE.shutdownNow();
        CLIENTS.forEach(VoiceClient::close);
        if (playwright != null) {
            playwright.close();
        }
        if (stack != null) {
            stack.close();
        }
    }

    @Test
    @Order(1)
    void inSilenceItSaysThatAllRunsAndHowToMakeTraffic() {
        try (Tab tab = new Tab(1280, 900, ColorScheme.LIGHT)) {
            assertThat(tab.page.locator("#flink"))
                    .hasAttribute("href", stack.credentials().flink());
            assertThat(tab.page.locator(".plot canvas"))
                    .hasCount(tab.page.locator("figure").count());
            // What the stack itself said to see that it is ready is over after a while.
            assertThat(tab.page.locator("#no-rooms")).isVisible();
            tab.check("ops-silent");
        }
    }

    @Test
    @Order(2)
    void whileTwoPeopleTalkItShowsThemInTilesChartsAndTables() throws Exception {
        talk("ann");
        talk("ben");
        try (Tab tab = new Tab(1280, 900, ColorScheme.LIGHT)) {
            assertThat(tab.page.getByRole(AriaRole.ROW, new Page.GetByRoleOptions().setName(Pattern.compile("shown"))))
                    .isVisible();
            for (String tile : List.of("Rooms", "Speaking", "Frames played", "Ticks", "Posts", "To the post, p95")) {
                Locator figure = tab.page
                        .locator(".tile", new Page.LocatorOptions().setHasText(tile))
                        .locator(".figure")
                        .first();
                assertThat(figure).containsText(A_NUMBER);
            }
            for (String hop : List.of("gateway → ingest", "stream → job", "job → tick", "gateway → post, all of it")) {
                assertThat(tab.page.locator("#details-hops tr", new Page.LocatorOptions().setHasText(hop)))
                        .containsText(A_NUMBER);
            }
            assertThat(tab.page.locator("#details-job")).containsText("parallelism 1");
            assertThat(tab.page.locator("#empty")).isHidden();
            tab.page
                    .getByText("1 min", new Page.GetByTextOptions().setExact(true))
                    .click();
            tab.check("ops-light");
        }
    }

    @Test
    @Order(3)
    void itIsAsGoodInTheDarkAndOnAPhone() {
        try (Tab tab = new Tab(1280, 900, ColorScheme.DARK)) {
            assertThat(tab.page.locator("#rooms tr")).hasCount(1);
            tab.check("ops-dark");
        }
        try (Tab tab = new Tab(390, 844, ColorScheme.LIGHT)) {
            assertThat(tab.page.locator("#rooms tr")).hasCount(1);
            assertThat((Boolean) tab.page.evaluate("document.documentElement.scrollWidth <= innerWidth"))
                    .as("nothing is wider than the screen")
                    .isTrue();
            tab.check("ops-phone");
        }
    }

    /** Somebody who speaks without a pause, at the pace of speech. */
    private static void talk(String name) throws Exception {
        VoiceClient client = VoiceClient.create(
                VoiceClientOptions.of(URI.create(stack.credentials().url()))
                        .withApiKey(stack.credentials().apiKey())
                        .withTokens(TokenSource.fixed(stack.token(name))),
                new VoiceListener() {});
        CLIENTS.add(client);
        client.connect().get(JOIN_SECONDS, TimeUnit.SECONDS);
        client.join("shown", name).get(JOIN_SECONDS, TimeUnit.SECONDS);
        SpeakerStream stream =
                client.speaker("shown", Codec.OPUS, 20_000, FRAMES).traced();
        byte[] frame = {(byte) (19 << 3), 1, 2, 3};
        PACE.scheduleAtFixedRate(
                () -> {
                    for (int f = 0; f < FRAMES; f++) {
                        stream.frame(30, frame, System.currentTimeMillis());
                    }
                },
                0,
                100,
                TimeUnit.MILLISECONDS);
    }

    /** The page in a tab of its own. */
    private static final class Tab implements AutoCloseable {

        final Page page;
        private final List<String> complaints = new ArrayList<>();

        Tab(int width, int height, ColorScheme colours) {
            page = browser.newContext(new Browser.NewContextOptions()
                            .setViewportSize(width, height)
                            .setColorScheme(colours))
                    .newPage();
            page.setDefaultTimeout(TIMEOUT_MS);
            page.onConsoleMessage(message -> {
                if (message.type().equals("error") || message.type().equals("warning")) {
                    complaints.add(message.text());
                }
            });
            page.onPageError(complaints::add);
            page.navigate(stack.credentials().pages() + "/ops");
        }

        /** Keeps a picture; nothing is in the browser's console, and axe finds nothing. */
        void check(String name) {
            page.screenshot(new Page.ScreenshotOptions()
                    .setPath(SCREENSHOTS.resolve(name + ".png"))
                    .setFullPage(true));
            assertThat(complaints).isEmpty();
            assertThat(new AxeBuilder(page).analyze().getViolations()).isEmpty();
        }

        @Override
        public void close() {
            page.context().close();
        }
    }
}
