package io.parley.core.room;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.StreamState;
import io.parley.core.wire.Trace;
import io.parley.core.wire.UnnumberedState;
import java.util.ArrayList;
import java.util.List;

/**
 * The sequencer of a stream whose sender numbers nothing, as clients of the original protocol do. Each chunk waits for
 * one hold, then leaves in the order of (arrival, capture time) with the next numbers. Without numbers nobody can tell
 * what is missing, so no loss is ever declared. Per-chunk code.
 */
final class UnnumberedStream extends SpeakerStream {

    /** A pause that ends a spurt, since these senders do not say where one ends. */
    static final int PAUSE_MS = 1_000;

    private static final int REMEMBERED = 64;
    private static final long NONE = -1;

    /** By arrival, then capture time. */
    private final List<Run> waiting = new ArrayList<>();
    /** Arrival and capture time of the last chunks that left, oldest first. */
    private final List<long[]> released = new ArrayList<>();

    private final AdaptiveHold hold;
    private int waitingFrames;
    private long lastReleaseMs = NONE;
    /** How many frames of the spurt have left. */
    private long spurtFrames;

    UnnumberedStream(
            int index, String participant, String connection, int numbering, Chunk chunk, RoomOptions options) {
        super(index, participant, connection, numbering, chunk.codec(), chunk.frameDurationUs(), options);
        hold = new AdaptiveHold(options.minHoldMs(), options.maxHoldMs());
        next = 1L << 32;
    }

    UnnumberedStream(StreamState state, RoomOptions options) {
        super(state, options);
        UnnumberedState own = state.getUnnumbered();
        hold = AdaptiveHold.restore(own.getHold(), options.minHoldMs(), options.maxHoldMs());
        own.getWaitingList().forEach(run -> waiting.add(Run.restore(run, this)));
        waiting.forEach(run -> waitingFrames += run.count);
        for (int i = 0; i < own.getReleasedKeysCount(); i += 2) {
            released.add(new long[] {own.getReleasedKeys(i), own.getReleasedKeys(i + 1)});
        }
        lastReleaseMs = own.getLastReleaseMs();
        spurtFrames = own.getSpurtFrames();
    }

    @Override
    boolean continuesWith(Chunk chunk, boolean unnumbered, boolean stale) {
        return unnumbered && hasFormatOf(chunk);
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
        Disposition refusal = refusal(arrivalMs, chunk.captureTimeMs());
        if (refusal == Disposition.DUPLICATE) {
            logOnly(chunk, refusal, out);
            return 0;
        }
        if (observed) {
            hold.observe(refusal == null ? 0 : nowMs - lastReleaseMs + hold.holdMs());
        }
        if (refusal == Disposition.LATE) {
            logOnly(chunk, refusal, out);
            return LATE;
        }
        if (aside != null) {
            logOnly(chunk, aside, out);
            return WANTED;
        }
        wait(new Run(this, chunk, 0, chunk.frameCount(), 0, nowMs, arrivalMs, 0, Run.Kind.PLAYABLE, report, trace));
        return WANTED;
    }

    @Override
    void passSilently(Chunk chunk, long arrivalMs, long nowMs, StreamOutput out) {
        // It has no places that something could wait for.
    }

    private Disposition refusal(long arrivalMs, long captureMs) {
        for (int i = 0; i < waiting.size(); i++) {
            if (compare(waiting.get(i), arrivalMs, captureMs) == 0) {
                return Disposition.DUPLICATE;
            }
        }
        if (released.isEmpty()) {
            return null;
        }
        for (int i = released.size() - 1; i >= 0; i--) {
            if (released.get(i)[0] == arrivalMs && released.get(i)[1] == captureMs) {
                return Disposition.DUPLICATE;
            }
        }
        long[] last = released.get(released.size() - 1);
        return arrivalMs < last[0] || arrivalMs == last[0] && captureMs < last[1] ? Disposition.LATE : null;
    }

    private static int compare(Run run, long arrivalMs, long captureMs) {
        int byArrival = Long.compare(run.arrivalMs, arrivalMs);
        return byArrival != 0 ? byArrival : Long.compare(run.chunk.captureTimeMs(), captureMs);
    }

    private void wait(Run run) {
        int at = waiting.size();
        while (at > 0 && compare(waiting.get(at - 1), run.arrivalMs, run.chunk.captureTimeMs()) > 0) {
            at--;
        }
        waiting.add(at, run);
        waitingFrames += run.count;
    }

    @Override
    long dueMs() {
        long firstMs = NEVER;
        for (int i = 0; i < waiting.size(); i++) {
            firstMs = Math.min(firstMs, waiting.get(i).receivedMs);
        }
        if (firstMs == NEVER) {
            return NEVER;
        }
        return waitingFrames >= options.maxHeldFrames() ? firstMs : firstMs + hold.holdMs();
    }

    @Override
    void giveUpDue(long nowMs, StreamOutput out) {
        int count = 0;
        if (waitingFrames >= options.maxHeldFrames()) {
            count = waiting.size();
        }
        for (int i = count; i < waiting.size(); i++) {
            if (waiting.get(i).receivedMs + hold.holdMs() <= nowMs) {
                count = i + 1; // and what is in order before it waits no longer
            }
        }
        release(count, nowMs, out);
    }

    @Override
    void giveUpAll(long nowMs, StreamOutput out) {
        release(waiting.size(), nowMs, out);
    }

    private void release(int count, long nowMs, StreamOutput out) {
        for (int i = 0; i < count; i++) {
            Run run = waiting.get(i);
            if (run.arrivalMs - lastReleasedArrivalMs() > PAUSE_MS) {
                anchorUs = Long.MAX_VALUE; // another spurt
                spurtFrames = 0;
            }
            run.place = next;
            run.startUs = roomTimeUs(run.chunk, spurtFrames, run.arrivalMs);
            next += run.count;
            spurtFrames += run.count;
            waitingFrames -= run.count;
            remember(run.arrivalMs, run.chunk.captureTimeMs());
            lastReleaseMs = nowMs;
            out.release(run);
        }
        waiting.subList(0, count).clear();
    }

    private void remember(long arrivalMs, long captureMs) {
        if (released.size() == REMEMBERED) {
            released.remove(0);
        }
        released.add(new long[] {arrivalMs, captureMs});
    }

    private void logOnly(Chunk chunk, Disposition disposition, StreamOutput out) {
        for (int i = 0; i < chunk.frameCount(); i++) {
            out.logOnly(this, chunk, i, disposition);
        }
    }

    @Override
    boolean hasGap() {
        return false;
    }

    @Override
    int timeoutMs() {
        return Math.min(options.speakerTimeoutMs(), PAUSE_MS);
    }

    @Override
    void restartWait(long nowMs) {
        // What waits has numbers as soon as its hold is over, whatever the source did meanwhile.
    }

    @Override
    StreamState.Builder state() {
        UnnumberedState.Builder own = UnnumberedState.newBuilder()
                .setLastReleaseMs(lastReleaseMs)
                .setSpurtFrames(spurtFrames)
                .setHold(hold.state());
        waiting.forEach(run -> own.addWaiting(run.state()));
        released.forEach(key -> own.addReleasedKeys(key[0]).addReleasedKeys(key[1]));
        return super.state().setUnnumbered(own);
    }
}
