package io.parley.local.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.tick.LiveFrames;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** What a peer says and hears: Opus frames of 20 ms whose payload is their own number. */
final class Speech {

    static final int FRAMES = 5;

    private static final byte TOC_20_MS_MONO = (byte) (19 << 3);
    private static final int LEVEL = 20;

    private Speech() {}

    /** A chunk of {@value #FRAMES} frames from that number on, in base64. */
    static String chunk(int sequence, int spurtOffset, boolean endsSpurt) {
        return chunk(sequence, spurtOffset, endsSpurt ? Chunk.FLAG_END_OF_SPURT : 0);
    }

    /** A spurt of one chunk that asks for the time at each hop. */
    static String traced(int sequence) {
        return chunk(sequence, 0, Chunk.FLAG_END_OF_SPURT | Chunk.FLAG_TRACE);
    }

    /** A spurt of one chunk that was said with the key held down. */
    static String pushedToTalk(int sequence) {
        return chunk(sequence, 0, Chunk.FLAG_END_OF_SPURT | Chunk.FLAG_PUSH_TO_TALK);
    }

    private static String chunk(int sequence, int spurtOffset, int flags) {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, 20_000, sequence, spurtOffset, System.currentTimeMillis());
        for (int i = 0; i < FRAMES; i++) {
            chunk.frame(
                    LEVEL,
                    ByteBuffer.allocate(5)
                            .put(TOC_20_MS_MONO)
                            .putInt(sequence + i)
                            .array());
        }
        chunk.flag(flags);
        return Base64.getEncoder().encodeToString(chunk.build());
    }

    static void say(Peer peer, String room, int sequence, int spurtOffset, boolean endsSpurt) throws Exception {
        peer.send("sendaudio", "room", room, "chunk", chunk(sequence, spurtOffset, endsSpurt));
    }

    /** The numbers that the frames of these ticks bear, in their order; throws where a payload is not what was said. */
    static List<Integer> heard(List<JsonNode> ticks) {
        List<Integer> numbers = new ArrayList<>();
        for (JsonNode tick : ticks) {
            if (!tick.has("frames")) {
                continue;
            }
            LiveFrames.Reader frames = new LiveFrames.Reader(bytes(tick.path("frames")));
            while (frames.next()) {
                ByteBuffer payload = ByteBuffer.wrap(frames.payload());
                NotConformant.unless(
                        payload.remaining() == 5 && payload.get() == TOC_20_MS_MONO,
                        "a frame's payload is not what was said");
                NotConformant.expect(payload.getInt(), frames.sequence(), "a frame's sequence number");
                numbers.add(frames.sequence());
            }
        }
        return numbers;
    }

    /**
     * Waits until the listener hears a chunk, and shows that who is outside got nothing with it: an answer that is asked
     * for after that would come after the tick.
     */
    static void awaitHeardByOthersThan(Peer outside, Peer listener, String room) throws Exception {
        int before = outside.ticks(room).size();
        listener.awaitTicks(room, "the frames", ticks -> heard(ticks).size() >= FRAMES);
        outside.send("ping", "time", 1);
        outside.await("pong");
        NotConformant.expect(before, outside.ticks(room).size(), "the ticks of who is not in the room");
    }

    static byte[] bytes(JsonNode base64) {
        try {
            return base64.binaryValue();
        } catch (IOException e) {
            throw new NotConformant("what should be base64 is not: " + e.getMessage());
        }
    }
}
