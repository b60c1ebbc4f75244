package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.client.SpeakerStream;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Codec;
import io.parley.local.audio.OggOpus;
import io.parley.local.audio.SpeechClip;
import io.parley.local.cli.ListenCommand;
import io.parley.local.cli.TalkCommand;
import io.parley.local.gateway.Impairment;
import io.parley.local.web.PageFiles;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Real browsers with microphones, codecs, sockets and loudspeakers, through the whole system. */
class BrowserVoiceITCase {

    private static final double LIKE = 0.8;
    private static final double UNLIKE = 0.2;
    /** Nobody else's voice, though it may have stuttered. */
    private static final double RECOGNISED = 0.5;

    private static VoiceStack stack;
    private static Browser ann;
    private static Browser bob;

    @BeforeAll
    static void start() throws Exception {
        stack = new VoiceStack(VoiceStack.QUICK, Impairment.NONE);
        ann = stack.speaking("ann");
        bob = stack.speaking("bob");
    }

    @AfterAll
    static void stop() {
        if (stack != null) {
            stack.close();
        }
    }

    private static VoiceTab open(Browser browser) {
        return browser.open(stack.url(), Settings.OPEN);
    }

    @Test
    void eachHearsTheOtherAndNotThemselves() throws Exception {
        try (VoiceTab a = open(ann).join("Ann", "pair");
                VoiceTab b = open(bob).join("Bob", "pair")) {
            a.awaitSpeaking("Bob");
            b.awaitSpeaking("Ann");
            Hearing.Heard byAnn = Hearing.until(LIKE, a, "ann", b, "bob");
            Hearing.Heard byBob = Hearing.until(LIKE, b, "bob", a, "ann");

            System.out.printf(
                    "browser: Ann hears Bob %s, herself %s; Bob hears Ann %s, himself %s%n",
                    byAnn.other(), byAnn.own(), byBob.other(), byBob.own());
            System.out.printf(
                    "browser: mouth to ear with chunks and ticks of 60 ms: %.0f and %.0f ms%n",
                    byAnn.mouthToEarMs(), byBob.mouthToEarMs());
            assertThat(byAnn.other().correlation()).isGreaterThan(LIKE);
            assertThat(byBob.other().correlation()).isGreaterThan(LIKE);
            assertThat(byAnn.own().correlation()).isLessThan(UNLIKE);
            assertThat(byBob.own().correlation()).isLessThan(UNLIKE);
            // Were the sources swapped, so would these be.
            Hearing.Heard swapped = Hearing.best(UNLIKE, a, "bob", b, "ann");
            assertThat(swapped.other().correlation()).isLessThan(UNLIKE);
            assertThat(a.complaints()).isEmpty();
            assertThat(b.complaints()).isEmpty();
        }
    }

    @Test
    void aPlayoutThatPlaysNothingIsNoticed() throws Exception {
        String silent = new String(getClass()
                        .getResourceAsStream("/web-client/playout-worklet.js")
                        .readAllBytes())
                .replace("out[i] = this.#next();", "this.#next();");
        stack.stack()
                .pages()
                .page(
                        "/playout-worklet.js",
                        request -> request.response()
                                .putHeader("Content-Type", "text/javascript")
                                .end(silent));
        try (VoiceTab a = open(ann).join("Ann", "mute");
                VoiceTab b = open(bob).join("Bob", "mute")) {
            a.awaitSpeaking("Bob");
            a.pass(10);
            assertThat(Hearing.best(UNLIKE, a, "ann", b, "bob").other().correlation())
                    .isLessThan(UNLIKE);
        } finally {
            stack.stack().pages().page("/playout-worklet.js", new PageFiles("/", "web-client"));
        }
    }

