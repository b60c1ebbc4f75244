package io.parley.core.room;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.parley.core.chunk.Chunk;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.ChunkTrace;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.List;

/**
 * What waits for a room's next tick. Per-frame code: frames are copied once, from their chunk into the tick, and no
 * object is made for one that is played. Single-threaded.
 */
final class PendingTick {

    /** More than an event or a trace without texts takes in a tick message. */
    private static final int EVENT_BYTES = 160;
    /** Held back for the fields of a tick message that are always there. */
    private static final int ENVELOPE_BYTES = 1024;
    /**
     * A tick with frames of a stream that was not declared for so long declares it again: posts get lost, and without it
     * whoever missed the tick that did would not hear the stream until it ends.
     */
    private static final long DECLARED_MS = 2_000;
    /** Log-only frames do not close a tick, but when there are so many the next tick is closed for them. */
    private static final int MAX_LOG_FRAMES = 512;

    final List<Event> events = new ArrayList<>();
    final List<Event> losses = new ArrayList<>();
    /** In the order of release. */
    final List<Run> ready = new ArrayList<>();

    final List<ChunkReference> failed = new ArrayList<>();
    final LogOnly.Builder logOnly = LogOnly.newBuilder();

    private final TickHash hasher = new TickHash();
    private final LiveFrames.Writer frames = new LiveFrames.Writer();
    /** While ticks are made: of each stream its first run that is not yet taken. */
    private final List<Run> heads = new ArrayList<>();

    private int readyBytes;

    /** Whether there is something that listeners wait for. */
    boolean isLive() {
        return !events.isEmpty() || !losses.isEmpty() || !ready.isEmpty() || !heads.isEmpty();
    }

    /** Whether there is something that comes behind all events in a tick. */
    boolean hasFrames() {
        return !ready.isEmpty() || !losses.isEmpty();
    }

    boolean hasManyLogFrames() {
        return logOnly.getFramesCount() >= MAX_LOG_FRAMES;
    }

    /** Bytes, encoded, of the frames that are ready. */
    int readyBytes() {
        return readyBytes;
    }

    void add(Run run) {
        ready.add(run);
        run.stream.readyRuns++;
        for (int i = run.from; i < run.from + run.count; i++) {
            readyBytes += frameBytes(run.chunk.payloadLength(i));
        }
        readyBytes += run.trace == null ? 0 : EVENT_BYTES;
    }

