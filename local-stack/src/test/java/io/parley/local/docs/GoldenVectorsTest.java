package io.parley.local.docs;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The golden files, read as somebody would who knows docs/formats.md and docs/protocol.md and nothing of this code: no
 * class of Parley is used.
 */
class GoldenVectorsTest {

    private static final byte[] ZEROS = new byte[32];
    private static final List<String> KINDS = List.of(
            "",
            "opened",
            "joined",
            "left",
            "muted",
            "unmuted",
            "stream",
            "speaking",
            "stopped",
            "said",
            "lost",
            "closed",
            "locked",
            "unlocked",
            "recording",
            "presence",
            "settings");
    private static final List<String> CODECS = List.of("opus", "pcm16_16k", "pcm16_24k", "pcm16_48k");

    private record Frame(int stream, long sequence, int level, byte[] payload) {}

    @Test
    void everyGoldenFileIsExplained() throws Exception {
        String page = Pages.read(Pages.named("docs/formats.md"));
        try (Stream<Path> files = Files.list(Pages.named("testdata/golden"))) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .allMatch(file -> page.contains('`' + file + '`'));
        }
    }

    @Test
    void aChunkIsReadByTheTableOfItsBytes() {
        ByteBuffer chunk = ByteBuffer.wrap(bytes("chunk.hex"));

        assertThat(chunk.get()).as("version").isEqualTo((byte) 1);
        assertThat(chunk.get()).as("codec").isEqualTo((byte) 0);
        assertThat(chunk.get()).as("flags: end of spurt, trace").isEqualTo((byte) (1 + 4));
        int frames = chunk.get();
        assertThat(frames).isEqualTo(2);
        assertThat(Integer.toUnsignedLong(chunk.getInt())).as("sequence").isEqualTo(4_294_967_294L);
        assertThat(chunk.getInt()).as("offset").isEqualTo(5);
        assertThat(chunk.getShort()).as("frame duration").isEqualTo((short) 20_000);
        assertThat(chunk.getLong()).as("capture time").isEqualTo(1_700_000_000_123L);
        for (int f = 0; f < frames; f++) {
            byte[] payload = new byte[chunk.getShort()];
            assertThat(chunk.get()).as("level").isBetween((byte) 0, (byte) 127);
            chunk.get(payload);
            assertThat((payload[0] & 0xFF) >> 3)
                    .as("configuration in the TOC byte: 20 ms")
                    .isEqualTo(19);
        }
        assertThat(chunk.hasRemaining()).isFalse();
    }

    @Test
    void theLiveFramesOfATickAreReadByTheirTable() {
        List<Frame> frames = frames(message("tick-message.json").at("/ticks/0"));

        assertThat(frames).extracting(Frame::stream).containsExactly(0, 0);
        assertThat(frames).extracting(Frame::sequence).containsExactly(4_294_967_294L, 4_294_967_295L);
        assertThat(frames).extracting(Frame::level).containsExactly(20, 127);
    }

    @Test
    void theHashOfATickFollowsFromTheJoinBeforeIt() throws Exception {
        JsonNode joined = message("joined-message.json");
        JsonNode message = message("tick-message.json");
        JsonNode tick = message.at("/ticks/0");
        assertThat(tick.path("epoch")).isEqualTo(joined.path("epoch"));
        assertThat(tick.path("tick").asLong()).isEqualTo(joined.path("tick").asLong() + 1);

        byte[] hash = hash(base64(joined, "hash"), message.path("room").asText(), tick);

        assertThat(hash).isEqualTo(base64(tick, "hash")).isEqualTo(bytes("tick-hash.hex"));
    }

    @Test
    void theHashOfTheFirstTickOfAnEpochFollowsFromNothing() throws Exception {
        JsonNode message = message("tick-message-events.json");
        JsonNode tick = message.at("/ticks/0");
        assertThat(tick.path("tick").asLong()).isZero();

        assertThat(hash(ZEROS, message.path("room").asText(), tick)).isEqualTo(base64(tick, "hash"));
    }

    private static byte[] hash(byte[] previous, String room, JsonNode tick) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.write(previous);
        text(out, room);
        out.writeLong(tick.path("epoch").asLong());
        out.writeLong(tick.path("tick").asLong());
        out.write(live(tick));
        out.write(tick.has("log") ? base64(tick, "log") : ZEROS);
        return sha256(bytes.toByteArray());
    }

    private static byte[] live(JsonNode tick) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        for (JsonNode event : tick.path("events")) {
            event(out, event);
        }
        for (Frame frame : frames(tick)) {
            ByteArrayOutputStream digest = new ByteArrayOutputStream();
            DataOutputStream one = new DataOutputStream(digest);
            one.writeShort(frame.stream);
            one.writeInt((int) frame.sequence);
            one.writeByte(frame.level);
            one.write(frame.payload);
            out.write(sha256(digest.toByteArray()));
        }
        return sha256(bytes.toByteArray());
    }

    private static void event(DataOutputStream out, JsonNode event) throws IOException {
        String kind = event.path("kind").asText();
        assertThat(KINDS).contains(kind);
        JsonNode tombstone = event.path("tombstone");
        out.writeByte(KINDS.indexOf(kind));
        text(out, event.path("participant").asText(""));
        text(out, event.path("name").asText(""));
        out.writeInt((int) event.path("stream").asLong());
        out.writeInt(event.has("codec") ? CODECS.indexOf(event.path("codec").asText()) : 0);
        out.writeInt(event.path("frameUs").asInt());
        out.writeInt((int) event.path("seq").asLong());
        out.writeInt((int) count(event));
        text(out, event.path("text").asText(event.path("reason").asText("")));
        out.writeLong(tombstone.path("epoch").asLong());
        out.writeLong(tombstone.path("tick").asLong());
        out.write(tombstone.has("hash") ? base64(tombstone, "hash") : ZEROS);
    }

    private static long count(JsonNode event) {
        return switch (event.path("kind").asText()) {
            case "lost" -> event.path("count").asLong();
            case "recording" -> event.path("on").asBoolean() ? 1 : 0;
            case "presence" ->
                (event.path("selfMuted").asBoolean() ? 1 : 0)
                        + (event.path("deafened").asBoolean() ? 2 : 0);
            case "settings" ->
                (event.path("pushToTalk").asBoolean() ? 1 : 0)
                        + (event.path("muted").asBoolean() ? 2 : 0);
            default -> 0;
        };
    }

    private static List<Frame> frames(JsonNode tick) {
        List<Frame> frames = new ArrayList<>();
        ByteBuffer bytes = ByteBuffer.wrap(tick.has("frames") ? base64(tick, "frames") : new byte[0]);
        while (bytes.hasRemaining()) {
            int stream = Short.toUnsignedInt(bytes.getShort());
            long first = Integer.toUnsignedLong(bytes.getInt());
            int count = Byte.toUnsignedInt(bytes.get());
            for (int f = 0; f < count; f++) {
                byte[] payload = new byte[Short.toUnsignedInt(bytes.getShort())];
                int level = bytes.get();
                bytes.get(payload);
                frames.add(new Frame(stream, (first + f) & 0xFFFF_FFFFL, level, payload));
            }
        }
        return frames;
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        out.writeShort(utf8.length);
        out.write(utf8);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] base64(JsonNode node, String field) {
        return Base64.getDecoder().decode(node.path(field).asText());
    }

    private static JsonNode message(String file) {
        return Schemas.json(Pages.named("testdata/golden/" + file));
    }

    private static byte[] bytes(String file) {
        return HexFormat.of()
                .parseHex(Pages.read(Pages.named("testdata/golden/" + file)).replaceAll("\\s", ""));
    }
}
