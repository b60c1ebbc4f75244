package io.parley.local.system;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import io.parley.local.system.RecordedTicks.TickId;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Whatever is sent to hurt is refused and goes no further, while two others talk on undisturbed. */
class HostileInputITCase {

    private static final String ROOM = "hostile-input";
    /** In every text that must not get anywhere. */
    private static final String MARK = "evil";

    private static LocalStack stack;
    private static PacedSpeaker other;
    private static Player listener;
    private static ScheduledExecutorService pace;

    @BeforeAll
    static void start() throws Exception {
        stack = LocalStack.start(StackOptions.onFreePorts()
                .withRoomSettings(Map.of(
                        "room.max-hold-ms", "3000",
                        "room.max-held-frames", "500",
                        "room.playout-deadline-ms", "30000")));
        listener = Player.joined(stack, "undisturbed-listener", "quiet");
        other = PacedSpeaker.joined(stack, "undisturbed-speaker", "quiet");
        pace = Executors.newSingleThreadScheduledExecutor();
        other.speak(pace);
    }

    @AfterAll
    static void stop() throws Exception {
        try {
            assertThat(Table.all(stack).toString()).contains("quiet").doesNotContain(MARK);
            assertThat(VoiceStreamRecords.all(stack))
                    .isNotEmpty()
                    .noneMatch(record -> record.toString().contains(MARK));
        } finally {
            close();
        }
    }

    private static void close() {
        pace.shutdownNow();
        other.close();
        listener.close();
        stack.close();
    }

    @AfterEach
    void theOthersHaveHeardAllOfEachOther() throws Exception {
        int said = other.sentMs().size();
        String speaker = other.sentMs().keySet().iterator().next().participant();
        Eventually.until(
                "all that was said is heard",
                () -> listener.ear().heard(speaker).size() >= said);
        List<Integer> heard = listener.ear().heard(speaker);
        assertThat(heard).isEqualTo(IntStream.range(0, heard.size()).boxed().toList());
        assertThat(listener.ear().altered).isEmpty();
        assertThat(listener.ear().losses()).isZero();
        assertThat(listener.ear().missedTicks()).isZero();
        assertThat(other.errors()).isEmpty();
    }

