package io.parley.client;

import com.google.protobuf.ByteString;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Plays the server's part of one room: numbers and chains ticks and writes their messages. */
final class RoomScript {

    static final String ANN_SPEAKS_IN_STREAM_1 =
            "{\"kind\":\"stream\",\"stream\":1,\"participant\":\"ann\",\"codec\":\"opus\",\"frameUs\":20000}";
    static final String ME_SPEAKS_IN_STREAM_2 =
            "{\"kind\":\"stream\",\"stream\":2,\"participant\":\"me\",\"codec\":\"opus\",\"frameUs\":20000}";

    private final String room;
    private final TickHash hasher = new TickHash();
    private final LiveFrames.Writer frames = new LiveFrames.Writer();
    private final List<String> events = new ArrayList<>();
    private long epoch = 100;
    private long next = 5;
    private ByteString hash = TickHash.ZERO;
    private String skipped = "";

    RoomScript() {
        this("lobby");
    }

    RoomScript(String room) {
        this.room = room;
    }

    /** The answer to a join, ordered by the tick before the next. */
    String joined() {
        return joined("\"members\":[],\"permissions\":{\"speak\":true}");
    }

    /** @param fields what else the answer says */
    String joined(String fields) {
        return "{\"action\":\"joined\",\"room\":\"" + room + "\",\"participant\":\"me\",\"epoch\":" + epoch
                + ",\"tick\":" + (next - 1) + ",\"hash\":\"" + base64(hash) + "\",\"streams\":["
                + ANN_SPEAKS_IN_STREAM_1.replace("\"kind\":\"stream\",", "") + "]," + fields + "}";
    }

    RoomScript frame(int stream, long sequence, String payload) {
        byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        frames.add(stream, (int) sequence, 30, bytes, 0, bytes.length);
        return this;
    }

    RoomScript event(String json) {
        events.add(json);
        return this;
    }

    RoomScript newEpoch(long number) {
        epoch = number;
        next = 0;
        hash = TickHash.ZERO;
        return this;
    }

    /** The tick that follows names those from that one on as skipped. */
    RoomScript skipped(String participant, long from) {
        skipped = ",\"skipped\":{\"participant\":\"" + participant + "\",\"from\":" + from + ",\"to\":" + (next - 1)
                + ",\"hash\":\"" + base64(hash) + "\"}";
        return this;
    }

    /** A tick alone in its message. */
    String message() {
        return messageOf(tick());
    }

    String messageOf(String... ticks) {
        return "{\"action\":\"tick\",\"room\":\"" + room + "\",\"ticks\":[" + String.join(",", ticks) + "]}";
    }

    /** The next tick, with what was put into it. */
    String tick() {
        String body = "\"epoch\":" + epoch + ",\"tick\":" + next + ",\"events\":[" + String.join(",", events)
                + "],\"frames\":\"" + Base64.getEncoder().encodeToString(frames.take()) + "\"" + skipped;
        skipped = "";
        events.clear();
        TickContent content =
                ServerMessages.tick(ServerMessages.parse("{" + body + ",\"hash\":\"" + base64(TickHash.ZERO) + "\"}"));
        hash = hasher.hash(hash, room, epoch, next, hasher.live(content.events, content.frames), ByteString.EMPTY);
        next++;
        return "{" + body + ",\"hash\":\"" + base64(hash) + "\"}";
    }

    private static String base64(ByteString bytes) {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