    @Test
    void whoIsMutedIsNotHeardWhoeverMutedThem() {
        try (VoiceTab a = open(ann).joinAsModerator("Ann", "mutes");
                VoiceTab b = open(bob).join("Bob", "mutes")) {
            a.awaitSpeaking("Bob");
            a.awaitVoice(1);

            b.press("Mute");
            a.awaitState("Bob", "Muted");
            a.awaitQuiet("Bob");
            a.awaitSilence(1);
            b.press("Mute");
            a.awaitVoice(1);

            a.press("Mute for me: Bob");
            a.awaitSilence(1);
            a.press("Muted for me: Bob");
            a.awaitVoice(1);

            a.press("Mute for all: Bob");
            b.awaitState("Bob", "Muted by a moderator");
            a.awaitSilence(1);
            a.press("Muted for all: Bob");
            a.awaitVoice(1);

            a.press("Deafen");
            a.awaitSilence(1);
            b.awaitState("Ann", "Deafened");
            a.press("Deafen");
            a.awaitVoice(1);

            a.press("Kick: Bob");
            b.awaitText("A moderator took you out of the room");
            a.awaitAbsent("Bob");
            assertThat(a.complaints()).isEmpty();
            assertThat(b.complaints()).isEmpty();
        }
    }

    @Test
    void pushToTalkTextsAndTheRoomsSettings() {
        try (VoiceTab a = open(ann).joinAsModerator("Ann", "keys");
                VoiceTab b =
                        bob.open(stack.url(), Settings.OPEN.withMode("ptt")).join("Bob", "keys")) {
            a.awaitPerson("Bob");
            b.page().keyboard().down("v");
            a.awaitSpeaking("Bob");
            b.page().keyboard().up("v");
            a.awaitQuiet("Bob");
            b.page().locator("#ptt").hover();
            b.page().mouse().down();
            a.awaitSpeaking("Bob");
            b.page().mouse().up();
            a.awaitQuiet("Bob");

            b.page().getByLabel("Message everybody").fill("<b>v</b>: hello");
            b.press("Send");
            a.awaitText("<b>v</b>: hello");

            a.press("Record");
            b.awaitText("This room is not recorded any more.");
            a.press("Record");
            b.awaitText("This room is recorded from now on.");
            b.page().locator("#recording").waitFor();
            a.press("Push-to-talk only");
            b.awaitText("Push-to-talk only");
            a.awaitQuiet("Ann");
            assertThat(a.complaints()).isEmpty();
            assertThat(b.complaints()).isEmpty();
        }
    }

    @Test
    void voiceActivationSendsSpeechAndNothingInItsPauses() throws Exception {
        try (VoiceTab a = ann.open(stack.url(), Settings.OPEN.withMode("voice")).join("Ann", "voice");
                VoiceTab b = open(bob).joinToListen("Bob", "voice")) {
            b.awaitSpeaking("Ann");
            b.awaitVoice(1);
            b.awaitQuiet("Ann");
            b.awaitSpeaking("Ann");
            b.awaitVoice(1);
        }
    }

    @Test
    void whoHasNoMicrophoneListensAndIsTold() throws Exception {
        try (Browser silent = stack.withoutMicrophone();
                VoiceTab a = open(ann).join("Ann", "listeners");
                VoiceTab b = open(silent).join("Listener", "listeners")) {
            b.awaitText("No microphone was found.");
            b.awaitSpeaking("Ann");
            b.awaitVoice(2);
        }
        try (Browser silent = stack.withoutMicrophone();
                VoiceTab a = open(ann).join("Ann", "listeners");
                VoiceTab b = open(silent).joinToListen("Listener", "listeners")) {
            b.awaitVoice(2);
            b.awaitText("Listening only");
            assertThat(b.complaints()).isEmpty();
        }
    }

    @Test
    void whoRefusesTheMicrophoneIsToldWhatToDo() throws Exception {
        try (Browser refusing = stack.refusing();
                VoiceTab b = open(refusing).join("Shy", "shy")) {
            b.awaitText("The browser was not allowed to use the microphone.");
        }
    }

