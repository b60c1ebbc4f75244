package io.parley.core.room;

import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.StreamState;
import io.parley.core.wire.Trace;

/**
 * The frames of one connection in one codec, frame duration and numbering: they go in as they arrive and leave in
 * order, never twice. What the two ways to put them in order, {@link NumberedStream} and {@link UnnumberedStream},
 * have in common: who speaks, when that is in the room's time, and how loud it is. Per-frame code, single-threaded.
 */
abstract class SpeakerStream {

    /** {@link #accept}: at least one frame was wanted. */
    static final int WANTED = 1;
    /** {@link #accept}: at least one frame was late. */
    static final int LATE = 2;

    /** {@link #dueMs}: nothing waits. */
    static final long NEVER = Long.MAX_VALUE;

    private static final int LEVEL_SCALE = 16;
    private static final int LEVEL_SMOOTHING = 8;

    final String participant;
    final String connection;
    final int numbering;
    final Codec codec;
    final int frameDurationUs;
    final RoomOptions options;

    /** How many runs of it wait for the next tick. Kept by the room. */
    int readyRuns;
    /** The last of them while a tick is made of them. Kept by {@link PendingTick}. */
    Run readyTail;
    /** Whether the room counts it among those that something waits in. */
    boolean countedWaiting;
    /** The newest that one of its records was taken in with, and what the speaker was allowed then. */
    long controlVersion;

    Permissions permissions = Permissions.getDefaultInstance();
    /** Whether it is among those whose number is limited: it has begun to speak and not stopped. Kept by the room. */
    boolean talks;
    /** When a tick declared it last, or was to; kept by the room and by {@link PendingTick}. */
    long declaredMs;
    /** Whether it is among the loudest. Kept by {@link LoudestStreams}. */
    boolean heard;

    /** The place whose frame leaves next. */
    long next;
    /** Estimated room time of the spurt's beginning: the running minimum of arrival − media time. */
    long anchorUs = Long.MAX_VALUE;

    private int index;
    private boolean ended;
    private boolean inSpurt;
    /** Smoothed, in 16ths of -dBov: less is louder. */
    private int level;

    private long lastArrivalMs;
    private long lastReleasedArrivalMs = Long.MIN_VALUE / 2;
    private long lastStartUs = Long.MIN_VALUE;

    SpeakerStream(
            int index,
            String participant,
            String connection,
            int numbering,
            Codec codec,
            int frameDurationUs,
            RoomOptions options) {
        this.index = index;
        this.participant = participant;
        this.connection = connection;
        this.numbering = numbering;
        this.codec = codec;
        this.frameDurationUs = frameDurationUs;
        this.options = options;
    }

    /** The stream that {@link #state} was taken of. */
    SpeakerStream(StreamState state, RoomOptions options) {
        this(
                state.getIndex(),
                state.getParticipant(),
                state.getConnection(),
                state.getNumbering(),
                Codec.byId(state.getCodec()),
                state.getFrameDurationUs(),
                options);
        ended = state.getEnded();
        inSpurt = state.getInSpurt();
        level = state.getLevel();
        lastArrivalMs = state.getLastArrivalMs();
        lastReleasedArrivalMs = state.getLastReleasedArrivalMs();
        lastStartUs = state.getLastStartUs();
        anchorUs = state.getAnchorUs();
        next = state.getNext();
        controlVersion = state.getControlVersion();
        permissions = state.getPermissions();
        talks = state.getTalks();
        declaredMs = state.getDeclaredMs();
    }

    /** Whether the chunk goes on with this stream; otherwise it begins another one. */
    abstract boolean continuesWith(Chunk chunk, boolean unnumbered, boolean stale);

    /**
     * Takes a chunk in; call {@link #arrived} before.
     *
     * @param aside why its frames will not be played, though they have their places; null if they will
     * @param observed whether its lateness is to be learnt from
     * @param report goes with the first frame that is wanted; may be null, and so may {@code trace}
     * @return {@link #WANTED} and {@link #LATE}, or'ed
     */
    abstract int accept(
            Chunk chunk,
            long arrivalMs,
            long nowMs,
            Disposition aside,
            boolean observed,
            ChunkReference report,
            Trace trace,
            StreamOutput out);

    /** The places of a chunk that its speaker was not allowed to say are passed: no loss is declared for them. */
    abstract void passSilently(Chunk chunk, long arrivalMs, long nowMs, StreamOutput out);