    void addLoss(SpeakerStream stream, long place, long count) {
        if (!losses.isEmpty()) {
            Event before = losses.get(losses.size() - 1);
            if (before.getStream() == stream.index() && before.getFirstSequence() + before.getCount() == (int) place) {
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
                .setStream(stream.index())
                .setFirstSequence((int) place)
                .setCount((int) count)
                .build());
    }

    void addOrigin(SpeakerStream stream) {
        logOnly.addOrigins(StreamOrigin.newBuilder()
                .setStream(stream.index())
                .setConnection(stream.connection)
                .setNumbering(stream.numbering));
    }

    /** A frame that is not played. Its bytes are kept where the speaker was allowed to say it and it is no copy. */
    void addLogOnly(
            String participant,
            String connection,
            int numbering,
            Chunk chunk,
            int frame,
            int sequence,
            Disposition disposition) {
        int level = chunk.level(frame);
        int offset = chunk.payloadOffset(frame);
        int length = chunk.payloadLength(frame);
        LogFrame.Builder added = logOnly.addFramesBuilder()
                .setParticipant(participant)
                .setConnection(connection)
                .setNumbering(numbering)
                .setSequence(sequence)
                .setDisposition(disposition)
                .setLevel(level)
                .setDigest(UnsafeByteOperations.unsafeWrap(
                        hasher.frameDigest(TickHash.NO_STREAM, sequence, level, chunk.bytes(), offset, length)));
        if (disposition != Disposition.DUPLICATE && disposition != Disposition.MUTED) {
            added.setPayload(ByteString.copyFrom(chunk.bytes(), offset, length));
        }
    }

    /** Begins to make ticks of what waits; {@link #take} then takes one after the other, until nothing is live. */
    void beginTaking() {
        for (int i = 0; i < ready.size(); i++) {
            Run run = ready.get(i);
            SpeakerStream stream = run.stream;
            run.next = null;
            if (stream.readyTail == null) {
                heads.add(run);
            } else {
                stream.readyTail.next = run;
            }
            stream.readyTail = run;
        }
        for (int i = 0; i < heads.size(); i++) {
            heads.get(i).stream.readyTail = null;
            heads.get(i).stream.readyRuns = 0;
        }
        ready.clear();
        readyBytes = 0;
    }

    /**
     * Takes as much as fits into one tick, in order: events, then frames and what declares their streams anew, then losses
     * once all frames are in.
     *
     * @param tick has everything but the parts that are taken here
     * @param sequenced receives the reports of the chunks that begin in this tick
     */
    Tick take(Tick.Builder tick, int maxTickBytes, long nowUs, List<ChunkReference> sequenced) {
        int room = maxTickBytes - ENVELOPE_BYTES;
        room = takeEvents(events, tick, room);
        boolean news = tick.getEventsCount() > 0;
        if (events.isEmpty()) {
            room = takeFrames(tick, room, nowUs, sequenced);
        }
        if (events.isEmpty() && heads.isEmpty() && !losses.isEmpty()) {
            int before = tick.getEventsCount();
            takeEvents(losses, tick, room);
            news |= tick.getEventsCount() > before;
        }
        if (news || tick.getTracesCount() > 0) {
            tick.clearSoleSpeaker(); // what happened is for everybody
        }
        byte[] live = frames.take();
        tick.setFrames(UnsafeByteOperations.unsafeWrap(live));
        ByteString logOnlyHash = ByteString.EMPTY;
        if (logOnly.getFramesCount() > 0 || logOnly.getOriginsCount() > 0) {
            LogOnly taken = logOnly.build();
            logOnly.clear();
            logOnlyHash = hasher.logOnly(taken);
            tick.setLogOnly(taken).setLogOnlyHash(logOnlyHash);
        }
        ByteString hash = hasher.hash(
                tick.getPreviousHash(),
                tick.getRoom(),
                tick.getEpoch(),
                tick.getTick(),
                hasher.live(tick.getEventsList(), live),
                logOnlyHash);
        return tick.setHash(hash).build();
    }

    private static int takeEvents(List<Event> from, Tick.Builder tick, int room) {
        int taken = 0;
        for (int i = 0; i < from.size(); i++) {
            Event event = from.get(i);
            int size = EVENT_BYTES
                    + 6 * (event.getText().length() + event.getName().length());
            if (size > room && tick.getEventsCount() > 0) {
                break;
            }
            tick.addEvents(event);
            room -= size;
            taken++;
        }
        from.subList(0, taken).clear();
        return room;
    }

    private int takeFrames(Tick.Builder tick, int room, long nowUs, List<ChunkReference> sequenced) {
        String soleSpeaker = null;
        boolean several = false;
        boolean any = false;
        while (!heads.isEmpty()) {
            int at = first();
            Run run = heads.get(at);
            int offset = run.chunk.payloadOffset(run.from);
            int length = run.chunk.payloadLength(run.from);
            boolean declares = nowUs / 1000 - run.stream.declaredMs >= DECLARED_MS;
            int size = frameBytes(length) + (run.trace == null ? 0 : EVENT_BYTES) + (declares ? EVENT_BYTES : 0);
            if (size > room && any) {
                break;
            }
            room -= size;
            if (declares) {
                tick.addEvents(run.stream.declaration(nowUs / 1000));
            }
            frames.add(
                    run.stream.index(), (int) run.place, run.chunk.level(run.from), run.chunk.bytes(), offset, length);
            if (run.report != null) {
                sequenced.add(run.report);
                run.report = null;
            }
            if (run.trace != null) {
                tick.addTraces(ChunkTrace.newBuilder()
                        .setStream(run.stream.index())
                        .setSequence((int) run.place)
                        .setTrace(run.trace.toBuilder().setTickUs(nowUs)));
                run.trace = null;
            }
            several = several || any && !run.stream.participant.equals(soleSpeaker);
            soleSpeaker = run.stream.participant;
            any = true;
            run.advance();
            if (run.count > 0) {
                continue;
            }
            if (run.next == null) {
                heads.remove(at);
            } else {
                heads.set(at, run.next);
            }
        }
        if (any && !several) {
            tick.setSoleSpeaker(soleSpeaker);
        }
        return room;
    }

    /** Which head comes next: by room time, then participant, then stream. Within a stream they are in order. */
    private int first() {
        int first = 0;
        for (int i = 1; i < heads.size(); i++) {
            if (isBefore(heads.get(i), heads.get(first))) {
                first = i;
            }
        }
        return first;
    }

    private static boolean isBefore(Run run, Run other) {
        if (run.startUs != other.startUs) {
            return run.startUs < other.startUs;
        }
        int byParticipant = run.stream.participant.compareTo(other.stream.participant);
        return byParticipant != 0 ? byParticipant < 0 : run.stream.index() < other.stream.index();
    }

    /** What a frame takes in a tick message at most, in base64. */
    private static int frameBytes(int length) {
        return (LiveFrames.Writer.bound(length) + 2) / 3 * 4;
    }
}
