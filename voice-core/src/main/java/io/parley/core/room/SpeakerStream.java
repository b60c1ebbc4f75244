package io.parley.core.room;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import io.parley.core.wire.Event;
import io.parley.core.wire.FrameState;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.StreamState;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;

/**
 * The sequencer of one speaker stream: frames go in as they arrive and leave in ascending order, never twice.
 *
 * <p>A frame in order leaves at once. A gap holds the frames behind it, until it is filled or {@link #giveUp given
 * up}. What comes for a place that has been passed is told apart by a bitmap of the last 256: a duplicate, or late.
 * Per-frame code, single-threaded.
 */
final class SpeakerStream {

    private static final int WINDOW = 256;

    private final int index;
    private final String participant;
    private final String connection;
    private final Codec codec;
    private final int frameDurationUs;

    /** The place whose frame leaves next. */
    private long next;
    /** Of the {@link #WINDOW} places before {@link #next}: set if its frame left, clear if it was given up. */
    private final long[] left = new long[WINDOW / Long.SIZE];

    private final TreeMap<Long, Frame> held = new TreeMap<>();
    /** When the first of the held frames was received; -1 if none is held. */
    private long gapSinceMs = -1;

    private long lastArrivalMs;
    private boolean speaking;

    /** Estimated room time of the spurt's beginning: the running minimum of arrival − media time. */
    private long anchorUs = Long.MAX_VALUE;
    /** Offset in its spurt of the newest chunk. */
    private long spurtPosition = -1;

    private long lastRoomTimeUs = Long.MIN_VALUE;

    private SpeakerStream(
            int index, String participant, String connection, Codec codec, int frameDurationUs, long next) {
        this.index = index;
        this.participant = participant;
        this.connection = connection;
        this.codec = codec;
        this.frameDurationUs = frameDurationUs;
        this.next = next;
    }

    /**
     * A stream that begins with this chunk. Frames of the spurt before the chunk are waited for like any gap, unless
     * there are more of them than can be held: then the stream was joined in mid-speech.
     */
    static SpeakerStream begin(int index, String participant, String connection, Chunk chunk, int maxHeldFrames) {
        long first = chunk.sequence() & 0xFFFF_FFFFL;
        // Places start one wrap up, so that going back before the first one never makes them negative.
        long place = first + (1L << 32);
        if (chunk.spurtOffset() <= maxHeldFrames) {
            place -= chunk.spurtOffset();
        }
        return new SpeakerStream(index, participant, connection, chunk.codec(), chunk.frameDurationUs(), place);
    }

    int index() {
        return index;
    }

    String participant() {
        return participant;
    }

    String connection() {
        return connection;
    }

    Codec codec() {
        return codec;
    }

    int frameDurationUs() {
        return frameDurationUs;
    }

    long lastArrivalMs() {
        return lastArrivalMs;
    }

    boolean speaking() {
        return speaking;
    }

    void setSpeaking(boolean speaking) {
        this.speaking = speaking;
    }

    /** Whether chunks like this continue the stream; another codec or duration is another stream. */
    boolean continuesWith(Chunk chunk) {
        return chunk.codec() == codec && chunk.frameDurationUs() == frameDurationUs;
    }

    /** Extends a frame's 32-bit sequence number to its place: the one nearest to {@link #next}. */
    long place(int sequence) {
        return next + (sequence - (int) next);
    }

    /**
     * Tells when the frames of this chunk are in the room's time and remembers its arrival. In µs since the epoch;
     * for frame i of the chunk add i frame durations.
     */
    long roomTimeUs(Chunk chunk, long arrivalMs) {
        lastArrivalMs = Math.max(lastArrivalMs, arrivalMs);
        long position = chunk.spurtOffset();
        if (position == 0 || position < spurtPosition - WINDOW || position > spurtPosition + WINDOW) {
            anchorUs = Long.MAX_VALUE; // another spurt
            spurtPosition = position;
        }
        spurtPosition = Math.max(spurtPosition, position);
        // A chunk is sent when its last frame was recorded.
        long mediaEndUs = (position + chunk.frameCount()) * frameDurationUs;
        anchorUs = Math.min(anchorUs, arrivalMs * 1000 - mediaEndUs);
        return anchorUs + position * frameDurationUs;
    }

    /** What a frame for that place would be now; null if it is wanted. */
    Disposition refusal(long place) {
        if (place >= next) {
            return held.containsKey(place) ? Disposition.DUPLICATE : null;
        }
        return next - place <= WINDOW && isLeft(place) ? Disposition.DUPLICATE : Disposition.LATE;
    }

    /** Takes a frame whose place is not {@link #refusal refused}; call {@link #release} after a chunk's last. */
    void hold(Frame frame) {
        held.put(frame.place, frame);
    }

