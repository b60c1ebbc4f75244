package io.parley.core.room;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.error.ErrorCode;
import io.parley.core.options.RoomOptions;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.Control;
import io.parley.core.wire.DepartedState;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.JoinState;
import io.parley.core.wire.Joined;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.MemberState;
import io.parley.core.wire.ProbeAnswer;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.StreamInfo;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Tombstone;
import io.parley.core.wire.Trace;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One room: orders what its speakers send and closes it into ticks.
 *
 * <p>Records go in as they come, ticks come out: numbered without gaps within an epoch, chained by hash, at most one
 * in a tick period. The first frame after silence leaves at once, later ones wait for the period's end. The owner
 * calls {@link #onTimer} when {@link #nextTimerMs} has come and keeps at most one timer for a room. Time is passed in,
 * in µs since the epoch, and never goes back by more than clocks do. Single-threaded.
 */
public final class Room {

    private static final int STATE_VERSION = 1;
    /** How many connections that left are remembered, so that their frames in flight stay out. */
    private static final int MAX_DEPARTED = 64;

    private final String id;
    private final RoomOptions options;
    private final PendingTick pending = new PendingTick();
    /** By connection, in the order of joining. */
    private final Map<String, MemberState> members = new LinkedHashMap<>();
    /** Connections that left, with the controlVersion of it. */
    private final Map<String, Long> departed = new LinkedHashMap<>();
    /** By connection. */
    private final Map<String, SpeakerStream> streams = new LinkedHashMap<>();

    private final List<JoinState> joins = new ArrayList<>();

    private boolean opened;
    private boolean reopen;
    private boolean closed;
    private long runStartMs;
    private long epoch;
    private long nextTick;
    private ByteString hash = TickHash.ZERO;
    private long lastCloseMs = Long.MIN_VALUE / 2;
    private long lastActivityMs;
    private long rosterVersion;
    private int nextStream;
    private boolean recording;
    private Tombstone tombstone;

    private Room(String id, RoomOptions options) {
        this.id = id;
        this.options = options;
    }

    /** A room that nothing is known of but, perhaps, where it ended last time ({@code tombstone} may be null). */
    public static Room open(String id, RoomOptions options, Tombstone tombstone, long nowMs) {
        Room room = new Room(id, options);
        room.tombstone = tombstone;
        room.epoch = tombstone == null ? nowMs : Math.max(nowMs, tombstone.getEpoch() + 1);
        room.lastActivityMs = nowMs;
        return room;
    }

    /** Tells which run of the operator this is; in another one than before, the next event opens a new epoch. */
    public void beginRun(long operatorStartMs) {
        if (runStartMs != operatorStartMs) {
            runStartMs = operatorStartMs;
            reopen = opened;
        }
    }

    /**
     * Takes one record that was checked by {@link io.parley.core.record.StreamRecords}.
     *
     * @param chunk the record's chunk; null unless it is audio
     */
    public void accept(StreamRecord record, Chunk chunk, long nowUs, Consumer<RoomOutput> out) {
        if (record.getKind() == StreamRecord.Kind.PROBE) {
            answerProbe(record, nowUs, out);
            return;
        }
        long nowMs = nowUs / 1000;
        lastActivityMs = nowMs;
        openEpoch(nowMs);
        if (chunk != null) {
            acceptChunk(record, chunk, nowUs);
        } else {
            acceptControl(record);
        }
        closeIfDue(nowUs, out);
    }

    /** Does what has become due. Calling it early or twice does no harm. */
    public void onTimer(long nowUs, Consumer<RoomOutput> out) {
        if (!opened) {
            return;
        }
        long nowMs = nowUs / 1000;
        openEpoch(nowMs);
        for (SpeakerStream stream : streams.values()) {
            if (stream.speaking() && !stream.hasGap() && nowMs >= stream.lastArrivalMs() + options.speakerTimeoutMs()) {
                setSpeaking(stream, false);
            }
        }
        if (isDeserted() && nowMs >= lastActivityMs + options.speakerTimeoutMs()) {
            pending.events.add(Event.newBuilder().setKind(Event.Kind.CLOSED).build());
            closeAll(nowUs, out);
            streams.clear();
            departed.clear();
            opened = false;
            closed = true;
            tombstone = Tombstone.newBuilder()
                    .setEpoch(epoch)
                    .setTick(nextTick - 1)
                    .setHash(hash)
                    .build();
            return;
        }
        closeIfDue(nowUs, out);
    }

    /** When {@link #onTimer} wants to be called; {@link Long#MAX_VALUE} if nothing waits. */
    public long nextTimerMs() {
        if (!opened) {
            return Long.MAX_VALUE;
        }
        long nextClose = lastCloseMs + options.tickPeriodMs();
        long due = pending.isLive() || pending.isFull() || !pending.failed.isEmpty() ? nextClose : Long.MAX_VALUE;
        for (SpeakerStream stream : streams.values()) {
            long gapDue = stream.gapDueMs(options.maxHoldMs(), options.maxHeldFrames());
            if (gapDue != Long.MAX_VALUE) {
                due = Math.min(due, gapDue);
            } else if (stream.speaking()) {
                due = Math.min(due, stream.lastArrivalMs() + options.speakerTimeoutMs());
            }
        }
        if (isDeserted()) {
            due = Math.min(due, lastActivityMs + options.speakerTimeoutMs());
        }
        // Whatever it is, it shows in a tick.
        return due == Long.MAX_VALUE ? due : Math.max(due, nextClose);
    }

    /** Whether it holds nothing that a checkpoint would have to keep, but perhaps its {@link #tombstone}. */
    public boolean isClosed() {
        return closed || !opened;
    }

    /** Where the last epoch ended; null if there was none. */
    public Tombstone tombstone() {
        return tombstone;
    }

    private void openEpoch(long nowMs) {
        if (opened && !reopen) {
            return;
        }
        if (reopen) {
            tombstone = Tombstone.newBuilder()
                    .setEpoch(epoch)
                    .setTick(nextTick - 1)
                    .setHash(hash)
                    .build();
            epoch = Math.max(epoch + 1, runStartMs);
            // While nobody read the stream, what would have filled a gap could not come either.
            streams.values().forEach(stream -> stream.restartHold(nowMs));
        } else if (closed) {
            epoch = Math.max(epoch + 1, nowMs);
        }
        nextTick = 0;
        hash = TickHash.ZERO;
        opened = true;
        reopen = false;
        closed = false;
        Event.Builder opening = Event.newBuilder().setKind(Event.Kind.OPENED);
        if (tombstone != null) {
            opening.setTombstoneEpoch(tombstone.getEpoch())
                    .setTombstoneTick(tombstone.getTick())
                    .setTombstoneHash(tombstone.getHash());
        }
        int at = 0;
        pending.events.add(at++, opening.build());
        for (SpeakerStream stream : streams.values()) {
            pending.events.add(at++, stream.declaration());
            pending.addOrigin(stream);
        }
    }

    private void acceptControl(StreamRecord record) {
        Control control = record.getControl();
        long version = record.getControlVersion();
        rosterVersion = Math.max(rosterVersion, version);
        switch (control.getKind()) {
            case JOIN:
                join(record, control, version);
                break;
            case LEAVE:
                leave(control, version);
                break;
            case MUTE:
            case UNMUTE:
                changePermissions(control, version);
                break;
            case SAY:
                pending.events.add(Event.newBuilder()
                        .setKind(Event.Kind.SAID)
                        .setParticipant(record.getParticipant())
                        .setText(control.getText())
                        .build());
                break;
            case SETTINGS:
                recording = control.getRecording();
                break;
            default:
                // Kinds that no ingest of this version writes; their changes are still in roster_version.
                break;
        }
    }

    private void join(StreamRecord record, Control control, long version) {
        String connection = control.getConnection();
        MemberState before = members.get(connection);
        Long leftAt = departed.get(connection);
        if (before != null && before.getControlVersion() >= version || leftAt != null && leftAt >= version) {
            return; // a record that newer ones have overtaken
        }
        departed.remove(connection);
        recording = control.getRecording();
        boolean isNew = !isPresent(control.getParticipant());
        members.put(
                connection,
                MemberState.newBuilder()
                        .setConnection(connection)
                        .setParticipant(control.getParticipant())
                        .setName(control.getDisplayName())
                        .setPermissions(control.getPermissions())
                        .setControlVersion(version)
                        .build());
        if (isNew) {
            pending.events.add(Event.newBuilder()
                    .setKind(Event.Kind.JOINED)
                    .setParticipant(control.getParticipant())
                    .setName(control.getDisplayName())
                    .build());
        }
        joins.add(JoinState.newBuilder()
                .setConnection(connection)
                .setParticipant(control.getParticipant())
                .setRequestId(record.getRequestId())
                .setReconnectBeforeMs(control.getReconnectBeforeMs())
                .setControlVersion(version)
                .build());
    }

    private void leave(Control control, long version) {
        String connection = control.getConnection();
        MemberState member = members.get(connection);
        if (member != null && member.getControlVersion() >= version) {
            return;
        }
        departed.merge(connection, version, Math::max);
        if (departed.size() > MAX_DEPARTED) {
            Iterator<String> oldest = departed.keySet().iterator();
            oldest.next();
            oldest.remove();
        }
        joins.removeIf(join -> join.getConnection().equals(connection));
        SpeakerStream stream = streams.remove(connection);
        if (stream != null) {
            end(stream);
        }
        if (members.remove(connection) != null && !isPresent(member.getParticipant())) {
            pending.events.add(Event.newBuilder()
                    .setKind(Event.Kind.LEFT)
                    .setParticipant(member.getParticipant())
                    .setText(control.getReason())
                    .build());
        }
    }

    private void changePermissions(Control control, long version) {
        boolean changed = false;
        for (Map.Entry<String, MemberState> entry : members.entrySet()) {
            MemberState member = entry.getValue();
            if (member.getParticipant().equals(control.getParticipant()) && member.getControlVersion() < version) {
                entry.setValue(member.toBuilder()
                        .setPermissions(control.getPermissions())
                        .setControlVersion(version)
                        .build());
                changed = true;
            }
        }
        if (changed) {
            pending.events.add(Event.newBuilder()
                    .setKind(control.getKind() == Control.Kind.MUTE ? Event.Kind.MUTED : Event.Kind.UNMUTED)
                    .setParticipant(control.getParticipant())
                    .build());
        }
    }

    private void acceptChunk(StreamRecord record, Chunk chunk, long nowUs) {
        if (!maySpeak(record)) {
            for (int i = 0; i < chunk.frameCount(); i++) {
                logOnly(record, chunk, i, Disposition.MUTED, false);
            }
            fail(record, chunk, ErrorCode.MUTED);
            return;
        }
        long nowMs = nowUs / 1000;
        SpeakerStream stream = stream(record, chunk);
        long roomTimeUs = stream.roomTimeUs(chunk, record.getArrivalTimeMs());
        boolean stale = nowMs - record.getArrivalTimeMs() > options.playoutDeadlineMs();
        long firstPlace = stream.place(chunk.sequence());
        ErrorCode failure = stale ? ErrorCode.STALE : null;
        boolean first = true;
        for (int i = 0; i < chunk.frameCount(); i++) {
            Disposition refusal = stream.refusal(firstPlace + i);
            if (refusal != null) {
                logOnly(record, chunk, i, refusal, refusal == Disposition.LATE);
                failure = failure == null && refusal == Disposition.LATE ? ErrorCode.LATE : failure;
                continue;
            }
            if (stale) {
                logOnly(record, chunk, i, Disposition.STALE, true);
            }
            boolean reported = first && !stale && record.getReportStatus();
            boolean traced = first && !stale && chunk.isTraced();
            stream.hold(new Frame(
                    stream.index(),
                    stream.participant(),
                    firstPlace + i,
                    chunk.level(i),
                    chunk.bytes(),
                    chunk.payloadOffset(i),
                    chunk.payloadLength(i),
                    nowMs,
                    roomTimeUs + (long) i * chunk.frameDurationUs(),
                    stale,
                    chunk.isEndOfSpurt() && i == chunk.frameCount() - 1,
                    reported ? reference(record, chunk, null) : null,
                    traced ? record.getTrace().toBuilder().setJobUs(nowUs).build() : null));
            first = false;
        }
        if (failure != null && (stale || first)) {
            fail(record, chunk, failure);
        }
        release(stream);
    }

    private boolean maySpeak(StreamRecord record) {
        MemberState member = members.get(record.getConnection());
        if (member == null) {
            // Not known here: it left, or it joined before this job's memory begins. Only a departure is held
            // against it, since ingest has let it in.
            Long leftAt = departed.get(record.getConnection());
            return record.getPermissions().getSpeak() && (leftAt == null || leftAt < record.getControlVersion());
        }
        return member.getControlVersion() >= record.getControlVersion()
                ? member.getPermissions().getSpeak()
                : record.getPermissions().getSpeak();
    }

    private SpeakerStream stream(StreamRecord record, Chunk chunk) {
        SpeakerStream stream = streams.get(record.getConnection());
        if (stream != null && stream.continuesWith(chunk)) {
            return stream;
        }
        if (stream != null) {
            end(stream);
        }
        SpeakerStream begun = SpeakerStream.begin(
                nextStream++, record.getParticipant(), record.getConnection(), chunk, options.maxHeldFrames());
        streams.put(record.getConnection(), begun);
        pending.events.add(begun.declaration());
        pending.addOrigin(begun);
        return begun;
    }

    /** Moves what is in order into the next tick and tells who speaks. */
    private void release(SpeakerStream stream) {
        int before = pending.ready.size();
        stream.release(pending.ready, pending.losses);
        tellSpeaking(stream, before);
    }

    private void giveUp(SpeakerStream stream) {
        int before = pending.ready.size();
        stream.giveUp(pending.ready, pending.losses);
        tellSpeaking(stream, before);
    }

    private void tellSpeaking(SpeakerStream stream, int firstReleased) {
        for (int i = firstReleased; i < pending.ready.size(); i++) {
            boolean ends = pending.ready.get(i).endsSpurt;
            if (!stream.speaking()) {
                setSpeaking(stream, true);
            }
            if (ends) {
                setSpeaking(stream, false);
            }
        }
    }

    private void setSpeaking(SpeakerStream stream, boolean speaking) {
        stream.setSpeaking(speaking);
        pending.events.add(Event.newBuilder()
                .setKind(speaking ? Event.Kind.SPEAKING : Event.Kind.STOPPED)
                .setParticipant(stream.participant())
                .build());
    }

    private void end(SpeakerStream stream) {
        while (stream.hasGap()) {
            giveUp(stream);
        }
        if (stream.speaking()) {
            setSpeaking(stream, false);
        }
    }

    private void closeIfDue(long nowUs, Consumer<RoomOutput> out) {
        long nowMs = nowUs / 1000;
        if (nowMs < lastCloseMs + options.tickPeriodMs()) {
            return;
        }
        for (SpeakerStream stream : streams.values()) {
            while (stream.gapDueMs(options.maxHoldMs(), options.maxHeldFrames()) <= nowMs) {
                giveUp(stream);
            }
        }
        if (pending.isLive() || pending.isFull() || !joins.isEmpty()) {
            closeAll(nowUs, out);
        } else if (!pending.failed.isEmpty()) {
            out.accept(RoomOutput.newBuilder()
                    .setRoom(id)
                    .addAllFailed(pending.failed)
                    .build());
            pending.failed.clear();
        }
    }

    /** Closes one tick, or as many as the size limit makes of what waits. */
    private void closeAll(long nowUs, Consumer<RoomOutput> out) {
        do {
            List<ChunkReference> sequenced = new ArrayList<>();
            Tick tick = pending.take(
                    Tick.newBuilder()
                            .setVersion(1)
                            .setRoom(id)
                            .setEpoch(epoch)
                            .setTick(nextTick)
                            .setCloseTimeMs(nowUs / 1000)
                            .setRosterVersion(rosterVersion)
                            .setPreviousHash(hash),
                    options.maxTickBytes(),
                    nowUs,
                    sequenced);
            nextTick++;
            hash = tick.getHash();
            RoomOutput.Builder output =
                    RoomOutput.newBuilder().setRoom(id).setTick(tick).addAllSequenced(sequenced);
            if (!pending.isLive()) {
                output.addAllFailed(pending.failed);
                pending.failed.clear();
                joins.forEach(join -> output.addPosts(joinedPost(join, tick)));
                joins.clear();
            }
            out.accept(output.build());
        } while (pending.isLive());
        lastCloseMs = nowUs / 1000;
    }

    private DirectPost joinedPost(JoinState join, Tick tick) {
        Joined.Builder joined = Joined.newBuilder()
                .setEpoch(tick.getEpoch())
                .setTick(tick.getTick())
                .setHash(tick.getHash())
                .setRecording(recording)
                .setReconnectBeforeMs(join.getReconnectBeforeMs())
                .setChunkMs(options.chunkMs())
                .setTickMs(options.tickPeriodMs())
                .setPlayoutMs(options.playoutHintMs())
                .setRequestId(join.getRequestId())
                .setControlVersion(join.getControlVersion());
        Map<String, io.parley.core.wire.Member.Builder> present = new LinkedHashMap<>();
        for (MemberState member : members.values()) {
            present.computeIfAbsent(
                    member.getParticipant(),
                    participant -> io.parley.core.wire.Member.newBuilder()
                            .setParticipant(participant)
                            .setName(member.getName())
                            .setMuted(!member.getPermissions().getSpeak()));
            if (member.getConnection().equals(join.getConnection())) {
                joined.setPermissions(member.getPermissions());
            }
        }
        for (SpeakerStream stream : streams.values()) {
            joined.addStreams(StreamInfo.newBuilder()
                    .setStream(stream.index())
                    .setParticipant(stream.participant())
                    .setCodec(stream.codec().id())
                    .setFrameDurationUs(stream.frameDurationUs()));
            io.parley.core.wire.Member.Builder speaker = present.get(stream.participant());
            if (speaker != null && stream.speaking()) {
                speaker.setSpeaking(true);
            }
        }
        present.values().forEach(joined::addMembers);
        return DirectPost.newBuilder()
                .setConnection(join.getConnection())
                .setRoom(id)
                .setParticipant(join.getParticipant())
                .setJoined(joined)
                .build();
    }

    private void answerProbe(StreamRecord record, long nowUs, Consumer<RoomOutput> out) {
        Trace trace =
                record.getTrace().toBuilder().setJobUs(nowUs).setTickUs(nowUs).build();
        out.accept(RoomOutput.newBuilder()
                .setRoom(id)
                .addPosts(DirectPost.newBuilder()
                        .setConnection(record.getConnection())
                        .setRoom(id)
                        .setParticipant(record.getParticipant())
                        .setProbe(ProbeAnswer.newBuilder()
                                .setProbe(record.getProbe())
                                .setTrace(trace)))
                .build());
    }

    private void logOnly(StreamRecord record, Chunk chunk, int i, Disposition disposition, boolean keepPayload) {
        int sequence = chunk.sequence() + i;
        int offset = chunk.payloadOffset(i);
        int length = chunk.payloadLength(i);
        LogFrame.Builder frame = LogFrame.newBuilder()
                .setParticipant(record.getParticipant())
                .setConnection(record.getConnection())
                .setSequence(sequence)
                .setDisposition(disposition)
                .setLevel(chunk.level(i))
                .setDigest(pending.frameDigest(sequence, chunk.level(i), chunk.bytes(), offset, length));
        if (keepPayload) {
            frame.setPayload(ByteString.copyFrom(chunk.bytes(), offset, length));
        }
        pending.addLogOnly(frame.build());
    }

    private void fail(StreamRecord record, Chunk chunk, ErrorCode reason) {
        pending.failed.add(reference(record, chunk, reason));
    }

    private static ChunkReference reference(StreamRecord record, Chunk chunk, ErrorCode reason) {
        return ChunkReference.newBuilder()
                .setParticipant(record.getParticipant())
                .setConnection(record.getConnection())
                .setRequestId(record.getRequestId())
                .setArrivalTimeMs(record.getArrivalTimeMs())
                .setSequence(chunk.sequence())
                .setFrameCount(chunk.frameCount())
                .setCodec(chunk.codec().id())
                .setReason(reason == null ? "" : reason.code())
                .build();
    }

    private boolean isPresent(String participant) {
        for (MemberState member : members.values()) {
            if (member.getParticipant().equals(participant)) {
                return true;
            }
        }
        return false;
    }

    /** Whether nobody is in the room and nothing of anybody waits. */
    private boolean isDeserted() {
        if (!members.isEmpty()) {
            return false;
        }
        for (SpeakerStream stream : streams.values()) {
            if (stream.hasGap()) {
                return false;
            }
        }
        return true;
    }

    /** The room as it is, for a checkpoint. */
    public RoomState state() {
        RoomState.Builder state = RoomState.newBuilder()
                .setVersion(STATE_VERSION)
                .setRoom(id)
                .setOpened(opened)
                .setReopen(reopen)
                .setRunStartMs(runStartMs)
                .setEpoch(epoch)
                .setNextTick(nextTick)
                .setHash(hash)
                .setLastCloseMs(lastCloseMs)
                .setLastActivityMs(lastActivityMs)
                .setRosterVersion(rosterVersion)
                .setNextStream(nextStream)
                .setRecording(recording)
                .addAllMembers(members.values())
                .addAllEvents(pending.events)
                .addAllLosses(pending.losses)
                .setLogOnly(pending.logOnly.build())
                .addAllJoins(joins)
                .addAllFailed(pending.failed);
        if (tombstone != null) {
            state.setTombstone(tombstone);
        }
        departed.forEach((connection, version) -> state.addDeparted(
                DepartedState.newBuilder().setConnection(connection).setControlVersion(version)));
        streams.values().forEach(stream -> state.addStreams(stream.state()));
        pending.ready.forEach(frame -> state.addReady(frame.state()));
        return state.build();
    }

    /** The room that {@link #state} was taken of. Throws {@link IllegalArgumentException} for a version of the future. */
    public static Room restore(RoomState state, RoomOptions options) {
        if (state.getVersion() != STATE_VERSION) {
            throw new IllegalArgumentException("state of room " + state.getRoom() + " has version " + state.getVersion()
                    + ", known is " + STATE_VERSION);
        }
        Room room = new Room(state.getRoom(), options);
        room.opened = state.getOpened();
        room.reopen = state.getReopen();
        room.runStartMs = state.getRunStartMs();
        room.epoch = state.getEpoch();
        room.nextTick = state.getNextTick();
        room.hash = state.getHash();
        room.lastCloseMs = state.getLastCloseMs();
        room.lastActivityMs = state.getLastActivityMs();
        room.rosterVersion = state.getRosterVersion();
        room.nextStream = state.getNextStream();
        room.recording = state.getRecording();
        room.tombstone = state.hasTombstone() ? state.getTombstone() : null;
        state.getMembersList().forEach(member -> room.members.put(member.getConnection(), member));
        state.getDepartedList().forEach(d -> room.departed.put(d.getConnection(), d.getControlVersion()));
        state.getStreamsList().forEach(s -> room.streams.put(s.getConnection(), SpeakerStream.restore(s)));
        room.pending.events.addAll(state.getEventsList());
        room.pending.losses.addAll(state.getLossesList());
        room.pending.logOnly.mergeFrom(state.getLogOnly());
        room.pending.failed.addAll(state.getFailedList());
        room.joins.addAll(state.getJoinsList());
        state.getReadyList().forEach(frame -> room.pending.ready.add(Frame.restore(frame)));
        return room;
    }
}