    /** From when on {@link #giveUp} would do something; {@link #NEVER} if nothing waits. */
    abstract long dueMs();

    /** Gives up the gaps, and the wait of what is not numbered, that are due by now. */
    abstract void giveUpDue(long nowMs, StreamOutput out);

    /** Releases all that waits. */
    abstract void giveUpAll(long nowMs, StreamOutput out);

    /** Whether {@link #giveUpDue} declares losses, so that it has to wait until a source has caught up. */
    abstract boolean hasGap();

    /** After how long without a chunk its speaker has stopped. */
    abstract int timeoutMs();

    /** What waits begins to wait now. */
    abstract void restartWait(long nowMs);

    final int index() {
        return index;
    }

    /** Another epoch counts from 0 again. */
    final void renumber(int other) {
        index = other;
    }

    final boolean ended() {
        return ended;
    }

    final void end() {
        ended = true;
        inSpurt = false;
    }

    final boolean inSpurt() {
        return inSpurt;
    }

    final void endSpurt() {
        inSpurt = false;
    }

    /** Smoothed, in 16ths of -dBov: less is louder. */
    final int level() {
        return level;
    }

    final long lastArrivalMs() {
        return lastArrivalMs;
    }

    final void arrived(long arrivalMs) {
        lastArrivalMs = Math.max(lastArrivalMs, arrivalMs);
    }

    /** One of its records was taken in. */
    final void allowed(StreamRecord record) {
        if (record.getControlVersion() >= controlVersion) {
            controlVersion = record.getControlVersion();
            permissions = record.getPermissions();
        }
    }

    final boolean hasFormatOf(Chunk chunk) {
        return chunk.codec() == codec && chunk.frameDurationUs() == frameDurationUs;
    }

    /** Takes the time at which a run leaves, after the run before it, and how loud it is. */
    final void follow(Run run) {
        // An earlier anchor found later must not put a frame before the one that it follows.
        run.startUs = Math.max(run.startUs, lastStartUs + 1);
        lastStartUs = run.startUs + (long) (run.count - 1) * frameDurationUs;
        int i = run.from;
        if (!inSpurt || run.arrivalMs - lastReleasedArrivalMs > timeoutMs()) {
            level = run.chunk.level(i++) * LEVEL_SCALE;
            inSpurt = true;
        }
        for (; i < run.from + run.count; i++) {
            level += (run.chunk.level(i) * LEVEL_SCALE - level) / LEVEL_SMOOTHING;
        }
        lastReleasedArrivalMs = run.arrivalMs;
    }

    final long lastReleasedArrivalMs() {
        return lastReleasedArrivalMs;
    }

    /**
     * When the first frame of a chunk is in the room's time, in µs since the epoch. A chunk is sent when its last
     * frame was recorded, so its arrival tells where the spurt began; the earliest such estimate is the best one.
     *
     * @param position how many frames into its spurt the chunk begins
     */
    final long roomTimeUs(Chunk chunk, long position, long arrivalMs) {
        anchorUs = Math.min(anchorUs, arrivalMs * 1_000 - (position + chunk.frameCount()) * frameDurationUs);
        return anchorUs + position * frameDurationUs;
    }

    final Event declaration(long nowMs) {
        declaredMs = nowMs;
        return Event.newBuilder()
                .setKind(Event.Kind.STREAM)
                .setStream(index)
                .setParticipant(participant)
                .setCodec(codec.id())
                .setFrameDurationUs(frameDurationUs)
                .build();
    }

    StreamState.Builder state() {
        return StreamState.newBuilder()
                .setIndex(index)
                .setParticipant(participant)
                .setConnection(connection)
                .setNumbering(numbering)
                .setCodec(codec.id())
                .setFrameDurationUs(frameDurationUs)
                .setEnded(ended)
                .setInSpurt(inSpurt)
                .setLevel(level)
                .setLastArrivalMs(lastArrivalMs)
                .setLastReleasedArrivalMs(lastReleasedArrivalMs)
                .setLastStartUs(lastStartUs)
                .setAnchorUs(anchorUs)
                .setNext(next)
                .setControlVersion(controlVersion)
                .setPermissions(permissions)
                .setTalks(talks)
                .setDeclaredMs(declaredMs);
    }

    static SpeakerStream restore(StreamState state, RoomOptions options) {
        return state.hasUnnumbered() ? new UnnumberedStream(state, options) : new NumberedStream(state, options);
    }
}