    @Test
    void aBrowserOrPageThatCannotIsTold() {
        try (VoiceTab a = ann.open(
                stack.url(), Settings.OPEN.prepared(page -> page.addInitScript("delete window.AudioEncoder")))) {
            a.awaitText("This browser has no WebCodecs");
        }
        try (VoiceTab a = ann.open(
                stack.url(),
                Settings.OPEN.prepared(page ->
                        page.addInitScript("Object.defineProperty(window, 'isSecureContext', {get: () => false})")))) {
            a.awaitText("This page was not loaded securely");
        }
    }

    @Test
    void aConnectionThatTheServerDropsIsReplaced() throws Exception {
        List<String> connections = new ArrayList<>();
        Pattern connection = Pattern.compile("\"connection\":\"([^\"]+)\"");
        Settings noting = Settings.OPEN.prepared(page -> page.onWebSocket(socket -> socket.onFrameReceived(frame -> {
            Matcher found = connection.matcher(frame.text() == null ? "" : frame.text());
            if (found.find()) {
                connections.add(found.group(1));
            }
        })));
        try (VoiceTab a = ann.open(stack.url(), noting).join("Ann", "dropped");
                VoiceTab b = open(bob).join("Bob", "dropped")) {
            a.awaitVoice(1);
            drop(connections.get(0));
            b.awaitText("Ann joined.");
            a.awaitStatus("Connected");
            b.awaitSpeaking("Ann");
            assertThat(Hearing.until(RECOGNISED, b, "bob", a, "ann").other().correlation())
                    .isGreaterThan(RECOGNISED);
            assertThat(Hearing.until(RECOGNISED, a, "ann", b, "bob").other().correlation())
                    .isGreaterThan(RECOGNISED);
            assertThat(connections).hasSize(2);
        }
    }

    /** As an operator would by the management API. */
    private static void drop(String connection) throws Exception {
        URI url = URI.create(stack.stack().credentials().url().replace("ws://", "http://") + "/@connections/"
                + connection.replace("=", "%3D"));
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(url)
                                .header("Authorization", "AWS4-HMAC-SHA256 Credential=local/20260101/r/execute-api/x")
                                .DELETE()
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(204);
    }

    @Test
    void aConnectionWhoseTimeIsUpIsReplacedBeforeItEndsAndNothingIsMissed() throws Exception {
        // Each once, however often it is told.
        Set<String> sockets = new LinkedHashSet<>();
        AtomicInteger count = new AtomicInteger();
        Settings shortLived = Settings.OPEN.prepared(page -> page.routeWebSocket(Pattern.compile("ws://.*"), route -> {
            int number = count.incrementAndGet();
            boolean first = number == 1;
            sockets.add(number + " opened");
            com.microsoft.playwright.WebSocketRoute server = route.connectToServer();
            server.onMessage(frame -> route.send(
                    first && frame.text().contains("\"action\":\"joined\"")
                            ? frame.text()
                                    .replaceAll(
                                            "\"reconnectBefore\":\\d+",
                                            "\"reconnectBefore\":" + (System.currentTimeMillis() + 10_000))
                            : frame.text()));
            route.onClose((code, reason) -> {
                sockets.add(number + " closed");
                server.close();
            });
        }));
        try (VoiceTab a = ann.open(stack.url(), shortLived).join("Ann", "limit");
                VoiceTab b = open(bob).join("Bob", "limit")) {
            b.awaitSpeaking("Ann");
            for (int i = 0; i < 240 && sockets.size() < 3; i++) {
                a.pass(0.25);
            }
            assertThat(sockets).containsExactly("1 opened", "2 opened", "1 closed");
            assertThat(Hearing.until(RECOGNISED, b, "bob", a, "ann").other().correlation())
                    .isGreaterThan(RECOGNISED);
            assertThat(Hearing.until(RECOGNISED, a, "ann", b, "bob").other().correlation())
                    .isGreaterThan(RECOGNISED);
            assertThat(b.page().locator("#messages").textContent()).doesNotContain("Ann left");
            assertThat(a.complaints()).isEmpty();
        }
    }

