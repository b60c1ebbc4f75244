package io.parley.core.chunk;

/** How loud PCM of 16 bits is. Per-frame code, stateless. */
public final class PcmLevel {

    private static final int SILENCE = 127;

    private PcmLevel() {}

    /**
     * The level in -dBov as RFC 6464 has it: 0 is a square wave of full scale, 127 silence.
     *
     * @param length in bytes, of whole samples
     */
    public static int of(byte[] littleEndian, int offset, int length) {
        long sum = 0;
        for (int i = offset; i < offset + length; i += 2) {
            int sample = (short) (littleEndian[i] & 0xFF | littleEndian[i + 1] << 8);
            sum += (long) sample * sample;
        }
        if (sum == 0) {
            return SILENCE;
        }
        double meanSquare = (double) sum / (length / 2) / (32_768.0 * 32_768.0);
        return (int) Math.max(0, Math.min(SILENCE, Math.round(-10 * Math.log10(meanSquare))));
    }
}
