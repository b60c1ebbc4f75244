package io.parley.local.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.client.RoomEvent;
import io.parley.client.SpeakerStream;
import io.parley.client.VoiceClient;
import io.parley.client.VoiceFrame;
import io.parley.client.VoiceListener;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.WebSocketHandshakeException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Clients of the original protocol, which send what the Minecraft mod sends, among those of the new one. */
class SeedClientsITCase {

    private static final String ROOM = "lobby";
    /** What the mod sends at a time, and the most that a message may carry. */
    private static final int BUFFER = 4_096;

    private static final int LARGEST = 22_016;

    private static LocalStack stack;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withFunctionSettings(Map.of("SEED_CLIENTS", "on"))
                .withRoomSettings(Map.of(
                        "room.max-hold-ms", "3000",
                        "room.max-held-frames", "500",
                        "room.playout-deadline-ms", "30000")));
    }

    @AfterAll
    static void stop() {
        stack.close();
    }

    @AfterEach
    void everybodyHasLeft() throws Exception {
        Eventually.until("the connections table is empty", () -> stack.connectionItems() == 0);
    }

    @Test
    void areHeardByTheirKindAndByClientsOfTheNewProtocolBitForBit() throws Exception {
        PcmEar modern = new PcmEar();
        byte[] speech = noise(10 * BUFFER, 1);
        try (VoiceClient client = joined("steves-friend", modern);
                RawClient listener = RawClient.connectSeed(stack.credentials());
                RawClient mod = RawClient.connectSeed(stack.credentials())) {
            say(mod, "Steve", speech);

            Eventually.until("the other mod hears it", () -> audio(listener, "Steve").length == speech.length);
            assertThat(audio(listener, "Steve")).isEqualTo(speech);
            String participant = "seed-" + connectionOf(mod);
            Eventually.until("the new client hears it", () -> modern.heard(participant).length == speech.length);
            assertThat(modern.heard(participant)).isEqualTo(speech);
            assertThat(modern.codecs).containsOnly(Map.entry(participant, Codec.PCM16_16K));
            assertThat(modern.events).as("the author's name too").contains("JOINED " + participant + " Steve");
            assertThat(mod.received()).as("nobody hears its own voice").isEmpty();
        }
    }

    @Test
    void hearPcmOfClientsOfTheNewProtocolInTheirOwnFormatWithoutHavingSaidAWord() throws Exception {
        PcmEar ear = new PcmEar();
        byte[] speech = noise(50 * 640, 2);
        try (RawClient mod = RawClient.connectSeed(stack.credentials());
                VoiceClient other = joined("bob", new PcmEar());
                VoiceClient client = joined("alex", ear)) {
            SpeakerStream opus = other.speaker(ROOM, Codec.OPUS, 20_000, 1);
            opus.lastFrame(30, Ear.payload("bob", 0), 0);
            Eventually.until("others hear Opus", () -> ear.codecs.containsValue(Codec.OPUS));
            SpeakerStream pcm = client.speaker(ROOM, Codec.PCM16_16K, 20_000, 5).startingAt(100);
            for (int i = 0; i < speech.length; i += 640) {
                pcm.frame(30, Arrays.copyOfRange(speech, i, i + 640), i);
            }

            Eventually.until("the mod hears it", () -> audio(mod, "alex").length == speech.length);
            assertThat(audio(mod, "alex")).isEqualTo(speech);
            assertThat(mod.received()).as("and nothing else").allSatisfy(message -> {
                assertThat(message.path("data").path("author").asText()).isEqualTo("alex");
                assertThat(message.fieldNames()).toIterable().containsExactly("action", "data");
                assertThat(message.path("action").asText()).isEqualTo("audio");
                assertThat(message.path("data").path("timestamp").asLong()).isPositive();
            });
        }
    }

    @Test
    void getNoFurtherThanTheirRoomAndTheirVoice() throws Exception {
        PcmEar ear = new PcmEar();
        try (VoiceClient client = joined("alex", ear);
                RawClient mod = RawClient.connectSeed(stack.credentials())) {
            mod.send("{\"action\":\"join\",\"room\":\"attic\"}");
            assertThat(mod.awaitAction("error").path("code").asText()).isEqualTo("not_allowed");
            for (String action : new String[] {"kick", "ban", "lock", "muteroom", "say", "leave"}) {
                mod.send("{\"action\":\"" + action + "\",\"room\":\"lobby\",\"participant\":\"alex\",\"text\":\"hi\"}");
            }
            mod.send("{\"action\":\"sendaudio\",\"room\":\"lobby\",\"chunk\":\"AQ==\"}");

            String participant = "seed-" + connectionOf(mod);
            say(mod, "Steve", noise(BUFFER, 3));
            Eventually.until("all is as it was", () -> ear.heard(participant).length == BUFFER);
            assertThat(ear.events).noneMatch(event -> event.matches("(LEFT|MUTED|LOCKED|SAID).*"));
        }
    }

    @Test
    void whoFloodIsStoppedAndNobodyElseNotices() throws Exception {
        PcmEar ear = new PcmEar();
        byte[] speech = noise(10 * BUFFER, 4);
        byte[] flood = noise(10 * LARGEST, 5);
        try (VoiceClient client = joined("alex", ear);
                RawClient flooder = RawClient.connectSeed(stack.credentials());
                RawClient mod = RawClient.connectSeed(stack.credentials())) {
            for (int i = 0; i < flood.length; i += LARGEST) {
                flooder.send(message("Eve", Arrays.copyOfRange(flood, i, i + LARGEST), i / 32));
            }
            say(mod, "Steve", speech);

            assertThat(flooder.awaitAction("error").path("code").asText()).isEqualTo("rate_limited");
            String steve = "seed-" + connectionOf(mod);
            Eventually.until("the other is heard", () -> ear.heard(steve).length == speech.length);
            assertThat(ear.heard(steve)).isEqualTo(speech);
            assertThat(mod.has(message -> message.path("action").asText().equals("error")))
                    .isFalse();
            assertThat(ear.heard("seed-" + connectionOf(flooder)).length).isLessThan(flood.length);
        }
    }

    @Test
    void areRefusedWhereTheyAreNotServed() throws Exception {
        try (LocalStack other = LocalStack.start(StackOptions.onFreePorts().withoutJob())) {
            assertThatThrownBy(() -> RawClient.connectSeed(other.credentials()))
                    .isInstanceOf(ExecutionException.class)
                    .cause()
                    .isInstanceOfSatisfying(
                            WebSocketHandshakeException.class,
                            e -> assertThat(e.getResponse().statusCode()).isEqualTo(401));
        }
    }

    private static void say(RawClient mod, String author, byte[] pcm) throws Exception {
        for (int i = 0; i < pcm.length; i += BUFFER) {
            mod.send(message(author, Arrays.copyOfRange(pcm, i, i + BUFFER), i / 32));
            // The pace of speech: a buffer of 128 ms.
            TimeUnit.MILLISECONDS.sleep(128);
        }
    }
    /** The very message of the mod. */
    private static String message(String author, byte[] pcm, long ms) {
        return "{\"action\":\"sendaudio\",\"data\":\""
                + Base64.getEncoder().encodeToString(pcm)
                + "\",\"author\":\"" + author
                + "\",\"timestamp\":" + (1_700_000_000_000L + ms)
                + ",\"format\":\"pcm\",\"encoding\":\"base64\"}";
    }

    private static String connectionOf(RawClient client) throws Exception {
        client.send("{\"action\":\"ping\"}");
        return client.awaitAction("pong").path("data").path("connectionId").asText();
    }

    /** What a client of the original protocol got of that author so far. */
    private static byte[] audio(RawClient client, String author) throws IOException {
        ByteArrayOutputStream audio = new ByteArrayOutputStream();
        for (JsonNode message : client.received()) {
            JsonNode data = message.path("data");
            if (data.path("author").asText().equals(author)) {
                audio.write(data.path("audio").binaryValue());
            }
        }
        return audio.toByteArray();
    }

    private static VoiceClient joined(String user, VoiceListener listener) throws Exception {
        VoiceClient client = Player.connect(stack, user, listener);
        client.join(ROOM, user).get(30, TimeUnit.SECONDS);
        return client;
    }

    private static byte[] noise(int count, long seed) {
        byte[] bytes = new byte[count];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    /** What a client of the new protocol got, by participant. Written on its client's thread, read by the test. */
    private static final class PcmEar implements VoiceListener {
        final Map<String, Codec> codecs = new ConcurrentHashMap<>();
        final Set<String> events = ConcurrentHashMap.newKeySet();
        private final Map<String, ByteArrayOutputStream> audio = new ConcurrentHashMap<>();

        byte[] heard(String participant) {
            return audio.computeIfAbsent(participant, p -> new ByteArrayOutputStream())
                    .toByteArray();
        }

        @Override
        public void onFrame(VoiceFrame frame) {
            codecs.put(frame.participant(), frame.codec());
            audio.computeIfAbsent(frame.participant(), p -> new ByteArrayOutputStream())
                    .writeBytes(frame.payload());
        }

        @Override
        public void onEvent(RoomEvent event) {
            events.add(event.kind() + " " + event.participant() + " " + event.text());
        }
    }
}
