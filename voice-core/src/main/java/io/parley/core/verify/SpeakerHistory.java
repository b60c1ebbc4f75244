package io.parley.core.verify;

import io.parley.core.wire.LogFrame.Disposition;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What is remembered of one speaker stream (a connection's numbering): the last place that was played, which of the
 * {@link #WINDOW} places up to it were, and what was last lost and refused. Bounded, however long the stream is.
 *
 * <p>Sequence numbers are 32 bits and wrap (as in RFC 1982); a place is one extended to 64 bits, the nearest to the last
 * one played.
 */
final class SpeakerHistory {

    static final int WINDOW = 1_024;
    private static final int MAX_LOST_RANGES = 256;

    private final String name;
    private final long[] played = new long[WINDOW / Long.SIZE];
    /** The last place played; -1 before the first. */
    private long last = -1;
    /** The last place that was played or given up. */
    private long passed = -1;

    private long lastBeforeTick = -1;
    private long lastBeforeClose = -1;
    private long tickSerial = -1;
    private long closeSerial = -1;

    private final ArrayDeque<long[]> lost = new ArrayDeque<>();
    private Map<Integer, Disposition> refused = Map.of();

    /** @param name of the speaker stream, for people */
    SpeakerHistory(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /**
     * Must be called before anything of a tick is told.
     *
     * @param tick another number for each tick
     * @param close another number for each moment of closing; one moment may close several ticks
     */
    void at(long tick, long close) {
        if (tickSerial != tick) {
            tickSerial = tick;
            lastBeforeTick = last;
        }
        if (closeSerial != close) {
            closeSerial = close;
            lastBeforeClose = last;
        }
    }

    /** The place of a sequence number. */
    long place(int sequence) {
        // Places start one wrap up, so that going back before the first one never makes them negative.
        return last < 0 ? (sequence & 0xFFFF_FFFFL) + (1L << 32) : last + (sequence - (int) last);
    }

    /** The last place that was played, as a sequence number. */
    int lastSequence() {
        return (int) last;
    }

    /** Tells that a place was played; it is only then that later questions see it. */
    void play(long place) {
        if (place > last) {
            if (last < 0 || place - last >= WINDOW) {
                Arrays.fill(played, 0);
            } else {
                for (long between = last + 1; between < place; between++) {
                    played[word(between)] &= ~bit(between);
                }
            }
            last = place;
            passed = Math.max(passed, place);
        }
        if (last - place < WINDOW) {
            played[word(place)] |= bit(place);
        }
    }

    boolean isBehind(long place) {
        return last >= 0 && place <= last;
    }

    /** Whether the place was played, as far as is remembered. */
    boolean wasPlayed(long place) {
        return last >= 0 && place <= last && last - place < WINDOW && (played[word(place)] & bit(place)) != 0;
    }

    boolean wasPlayedInThisTick(long place) {
        return wasPlayed(place) && place > lastBeforeTick;
    }

    boolean wasPlayedAny(long first, long count) {
        long end = Math.min(first + count - 1, last);
        for (long place = Math.max(first, last - WINDOW + 1); place <= end; place++) {
            if (wasPlayed(place)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a place lies beyond all that was played before the moment at which this tick was closed. */
    boolean isBeyondEarlierTicks(long place) {
        return place > lastBeforeClose;
    }

    /** The last place that was played or declared lost. */
    long passed() {
        return passed;
    }

    void lose(long first, long count) {
        lost.add(new long[] {first, count});
        if (lost.size() > MAX_LOST_RANGES) {
            lost.remove();
        }
        passed = Math.max(passed, first + count - 1);
    }

    void refuse(int sequence, Disposition disposition) {
        if (refused.isEmpty()) {
            refused = new LinkedHashMap<>() {
                private static final long serialVersionUID = 1L;

                @Override
                protected boolean removeEldestEntry(Map.Entry<Integer, Disposition> eldest) {
                    return size() > WINDOW;
                }
            };
        }
        refused.put(sequence, disposition);
    }

    /** Why the log says that the frame was not played; null if it does not. */
    String refusal(int sequence, long place) {
        Disposition disposition = refused.get(sequence);
        if (disposition != null) {
            return OrderCheck.word(disposition);
        }
        for (long[] range : lost) {
            if (place >= range[0] && place < range[0] + range[1]) {
                return "lost";
            }
        }
        return null;
    }

    private static int word(long place) {
        return (int) (place & (WINDOW - 1)) >>> 6;
    }

    private static long bit(long place) {
        return 1L << place;
    }
}