    static Stream<Arguments> refused() {
        String huge = "1" + "0".repeat(400);
        List<Arguments> all = new ArrayList<>(List.of(
                Arguments.of("message_too_large", "nested 100,000 deep", field("x", "[".repeat(100_000))),
                Arguments.of("message_too_large", "objects 20,000 deep", field("x", "{\"a\":".repeat(20_000))),
                Arguments.of("bad_json", "nested 29,000 deep", field("x", "[".repeat(29_000))),
                Arguments.of("message_too_large", "128 KB of garbage", garbage(128 * 1024)),
                Arguments.of("bad_json", "20 KB of garbage", garbage(20 * 1024)),
                Arguments.of("bad_json", "a key twice", "{\"action\":\"join\",\"room\":\"evil1\",\"room\":\"evil2\"}"),
                Arguments.of(
                        "bad_json", "an action twice", "{\"action\":\"ping\",\"action\":\"join\",\"room\":\"evil\"}")));
        for (String number : List.of("1e999999", "-1e999999", huge, "-" + huge, "1E-999999")) {
            String shown = number.length() > 20 ? "10^400" : number;
            all.add(Arguments.of("bad_field", "time " + shown, "{\"action\":\"ping\",\"time\":" + number + "}"));
            all.add(Arguments.of(
                    "bad_field", "n " + shown, "{\"action\":\"mute\",\"room\":\"" + ROOM + "\",\"n\":" + number + "}"));
            all.add(Arguments.of(
                    "bad_field",
                    "minutes " + shown,
                    "{\"action\":\"ban\",\"room\":\"" + ROOM + "\",\"participant\":\"bob\",\"minutes\":" + number
                            + "}"));
        }
        for (String bad : List.of("\\u0000", "\\ud800", "\\udc00", "\\udc00\\ud800", "\\u001b[2J")) {
            String text = "\"" + MARK + bad + "\"";
            all.add(Arguments.of(
                    "bad_field", "name " + bad, "{\"action\":\"join\",\"room\":\"evil\",\"name\":" + text + "}"));
            all.add(Arguments.of(
                    "bad_field",
                    "replaces " + bad,
                    "{\"action\":\"join\",\"room\":\"evil\",\"resume\":\"x\",\"replaces\":" + text + "}"));
            all.add(Arguments.of(
                    "bad_field",
                    "text " + bad,
                    "{\"action\":\"say\",\"room\":\"" + ROOM + "\",\"text\":" + text + "}"));
            all.add(Arguments.of(
                    "bad_field",
                    "reason " + bad,
                    "{\"action\":\"kick\",\"room\":\"" + ROOM + "\",\"participant\":\"bob\",\"reason\":" + text + "}"));
            all.add(Arguments.of(
                    "bad_field",
                    "participant " + bad,
                    "{\"action\":\"block\",\"room\":\"" + ROOM + "\",\"participant\":" + text + "}"));
            all.add(Arguments.of(
                    "bad_field", "id " + bad, "{\"action\":\"probe\",\"room\":\"" + ROOM + "\",\"id\":" + text + "}"));
            all.add(Arguments.of(
                    "unauthorized",
                    "token " + bad,
                    "{\"action\":\"renew\",\"room\":\"" + ROOM + "\",\"token\":" + text + "}"));
            all.add(Arguments.of(
                    "bad_room", "to " + bad, "{\"action\":\"switch\",\"room\":\"" + ROOM + "\",\"to\":" + text + "}"));
            all.add(Arguments.of(
                    "bad_base64",
                    "chunk " + bad,
                    "{\"action\":\"sendaudio\",\"room\":\"" + ROOM + "\",\"chunk\":" + text + "}"));
        }
        for (String room :
                List.of("../evil", "evil/../../lobby", "evil.room", "/evil", "ROOM#evil", "evil%2f", "evil\\u0000")) {
            all.add(Arguments.of("bad_room", "room " + room, "{\"action\":\"join\",\"room\":\"" + room + "\"}"));
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("refused")
    void isRefusedByItsCodeAndNobodyAndNothingGetsIt(String code, String what, String message) throws Exception {
        try (RawClient witness = joined("witness");
                RawClient client = joined("attacker")) {
            client.sendInFrames(message);

            JsonNode error = client.awaitAction("error");
            assertThat(error.path("code").asText()).isEqualTo(code);
            client.sendAction("ping", "time", 5);
            assertThat(client.awaitAction("pong").path("time").asLong()).isEqualTo(5);
            client.sendAction("say", "room", ROOM, "text", "after " + code);
            witness.await(tick -> tick.toString().contains("after " + code));
            assertThat(witness.received().toString()).doesNotContain(MARK);
        }
    }

    @Test
    void whoDoesNotReadIsWaitedForByNobody() throws Exception {
        try (RawClient slow = joined("slow");
                RawClient hears = joined("hears");
                RawClient loud = joined("loud")) {
            slow.stopListening();
            int frames = 500;
            for (int sequence = 0; sequence < frames; sequence += 5) {
                loud.sendAction("sendaudio", "room", ROOM, "chunk", pcm(sequence));
                // The pace of speech.
                TimeUnit.MILLISECONDS.sleep(100);
            }
            Eventually.until("another hears all of it", () -> heard(hears) == frames);

            slow.listen();
            loud.sendAction("say", "room", ROOM, "text", "awake?");
            slow.await(message -> message.toString().contains("awake?"));
            assertThat(heard(slow)).isLessThanOrEqualTo(frames);
        }
    }

    @Test
    void noWebPageGetsInNeitherByItsOriginNorByANameThatMeansThisMachine() throws Exception {
        URI gateway = URI.create(stack.credentials().url());
        URI edge = URI.create(stack.credentials().edge());
        String own = "127.0.0.1:" + gateway.getPort();
        assertThat(upgrade(gateway, own)).contains(" 101 ");
        assertThat(upgrade(gateway, own, "Origin: http://page.example")).contains(" 403 ");
        assertThat(upgrade(gateway, own, "Origin: null")).contains(" 403 ");
        assertThat(upgrade(gateway, "rebound.example:" + gateway.getPort())).contains(" 403 ");
        assertThat(statusLine(edge, "GET / HTTP/1.1", "127.0.0.1:" + edge.getPort(), "Origin: http://page.example"))
                .contains(" 403 ");
        assertThat(statusLine(edge, "GET / HTTP/1.1", "rebound.example:" + edge.getPort()))
                .contains(" 403 ");
    }

    private static String upgrade(URI gateway, String host, String... headers) throws Exception {
        List<String> all = new ArrayList<>(List.of(headers));
        all.addAll(List.of(
                "Connection: Upgrade",
                "Upgrade: websocket",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
                "Sec-WebSocket-Protocol: parley.v1",
                "x-api-key: " + stack.credentials().apiKey(),
                "Authorization: Bearer " + stack.token("page")));
        return statusLine(gateway, "GET " + gateway.getPath() + " HTTP/1.1", host, all.toArray(new String[0]));
    }

    private static String statusLine(URI server, String request, String host, String... headers) throws Exception {
        String head = Stream.concat(Stream.of(request, "Host: " + host), Stream.of(headers))
                .collect(Collectors.joining("\r\n", "", "\r\n\r\n"));
        try (Socket socket = new Socket("127.0.0.1", server.getPort())) {
            socket.getOutputStream().write(head.getBytes(US_ASCII));
            return new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII)).readLine();
        }
    }

    private static int heard(RawClient client) throws Exception {
        Map<TickId, JsonNode> ticks = RecordedTicks.of(client, ROOM).all();
        return RecordedTicks.frames(ticks, stack.participant("loud")).values().stream()
                .mapToInt(i -> i)
                .sum();
    }

    private static RawClient joined(String user) throws Exception {
        RawClient client = RawClient.connect(stack.credentials(), stack.token(user));
        client.sendAction("join", "room", ROOM);
        client.awaitAction("joined");
        return client;
    }

    private static String pcm(int sequence) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.PCM16_48K, 20_000, sequence, sequence, 0);
        for (int f = 0; f < 5; f++) {
            chunk.frame(20, new byte[1_920]);
        }
        return Base64.getEncoder().encodeToString(chunk.build());
    }

    private static String field(String name, String value) {
        return "{\"action\":\"ping\",\"" + name + "\":" + value;
    }

    /** ASCII, so that it is as many bytes. */
    private static String garbage(int bytes) {
        return new Random(bytes)
                .ints(bytes, ' ', 127)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }
}
