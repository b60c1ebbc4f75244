package io.parley.core.verify;

import com.google.protobuf.ByteString;
import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/** Writes a small correct log of the room {@code lobby}, tick by tick; what is wrong in it a test has to put in. */
final class LogScript {

    static final String ROOM = "lobby";
    static final long START_MS = 1_700_000_000_000L;
    private static final int PERIOD_MS = 100;

    private final TickHash hasher = new TickHash();
    private final List<Tick> ticks = new ArrayList<>();
    private long epoch;
    private long nextTick;
    private long nowMs = START_MS;

    /** Begins an epoch that follows on the tick before it, if there is one. */
    LogScript epoch(long number) {
        if (ticks.isEmpty()) {
            return anew(number);
        }
        Tick last = ticks.get(ticks.size() - 1);
        return epoch(number, last.getEpoch(), last.getTick(), last.getHash());
    }

    LogScript epoch(long number, long tombstoneEpoch, long tombstoneTick, ByteString tombstoneHash) {
        return begin(
                number,
                Event.newBuilder()
                        .setTombstoneEpoch(tombstoneEpoch)
                        .setTombstoneTick(tombstoneTick)
                        .setTombstoneHash(tombstoneHash));
    }

    /** Begins an epoch that names no earlier one. */
    LogScript anew(long number) {
        return begin(number, Event.newBuilder());
    }

    private LogScript begin(long number, Event.Builder opened) {
        epoch = number;
        nextTick = 0;
        return tick(t -> t.event(opened.setKind(Event.Kind.OPENED)));
    }

    LogScript closed() {
        return tick(t -> t.event(Event.Kind.CLOSED));
    }

    /** Adds a tick a period after the one before. */
    LogScript tick(Consumer<Draft> content) {
        nowMs += PERIOD_MS;
        return tickAt(nowMs, content);
    }

    /** Begins epoch 300 and adds a tick to it. */
    LogScript inAnotherEpoch(Consumer<Draft> content) {
        return epoch(300).tick(content);
    }

    /** Adds a tick that was closed in the same moment as the one before. */
    LogScript tickAtOnce(Consumer<Draft> content) {
        return tickAt(nowMs, content);
    }

    LogScript tickAt(long closeTimeMs, Consumer<Draft> content) {
        Draft draft = new Draft();
        content.accept(draft);
        ByteString previous =
                nextTick == 0 ? TickHash.ZERO : ticks.get(ticks.size() - 1).getHash();
        Tick.Builder tick = Tick.newBuilder()
                .setVersion(1)
                .setRoom(ROOM)
                .setEpoch(epoch)
                .setTick(nextTick++)
                .setCloseTimeMs(closeTimeMs)
                .setPreviousHash(previous)
                .addAllEvents(draft.events)
                .addAllEvents(draft.losses)
                .addAllEvents(draft.behind)
                .setFrames(ByteString.copyFrom(draft.frames.take()));
        if (draft.logOnly.getOriginsCount() + draft.logOnly.getFramesCount() > 0) {
            tick.setLogOnly(draft.logOnly).setLogOnlyHash(hasher.logOnly(draft.logOnly.build()));
        }
        ticks.add(rehashed(tick.build()));
        return this;
    }

    /** The tick with the hash that its content has. */
    Tick rehashed(Tick tick) {
        return tick.toBuilder().setHash(hasher.hash(tick)).build();
    }

    List<Tick> ticks() {
        return ticks;
    }

    Tick last() {
        return ticks.get(ticks.size() - 1);
    }

    /** Alters a tick by its place in the log and leaves its hash as it is. */
    LogScript alter(int index, UnaryOperator<Tick.Builder> change) {
        ticks.set(index, change.apply(ticks.get(index).toBuilder()).build());
        return this;
    }

    /** Alters a tick and chains it and those behind it in its epoch anew. */
    LogScript rewrite(int index, UnaryOperator<Tick.Builder> change) {
        alter(index, change);
        for (int i = index; i < ticks.size(); i++) {
            Tick.Builder tick = ticks.get(i).toBuilder();
            if (i > index) {
                if (tick.getEpoch() != ticks.get(i - 1).getEpoch()) {
                    break;
                }
                tick.setPreviousHash(ticks.get(i - 1).getHash());
            }
            ticks.set(i, rehashed(tick.build()));
        }
        return this;
    }

