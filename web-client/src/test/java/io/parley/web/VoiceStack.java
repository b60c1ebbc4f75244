package io.parley.web;

import com.microsoft.playwright.Playwright;
import io.parley.client.TicketSource;
import io.parley.client.TokenSource;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceClientOptions;
import io.parley.client.VoiceListener;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.local.gateway.Impairment;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.StackOptions;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A stack whose rooms ask for tickets, and browsers that speak with different voices. */
final class VoiceStack implements AutoCloseable {

    /** The quickest that voice goes: chunks and ticks of 60 ms. */
    static final Map<String, String> QUICK =
            Map.of("room.chunk-ms", "60", "room.tick-period-ms", "60", "room.playout-hint-ms", "70");

    private final Path chromium = Tools.chromium();
    private final LocalStack stack;
    private final Playwright playwright;

    VoiceStack(Map<String, String> roomSettings, Impairment impairment) throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withRoomSettings(roomSettings)
                // An object for each chunk takes from the two browsers what they need.
                .withArchive(ArchiveMode.SEGMENT, EventGranularity.UTTERANCE)
                .withImpairment(impairment)
                .withFunctionSettings(Map.of("ROOM_POLICY", "ticket")));
        stack.pages()
                .page(
                        "/tap-worklet.js",
                        request -> request.response()
                                .putHeader("Content-Type", "text/javascript")
                                .end(Browser.resource("tap-worklet.js")));
        playwright = Playwright.create(
                new Playwright.CreateOptions().setEnv(Map.of("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")));
    }

    LocalStack stack() {
        return stack;
    }

    String url() {
        return stack.credentials().pages();
    }

    /** A browser whose microphone hears that bundled voice over and over. */
    Browser speaking(String voice) throws Exception {
        Path file = Files.createDirectories(Path.of("target", "voices"))
                .resolve(voice + ".wav")
                .toAbsolutePath();
        Sound.ofVoice(voice).writeWav(file);
        return Browser.start(playwright, chromium, file, true);
    }

    /** A browser on a machine without a microphone. */
    Browser withoutMicrophone() {
        return Browser.start(playwright, chromium, null, false);
    }

    /** A browser whose user lets no page use the microphone. */
    Browser refusing() throws Exception {
        return Browser.start(
                playwright, chromium, Path.of("target", "voices", "ann.wav").toAbsolutePath(), false);
    }

    /** A program in that room. */
    VoiceClient program(String user, String room, VoiceListener listener) throws Exception {
        VoiceClient client = VoiceClient.create(
                VoiceClientOptions.of(URI.create(stack.credentials().url()))
                        .withApiKey(stack.credentials().apiKey())
                        .withTokens(TokenSource.fixed(stack.token(user)))
                        .withTickets(TicketSource.fixed(ticket(user, room))),
                listener);
        client.connect().get(60, TimeUnit.SECONDS);
        client.join(room, user).get(60, TimeUnit.SECONDS);
        return client;
    }

    String ticket(String user, String room) {
        return stack.ticket(user, room, Grant.PUBLISH, Grant.LISTEN);
    }

    @Override
    public void close() {
        playwright.close();
        stack.close();
    }
}