    @Test
    void corruptFramesHarmNobodyForLong() throws Exception {
        try (VoiceTab b = open(bob).joinToListen("Bob", "corrupt");
                VoiceClient carl = stack.program("carl", "corrupt", new VoiceListener() {})) {
            SpeakerStream stream = carl.speaker("corrupt", Codec.OPUS, 20_000, 3);
            SpeechClip clip = SpeechClip.bundled().get(2);
            // The TOC byte of a CELT frame of 20 ms, and then nothing that a coder ever wrote.
            for (int i = 0; i < 60; i++) {
                byte[] corrupt = new byte[i % 3 == 0 ? 1 : 200];
                java.util.Arrays.fill(corrupt, (byte) (i * 37));
                corrupt[0] = (byte) 0x9B;
                stream.frame(20, corrupt);
                b.pass(0.02);
            }
            stream.endSpurt();
            b.awaitQuiet("carl");
            double saidAtMs = System.currentTimeMillis();
            say(clip, stream, b);
            b.awaitQuiet("carl");
            Sound heard = b.heard(clip.frames().size() * 0.02 + 3);
            Sound said = Sound.ofVoice("cleo").repeated(30).at(saidAtMs - 9_500);
            double best = 0;
            for (double at = 0; at + 2 < heard.seconds() && best < RECOGNISED; at += 0.5) {
                best = Math.max(
                        best,
                        Likeness.of(heard.part(at, at + 2), said, -3_000, 3_000).correlation());
            }
            assertThat(best).isGreaterThan(RECOGNISED);
            assertThat(b.complaints()).isEmpty();
        }
    }

    /** At the pace of speech. */
    private static void say(SpeechClip clip, SpeakerStream stream, VoiceTab meanwhile) {
        long start = System.nanoTime();
        for (int i = 0; i < clip.frames().size(); i++) {
            double aheadMs = i * 20 - (System.nanoTime() - start) / 1e6;
            if (aheadMs > 0) {
                meanwhile.pass(aheadMs / 1_000);
            }
            stream.frame(clip.frames().get(i).level(), clip.frames().get(i).payload());
        }
        stream.endSpurt();
    }

    @Test
    void aBrowserAndTheCommandLineHearEachOther(@TempDir Path folder) throws Exception {
        Path ogg = folder.resolve("heard.ogg");
        try (VoiceTab a = open(ann).join("Ann", "cli")) {
            CompletableFuture<Integer> listening = command(
                    new ListenCommand(), "listener", "--room", "cli", "--out", ogg.toString(), "--seconds", "20");
            a.awaitPerson("listener");
            CompletableFuture<Integer> talking = command(new TalkCommand(), "talker", "--room", "cli");
            a.awaitSpeaking("talker");
            a.awaitVoice(2);
            while (!talking.isDone() || !listening.isDone()) {
                a.pass(0.2);
            }
            assertThat(talking.get()).isZero();
            assertThat(listening.get()).isZero();
            assertThat(a.complaints()).isEmpty();
        }
        try (InputStream in = Files.newInputStream(ogg)) {
            List<byte[]> packets = OggOpus.read(in);
            Sound heard = Sound.ofOpus(packets);
            double best = 0;
            Sound wav = Sound.ofVoice("ann").repeated(30).at(-10_000);
            for (double at = 0; at + 3 < heard.seconds() && best < LIKE; at += 1) {
                best = Math.max(
                        best,
                        Likeness.of(heard.part(at, at + 3).at(0), wav, 0, 9_000).correlation());
            }
            assertThat(best).isGreaterThan(RECOGNISED);
        }
    }

    private static CompletableFuture<Integer> command(Object command, String user, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--url", stack.stack().credentials().url(),
                "--api-key", stack.stack().credentials().apiKey(),
                "--token", stack.stack().token(user),
                "--ticket", stack.ticket(user, "cli"),
                "--name", user));
        return CompletableFuture.supplyAsync(() -> new CommandLine(command).execute(all.toArray(String[]::new)));
    }
}
