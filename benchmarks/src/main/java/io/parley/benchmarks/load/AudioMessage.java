package io.parley.benchmarks.load;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import java.util.Base64;
import java.util.SplittableRandom;

/** Writes {@code sendaudio}. What is said is noise that looks like Opus: nothing on the way decodes it. */
final class AudioMessage {

    /** RFC 6716 §3.1: wideband SILK of 10, 20, 40 or 60 ms, one frame. */
    private static final int WIDEBAND = 8;

    private static final int LEVEL = 30;
    private static final byte[] NOISE = new byte[8 * 1024];

    static {
        new SplittableRandom(1).nextBytes(NOISE);
    }

    private AudioMessage() {}

    static String text(String room, SpeechPlan.Chunk planned, LoadSettings settings, boolean traced, long captureMs) {
        ChunkBuilder chunk = new ChunkBuilder(
                Codec.OPUS, settings.frameMs() * 1000, planned.firstFrame(), planned.offset(), captureMs);
        if (traced) {
            chunk.flag(Chunk.FLAG_TRACE);
        }
        if (planned.endsSpurt()) {
            chunk.flag(Chunk.FLAG_END_OF_SPURT);
        }
        byte[] payload = new byte[settings.frameBytes()];
        for (int i = 0; i < planned.frames(); i++) {
            int from = (planned.firstFrame() + i) * 61 % (NOISE.length - payload.length);
            System.arraycopy(NOISE, Math.abs(from), payload, 0, payload.length);
            payload[0] = toc(settings.frameMs());
            chunk.frame(LEVEL, payload);
        }
        return "{\"action\":\"sendaudio\",\"room\":\"" + room + "\",\"chunk\":\""
                + Base64.getEncoder().encodeToString(chunk.build()) + "\"}";
    }

    private static byte toc(int frameMs) {
        int step = frameMs == 60 ? 3 : Integer.numberOfTrailingZeros(frameMs / 10);
        return (byte) (WIDEBAND + step << 3);
    }
}
