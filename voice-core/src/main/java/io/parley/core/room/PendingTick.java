package io.parley.core.room;

import com.google.protobuf.ByteString;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.ChunkTrace;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.List;

/** What waits for a room's next tick. Single-threaded. */
final class PendingTick {

    /** More than an event or a trace without texts takes in a tick message. */
    private static final int EVENT_BYTES = 160;
    /** Held back for the fields of a tick message that are always there. */
    private static final int ENVELOPE_BYTES = 1024;
    /** Log-only frames do not close a tick, so they close it when there are so many. */
    private static final int MAX_LOG_FRAMES = 512;

    final List<Event> events = new ArrayList<>();
    final List<Event> losses = new ArrayList<>();
    final List<Frame> ready = new ArrayList<>();
    final List<ChunkReference> failed = new ArrayList<>();
    final LogOnly.Builder logOnly = LogOnly.newBuilder();

    private final TickHash hasher = new TickHash();
    private final LiveFrames.Writer frames = new LiveFrames.Writer();

    /** Whether there is something that listeners wait for. */
    boolean isLive() {
        return !events.isEmpty() || !losses.isEmpty() || !ready.isEmpty();
    }

    /** Whether there is anything at all. */
    boolean isEmpty() {
        return !isLive() && logOnly.getFramesCount() == 0 && logOnly.getOriginsCount() == 0;
    }

    boolean isFull() {
        return logOnly.getFramesCount() >= MAX_LOG_FRAMES;
    }

    void addLogOnly(LogFrame frame) {
        logOnly.addFrames(frame);
    }

    void addOrigin(SpeakerStream stream) {
        logOnly.addOrigins(StreamOrigin.newBuilder().setStream(stream.index()).setConnection(stream.connection()));
    }

    ByteString frameDigest(int sequence, int level, byte[] bytes, int offset, int length) {
        return ByteString.copyFrom(hasher.frameDigest(0xFFFF, sequence, level, bytes, offset, length));
    }

    /**
     * Takes as much as fits into one tick, in order: events, then frames, then losses once all frames are in.
     *
     * @param tick has everything but the parts that are taken here
     * @param sequenced receives the reports of the chunks that begin in this tick
     */
    Tick take(Tick.Builder tick, int maxTickBytes, long nowUs, List<ChunkReference> sequenced) {
        int room = maxTickBytes - ENVELOPE_BYTES;
        room = takeEvents(events, tick, room);
        if (events.isEmpty()) {
            room = takeFrames(tick, room, nowUs, sequenced);
        }
        if (ready.isEmpty()) {
            takeEvents(losses, tick, room);
        }
        byte[] live = frames.take();
        tick.setFrames(ByteString.copyFrom(live));
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
        for (Event event : from) {
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
        ready.sort(Frame.ORDER);
        String soleSpeaker = null;
        boolean several = false;
        int taken = 0;
        for (Frame frame : ready) {
            int size = encodedBytes(LiveFrames.Writer.bound(frame.length)) + (frame.trace == null ? 0 : EVENT_BYTES);
            if (size > room && taken > 0) {
                break;
            }
            room -= size;
            taken++;
            frames.add(frame.stream, frame.sequence(), frame.level, frame.bytes, frame.offset, frame.length);
            if (frame.report != null) {
                sequenced.add(frame.report);
            }
            if (frame.trace != null) {
                tick.addTraces(ChunkTrace.newBuilder()
                        .setStream(frame.stream)
                        .setSequence(frame.sequence())
                        .setTrace(frame.trace.toBuilder().setTickUs(nowUs)));
            }
            several |= soleSpeaker != null && !soleSpeaker.equals(frame.participant);
            soleSpeaker = frame.participant;
        }
        ready.subList(0, taken).clear();
        if (soleSpeaker != null && !several) {
            tick.setSoleSpeaker(soleSpeaker);
        }
        return room;
    }

    /** Bytes in base64. */
    private static int encodedBytes(int bytes) {
        return (bytes + 2) / 3 * 4;
    }
}
