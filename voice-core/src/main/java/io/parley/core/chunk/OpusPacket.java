package io.parley.core.chunk;

/** Reads the duration of an Opus packet off its TOC byte: RFC 6716 §3.1 (table 2) and §3.2. */
public final class OpusPacket {

    /** RFC 6716 §3.4 [R2]: the longest frame; our limit for a whole packet as well. */
    public static final int MAX_BYTES = 1275;

    private OpusPacket() {}

    /** Microseconds of audio in the packet; 0 or less if it is malformed. */
    public static int durationUs(byte[] bytes, int offset, int length) {
        if (length < 1) {
            return 0;
        }
        int toc = bytes[offset] & 0xFF;
        return frameUs(toc >>> 3) * frames(toc & 3, bytes, offset, length);
    }

    private static int frameUs(int config) {
        if (config < 12) { // SILK: 10, 20, 40, 60 ms
            int step = config & 3;
            return step == 3 ? 60_000 : 10_000 << step;
        }
        if (config < 16) { // hybrid: 10, 20 ms
            return 10_000 << (config & 1);
        }
        return 2_500 << (config & 3); // CELT: 2.5, 5, 10, 20 ms
    }

    private static int frames(int code, byte[] bytes, int offset, int length) {
        if (code == 0) {
            return 1;
        }
        if (code < 3) {
            return 2;
        }
        return length < 2 ? 0 : bytes[offset + 1] & 0x3F;
    }
}
