package io.parley.local.audio;

/** Mono 16-bit sound at 48 kHz, the form in which all sound meets here; and its level. */
public final class Pcm {

    public static final int RATE = 48_000;
    public static final int FRAME_MS = 20;
    /** Samples of a 20 ms frame. */
    public static final int FRAME = RATE * FRAME_MS / 1000;

    private Pcm() {}

    /** The level in -dBov as RFC 6464 has it: 0 is a square wave of full scale, 127 silence. */
    public static int level(short[] samples, int offset, int count) {
        double sum = 0;
        for (int i = offset; i < offset + count; i++) {
            double sample = samples[i] / 32768.0;
            sum += sample * sample;
        }
        if (sum == 0) {
            return 127;
        }
        double decibels = 10 * Math.log10(sum / count);
        return (int) Math.max(0, Math.min(127, Math.round(-decibels)));
    }

    /** Little-endian bytes of a lower rate to samples at 48 kHz, with straight lines between them. */
    public static short[] upsample(byte[] bytes, int fromRate) {
        int factor = RATE / fromRate;
        int count = bytes.length / 2;
        short[] samples = new short[count * factor];
        int previous = count == 0 ? 0 : sample(bytes, 0);
        for (int i = 0; i < count; i++) {
            int current = sample(bytes, i);
            for (int step = 0; step < factor; step++) {
                samples[i * factor + step] = (short) (previous + (current - previous) * (step + 1) / factor);
            }
            previous = current;
        }
        return samples;
    }

    private static int sample(byte[] bytes, int index) {
        return (short) (bytes[2 * index] & 0xFF | bytes[2 * index + 1] << 8);
    }
}
