package io.parley.core.chunk;

/** What a frame's payload is, by its number in the chunk header. PCM is mono, signed 16 bit, little endian. */
public enum Codec {
    OPUS(0, 48_000),
    PCM16_16K(1, 16_000),
    PCM16_24K(2, 24_000),
    PCM16_48K(3, 48_000);

    private static final Codec[] BY_ID = values();

    private final int id;
    private final int sampleRate;

    Codec(int id, int sampleRate) {
        this.id = id;
        this.sampleRate = sampleRate;
    }

    /** The codec of that number, or null. */
    public static Codec byId(int id) {
        return id >= 0 && id < BY_ID.length ? BY_ID[id] : null;
    }

    public int id() {
        return id;
    }

    /** Samples a second: of PCM its own, of Opus the 48 kHz of its clock (RFC 7587). */
    public int sampleRate() {
        return sampleRate;
    }

    public boolean isPcm() {
        return this != OPUS;
    }

    /** Bytes of one PCM frame; the duration must be whole samples, else -1. */
    int pcmBytes(int frameDurationUs) {
        long samples = (long) sampleRate * frameDurationUs;
        return samples % 1_000_000 == 0 ? (int) (samples / 1_000_000) * 2 : -1;
    }
}