    /** Each run of ticks of one epoch as one segment. */
    List<TickLogSegment> segments() {
        return segments(Integer.MAX_VALUE);
    }

    List<TickLogSegment> segments(int maxTicks) {
        List<TickLogSegment> segments = new ArrayList<>();
        TickLogSegment.Builder open = null;
        for (Tick tick : ticks) {
            if (open == null || open.getEpoch() != tick.getEpoch() || open.getTicksCount() == maxTicks) {
                if (open != null) {
                    segments.add(open.build());
                }
                open = TickLogSegment.newBuilder()
                        .setVersion(1)
                        .setRoom(ROOM)
                        .setEpoch(tick.getEpoch())
                        .setFirstTick(tick.getTick());
            }
            open.addTicks(tick);
        }
        segments.add(open.build());
        return segments;
    }

    /** The key that the job would have given it. */
    static SegmentKey key(TickLogSegment segment) {
        return SegmentKey.parse(ObjectKeys.segment(
                        segment.getRoom(),
                        segment.getEpoch(),
                        segment.getFirstTick(),
                        segment.getTicks(0).getCloseTimeMs(),
                        ContentHash.of(segment.toByteArray())))
                .orElseThrow();
    }

    List<Finding> verify() {
        return verify(segments());
    }

    static List<Finding> verify(List<TickLogSegment> segments) {
        List<Finding> findings = new ArrayList<>();
        RoomVerifier verifier = new RoomVerifier(ROOM, findings::add);
        segments.forEach(segment -> verifier.accept(key(segment), segment.toByteArray()));
        return findings;
    }

    /** What a tick holds. */
    final class Draft {
        private final List<Event> events = new ArrayList<>();
        private final List<Event> losses = new ArrayList<>();
        private final List<Event> behind = new ArrayList<>();
        private final LiveFrames.Writer frames = new LiveFrames.Writer();
        private final LogOnly.Builder logOnly = LogOnly.newBuilder();

        Draft event(Event.Kind kind) {
            return event(Event.newBuilder().setKind(kind));
        }

        Draft event(Event.Builder event) {
            events.add(event.build());
            return this;
        }

        /** An event behind the losses, where none may be. */
        Draft eventBehindLosses(Event.Kind kind) {
            behind.add(Event.newBuilder().setKind(kind).build());
            return this;
        }

        Draft stream(int stream, String connection) {
            return stream(stream, connection, 1);
        }

        Draft stream(int stream, String connection, int numbering) {
            return declare(stream).origin(stream, connection, numbering);
        }

        Draft declare(int stream) {
            return event(Event.newBuilder().setKind(Event.Kind.STREAM).setStream(stream));
        }

        Draft origin(int stream, String connection, int numbering) {
            logOnly.addOrigins(StreamOrigin.newBuilder()
                    .setStream(stream)
                    .setConnection(connection)
                    .setNumbering(numbering));
            return this;
        }

        Draft frames(int stream, int... sequences) {
            for (int sequence : sequences) {
                byte[] payload = {(byte) sequence, 1, 2};
                frames.add(stream, sequence, 30, payload, 0, payload.length);
            }
            return this;
        }

        Draft lost(int stream, int first, int count) {
            losses.add(Event.newBuilder()
                    .setKind(Event.Kind.LOST)
                    .setStream(stream)
                    .setFirstSequence(first)
                    .setCount(count)
                    .build());
            return this;
        }

        Draft refused(String connection, int sequence, Disposition disposition) {
            byte[] payload = {(byte) sequence, 1, 2};
            logOnly.addFrames(LogFrame.newBuilder()
                    .setParticipant("ann")
                    .setConnection(connection)
                    .setNumbering(1)
                    .setSequence(sequence)
                    .setDisposition(disposition)
                    .setLevel(30)
                    .setDigest(
                            ByteString.copyFrom(hasher.frameDigest(0xFFFF, sequence, 30, payload, 0, payload.length)))
                    .setPayload(ByteString.copyFrom(payload)));
            return this;
        }
    }
}