    /** Moves to {@code ready} what is in order now. */
    void release(List<Frame> ready, List<Event> losses) {
        boolean moved = false;
        while (!held.isEmpty() && held.firstKey() == next) {
            Frame frame = held.pollFirstEntry().getValue();
            if (frame.stale) {
                addLoss(losses, next, 1);
            } else {
                ready.add(monotonic(frame));
            }
            setLeft(next, true);
            next++;
            moved = true;
        }
        if (held.isEmpty()) {
            gapSinceMs = -1;
        } else if (moved || gapSinceMs < 0) {
            gapSinceMs = firstReceivedMs();
        }
    }

    /** Gives up the gap before the first held frame, declares it lost and releases what it held. */
    void giveUp(List<Frame> ready, List<Event> losses) {
        if (held.isEmpty()) {
            return;
        }
        long first = held.firstKey();
        addLoss(losses, next, first - next);
        if (first - next >= WINDOW) {
            Arrays.fill(left, 0);
        } else {
            for (long place = next; place < first; place++) {
                setLeft(place, false);
            }
        }
        next = first;
        release(ready, losses);
    }

    /** When the oldest gap is due to be given up; {@link Long#MAX_VALUE} without one. */
    long gapDueMs(int holdMs, int maxHeldFrames) {
        if (gapSinceMs < 0) {
            return Long.MAX_VALUE;
        }
        return held.size() >= maxHeldFrames ? gapSinceMs : gapSinceMs + holdMs;
    }

    /** Lets a gap that is held be held from now on. */
    void restartHold(long nowMs) {
        if (gapSinceMs >= 0) {
            gapSinceMs = nowMs;
        }
    }

    boolean hasGap() {
        return gapSinceMs >= 0;
    }

    Event declaration() {
        return Event.newBuilder()
                .setKind(Event.Kind.STREAM)
                .setStream(index)
                .setParticipant(participant)
                .setCodec(codec.id())
                .setFrameDurationUs(frameDurationUs)
                .build();
    }

    private long firstReceivedMs() {
        long first = Long.MAX_VALUE;
        for (Frame frame : held.values()) {
            first = Math.min(first, frame.receivedMs);
        }
        return first;
    }

    /** An earlier anchor found later must not put a frame before the one that it follows. */
    private Frame monotonic(Frame frame) {
        if (frame.roomTimeUs > lastRoomTimeUs) {
            lastRoomTimeUs = frame.roomTimeUs;
            return frame;
        }
        lastRoomTimeUs++;
        return frame.at(lastRoomTimeUs);
    }

    private void addLoss(List<Event> losses, long from, long count) {
        if (!losses.isEmpty()) {
            Event before = losses.get(losses.size() - 1);
            if (before.getStream() == index && before.getFirstSequence() + before.getCount() == (int) from) {
                losses.set(
                        losses.size() - 1,
                        before.toBuilder()
                                .setCount(before.getCount() + (int) count)
                                .build());
                return;
            }
        }
        losses.add(Event.newBuilder()
                .setKind(Event.Kind.LOST)
                .setStream(index)
                .setFirstSequence((int) from)
                .setCount((int) count)
                .build());
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

    StreamState state() {
        StreamState.Builder state = StreamState.newBuilder()
                .setIndex(index)
                .setParticipant(participant)
                .setConnection(connection)
                .setCodec(codec.id())
                .setFrameDurationUs(frameDurationUs)
                .setNext(next)
                .setGapSinceMs(gapSinceMs)
                .setLastArrivalMs(lastArrivalMs)
                .setAnchorUs(anchorUs)
                .setSpurtPosition(spurtPosition)
                .setLastRoomTimeUs(lastRoomTimeUs)
                .setSpeaking(speaking);
        for (long word : left) {
            state.addPlayed(word);
        }
        held.values().forEach(frame -> state.addHeld(frame.state()));
        return state.build();
    }

    static SpeakerStream restore(StreamState state) {
        SpeakerStream stream = new SpeakerStream(
                state.getIndex(),
                state.getParticipant(),
                state.getConnection(),
                Codec.byId(state.getCodec()),
                state.getFrameDurationUs(),
                state.getNext());
        for (int i = 0; i < stream.left.length; i++) {
            stream.left[i] = state.getPlayed(i);
        }
        for (FrameState held : state.getHeldList()) {
            stream.held.put(held.getPlace(), Frame.restore(held));
        }
        stream.gapSinceMs = state.getGapSinceMs();
        stream.lastArrivalMs = state.getLastArrivalMs();
        stream.anchorUs = state.getAnchorUs();
        stream.spurtPosition = state.getSpurtPosition();
        stream.lastRoomTimeUs = state.getLastRoomTimeUs();
        stream.speaking = state.getSpeaking();
        return stream;
    }
}
