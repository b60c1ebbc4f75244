package io.parley.core.room;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.NumberedState;
import io.parley.core.wire.StreamState;
import io.parley.core.wire.Trace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The sequencer of a stream whose sender numbers its frames.
 *
 * <p>A frame in order leaves at once. A gap holds the frames behind it until it is filled or given up, which the room
 * does when a tick closes. What comes for a place that has been passed is told apart by a bitmap of the last 256: a
 * duplicate, or late. Places are sequence numbers extended over the wraps of their 32 bits, one wrap up, so that going
 * back before the first one never makes them negative.
 */
final class NumberedStream extends SpeakerStream {

    /** So many places that were passed are remembered. */
    static final int WINDOW = 256;
    /** A number that is further ahead is no gap: the sender has begun its numbers anew, or had done so before. */
    static final int MAX_AHEAD = 3_000;

    private static final long NONE = -1;

    /** Of the {@link #WINDOW} places before {@link #next}: set if its frame left, clear if it was given up. */
    private final long[] left = new long[WINDOW / Long.SIZE];
    /** Behind gaps, by place; runs never overlap. */
    private final List<Run> held = new ArrayList<>();

    private final AdaptiveHold hold;
    private int heldFrames;
    /** When the first of the held frames was received; {@link #NONE} if none is held. */
    private long gapSinceMs = NONE;
    /** {@link #gapSinceMs} of the gap that was given up last; {@link #NONE} if none was. */
    private long givenUpSinceMs = NONE;
    /** One past the last place of any chunk seen. */
    private long highest;
    /** How many frames into its spurt the newest chunk began. */
    private long spurtPosition = NONE;
    /** The last place of the chunk that is furthest, and when that chunk was recorded. */
    private long newestPlace = Long.MIN_VALUE;

    private long newestCaptureMs = Long.MIN_VALUE;

    /**
     * A stream that begins with this chunk. Frames of the spurt before the chunk are waited for like any gap, unless
     * there are more of them than can be held: then the stream was joined in mid-speech.
     *
     * @param before the connection's stream until now, or null: where its numbers go on in another codec or duration,
     *     what had left from it is not waited for
     */
    NumberedStream(
            int index,
            String participant,
            String connection,
            int numbering,
            Chunk chunk,
            SpeakerStream before,
            RoomOptions options) {
        super(index, participant, connection, numbering, chunk.codec(), chunk.frameDurationUs(), options);
        hold = new AdaptiveHold(options.minHoldMs(), options.maxHoldMs());
        next = (chunk.sequence() & 0xFFFF_FFFFL) + (1L << 32);
        long missing = chunk.spurtOffset();
        if (before instanceof NumberedStream) {
            int behind = chunk.sequence() - (int) before.next;
            missing = behind >= 0 ? Math.min(missing, behind) : missing;
        }
        if (missing <= options.maxHeldFrames()) {
            next -= missing;
        }
        highest = next;
    }

    NumberedStream(StreamState state, RoomOptions options) {
        super(state, options);
        NumberedState own = state.getNumbered();
        hold = AdaptiveHold.restore(own.getHold(), options.minHoldMs(), options.maxHoldMs());
        for (int i = 0; i < left.length; i++) {
            left[i] = own.getLeft(i);
        }
        own.getHeldList().forEach(run -> held.add(Run.restore(run, this)));
        held.forEach(run -> heldFrames += run.count);
        highest = own.getHighest();
        gapSinceMs = own.getGapSinceMs();
        givenUpSinceMs = own.getGivenUpSinceMs();
        spurtPosition = own.getSpurtPosition();
        newestPlace = own.getNewestPlace();
        newestCaptureMs = own.getNewestCaptureMs();
    }

    @Override
    boolean continuesWith(Chunk chunk, boolean unnumbered, boolean stale) {
        return !unnumbered && hasFormatOf(chunk) && !beginsAnew(chunk, stale);
    }

    /**
     * Whether the sender has begun its numbers anew: what was recorded after the stream's newest chunk is at places that
     * were passed, and begins a spurt there or is far from them; or it is far ahead. (The sender's clock can harm its own
     * stream alone.)
     */
    private boolean beginsAnew(Chunk chunk, boolean stale) {
        if (chunk.captureTimeMs() <= newestCaptureMs) {
            return false;
        }
        int distance = distance(chunk.sequence());
        return distance > MAX_AHEAD
                || distance + chunk.frameCount() <= 0 && !stale && (chunk.spurtOffset() == 0 || distance < -MAX_AHEAD);
    }

