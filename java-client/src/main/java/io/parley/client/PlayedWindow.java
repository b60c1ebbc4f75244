package io.parley.client;

import java.util.Arrays;

/**
 * Which frames of a stream were played: the highest number and the 255 before it, in a bitmap. What is older than that
 * counts as played. Per-frame code; numbers are unsigned in an int and wrap.
 */
final class PlayedWindow {

    private static final int SIZE = 256;

    private final long[] played = new long[SIZE / 64];
    private int highest;
    private boolean begun;

    /** Marks the frame; gives false if it was played before. */
    boolean mark(int sequence) {
        if (!begun) {
            begun = true;
            highest = sequence;
            set(sequence);
            return true;
        }
        int ahead = sequence - highest;
        if (ahead > 0) {
            if (ahead >= SIZE) {
                Arrays.fill(played, 0);
            } else {
                for (int skipped = highest + 1; skipped != sequence; skipped++) {
                    clear(skipped);
                }
            }
            highest = sequence;
            set(sequence);
            return true;
        }
        if (-ahead >= SIZE || ahead == Integer.MIN_VALUE || isSet(sequence)) {
            return false;
        }
        set(sequence);
        return true;
    }

    private boolean isSet(int sequence) {
        int bit = sequence & (SIZE - 1);
        return (played[bit >>> 6] & 1L << bit) != 0;
    }

    private void set(int sequence) {
        int bit = sequence & (SIZE - 1);
        played[bit >>> 6] |= 1L << bit;
    }

    private void clear(int sequence) {
        int bit = sequence & (SIZE - 1);
        played[bit >>> 6] &= ~(1L << bit);
    }
}