    /** How far ahead of {@link #next} the number is: the nearest place that has this 32-bit number. */
    private int distance(int sequence) {
        return sequence - (int) next;
    }

    /** The place that has this 32-bit number; one that is so far ahead that nobody waits for it is a wrap behind. */
    private long place(int sequence) {
        int distance = distance(sequence);
        return distance > MAX_AHEAD ? next + distance - (1L << 32) : next + distance;
    }

    @Override
    int accept(
            Chunk chunk,
            long arrivalMs,
            long nowMs,
            Disposition aside,
            boolean observed,
            ChunkReference report,
            Trace trace,
            StreamOutput out) {
        long first = place(chunk.sequence());
        int count = chunk.frameCount();
        long startUs = roomTimeUs(chunk, spurtPosition(chunk), arrivalMs);
        if (observed) {
            observe(chunk, first, nowMs);
        }
        Run.Kind kind = aside == null ? Run.Kind.PLAYABLE : Run.Kind.LOST;
        int outcome = takeWanted(chunk, first, arrivalMs, nowMs, startUs, kind, aside, report, trace, out);
        if ((outcome & WANTED) != 0 && aside != Disposition.LIMITED && first + count > newestPlace) {
            newestPlace = first + count;
            newestCaptureMs = chunk.captureTimeMs();
        }
        return outcome;
    }

    @Override
    void passSilently(Chunk chunk, long arrivalMs, long nowMs, StreamOutput out) {
        takeWanted(chunk, place(chunk.sequence()), arrivalMs, nowMs, 0, Run.Kind.SILENT, null, null, null, out);
    }

    /** Takes the frames whose places are wanted, as runs; says of the others why not, unless they pass silently. */
    private int takeWanted(
            Chunk chunk,
            long first,
            long arrivalMs,
            long nowMs,
            long startUs,
            Run.Kind kind,
            Disposition aside,
            ChunkReference report,
            Trace trace,
            StreamOutput out) {
        int count = chunk.frameCount();
        highest = Math.max(highest, first + count);
        int outcome = 0;
        int from = 0;
        while (from < count) {
            Disposition refusal = refusal(first + from);
            if (refusal != null) {
                if (kind != Run.Kind.SILENT) {
                    out.logOnly(this, chunk, from, refusal);
                }
                outcome |= refusal == Disposition.LATE ? LATE : 0;
                from++;
                continue;
            }
            int end = endOfWanted(first, from, count);
            for (int i = from; aside != null && i < end; i++) {
                out.logOnly(this, chunk, i, aside);
            }
            boolean told = kind == Run.Kind.PLAYABLE && (outcome & WANTED) == 0;
            take(
                    new Run(
                            this,
                            chunk,
                            from,
                            end - from,
                            first + from,
                            nowMs,
                            arrivalMs,
                            startUs + (long) from * frameDurationUs,
                            kind,
                            told ? report : null,
                            told ? trace : null),
                    out);
            outcome |= WANTED;
            from = end;
        }
        return outcome;
    }

    private long spurtPosition(Chunk chunk) {
        long position = chunk.spurtOffset();
        if (position == 0 || Math.abs(position - spurtPosition) > WINDOW) {
            anchorUs = Long.MAX_VALUE; // another spurt
            spurtPosition = position;
        }
        spurtPosition = Math.max(spurtPosition, position);
        return position;
    }

    /** Learns how long the chunk would have had to be waited for. */
    private void observe(Chunk chunk, long first, long nowMs) {
        if (first >= highest) {
            hold.observe(0);
        } else if (first >= next) {
            if (!isAllDuplicate(chunk, first)) {
                hold.observe(gapSinceMs == NONE ? 0 : nowMs - gapSinceMs);
            }
        } else if (givenUpSinceMs != NONE && !isAllDuplicate(chunk, first)) {
            hold.observe(nowMs - givenUpSinceMs);
        }
    }

    private boolean isAllDuplicate(Chunk chunk, long first) {
        for (int i = 0; i < chunk.frameCount(); i++) {
            if (refusal(first + i) != Disposition.DUPLICATE) {
                return false;
            }
        }
        return true;
    }

    /** What a frame for that place would be now; null if it is wanted. */
    private Disposition refusal(long place) {
        if (place < next) {
            return next - place <= WINDOW && isLeft(place) ? Disposition.DUPLICATE : Disposition.LATE;
        }
        return isHeld(place) ? Disposition.DUPLICATE : null;
    }

    private boolean isHeld(long place) {
        for (int i = held.size() - 1; i >= 0; i--) {
            Run run = held.get(i);
            if (run.end() <= place) {
                return false;
            }
            if (run.place <= place) {
                return true;
            }
        }
        return false;
    }

    /** One past the last frame of those from {@code from} on that are wanted. */
    private int endOfWanted(long first, int from, int count) {
        if (held.isEmpty()) {
            return count;
        }
        int end = from + 1;
        while (end < count && refusal(first + end) == null) {
            end++;
        }
        return end;
    }

    private void take(Run run, StreamOutput out) {
        if (held.isEmpty() && run.place == next) {
            pass(run, out);
            return;
        }
        int at = held.size();
        while (at > 0 && held.get(at - 1).place > run.place) {
            at--;
        }
        held.add(at, run);
        heldFrames += run.count;
        release(out);
    }

    /** Passes what is in order now. */
    private void release(StreamOutput out) {
        boolean moved = false;
        while (!held.isEmpty() && held.get(0).place == next) {
            Run run = held.remove(0);
            heldFrames -= run.count;
            pass(run, out);
            moved = true;
        }
        if (held.isEmpty()) {
            gapSinceMs = NONE;
        } else if (moved || gapSinceMs == NONE) {
            gapSinceMs = Long.MAX_VALUE;
            for (int i = 0; i < held.size(); i++) {
                gapSinceMs = Math.min(gapSinceMs, held.get(i).receivedMs);
            }
        }
    }

    private void pass(Run run, StreamOutput out) {
        for (long place = run.place; place < run.end(); place++) {
            setLeft(place, true);
        }
        next = run.end();
        if (run.kind == Run.Kind.PLAYABLE) {
            out.release(run);
        } else if (run.kind == Run.Kind.LOST) {
            out.lost(this, run.place, run.count);
        }
    }

    @Override
    long dueMs() {
        if (gapSinceMs == NONE) {
            return NEVER;
        }
        return heldFrames >= options.maxHeldFrames() ? gapSinceMs : gapSinceMs + hold.holdMs();
    }

    @Override
    void giveUpDue(long nowMs, StreamOutput out) {
        while (dueMs() <= nowMs) {
            giveUp(out);
        }
    }

    @Override
    void giveUpAll(long nowMs, StreamOutput out) {
        while (hasGap()) {
            giveUp(out);
        }
    }

    /** Gives up the gap before the first held frame, declares it lost and passes what it held. */
    private void giveUp(StreamOutput out) {
        long first = held.get(0).place;
        out.lost(this, next, first - next);
        if (first - next >= WINDOW) {
            Arrays.fill(left, 0);
        } else {
            for (long place = next; place < first; place++) {
                setLeft(place, false);
            }
        }
        givenUpSinceMs = gapSinceMs;
        next = first;
        release(out);
    }

    @Override
    boolean hasGap() {
        return gapSinceMs != NONE;
    }

    @Override
    int timeoutMs() {
        return options.speakerTimeoutMs();
    }

    @Override
    void restartWait(long nowMs) {
        if (gapSinceMs != NONE) {
            gapSinceMs = nowMs;
        }
    }

    private boolean isLeft(long place) {
        int bit = (int) (place & (WINDOW - 1));
        return (left[bit >>> 6] & 1L << bit) != 0;
    }

    private void setLeft(long place, boolean value) {
        int bit = (int) (place & (WINDOW - 1));
        if (value) {
            left[bit >>> 6] |= 1L << bit;
        } else {
            left[bit >>> 6] &= ~(1L << bit);
        }
    }

    @Override
    StreamState.Builder state() {
        NumberedState.Builder own = NumberedState.newBuilder()
                .setHighest(highest)
                .setGapSinceMs(gapSinceMs)
                .setGivenUpSinceMs(givenUpSinceMs)
                .setSpurtPosition(spurtPosition)
                .setNewestCaptureMs(newestCaptureMs)
                .setNewestPlace(newestPlace)
                .setHold(hold.state());
        for (long word : left) {
            own.addLeft(word);
        }
        for (Run run : held) {
            own.addHeld(run.state());
        }
        return super.state().setNumbered(own);
    }
}
