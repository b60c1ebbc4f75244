package io.parley.core.room;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.error.ErrorCode;
import io.parley.core.options.RoomOptions;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.JoinState;
import io.parley.core.wire.Joined;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.MemberState;
import io.parley.core.wire.Presence;
import io.parley.core.wire.ProbeAnswer;
import io.parley.core.wire.Removed;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.RunState;
import io.parley.core.wire.Skipped;
import io.parley.core.wire.SpeakerState;
import io.parley.core.wire.StreamInfo;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.StreamState;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Tombstone;
import io.parley.core.wire.Trace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * One room: orders what its speakers send and closes it into ticks. docs/ordering.md says what becomes of every frame.
 *
 * <p>Records go in as they come, ticks come out: numbered without gaps within an epoch, chained by hash, in the mean
 * at most one in a tick period. The first frame after silence leaves at once, later ones wait for the period's end, or
 * for the next chunk of everybody who speaks. The owner calls {@link #onTimer} when {@link #nextTimerMs} has come and
 * keeps at most one timer for a room. Time is passed in, in µs since the epoch, and never goes back by more than
 * clocks do. Per-frame code, single-threaded.
 */
public final class Room {

    private static final int STATE_VERSION = 2;
    /** Stream indexes have 16 bits, and one stands for none. */
    private static final int MAX_STREAMS = TickHash.NO_STREAM - 1;
    /** Of a frame that came to no speaker stream. */
    private static final int NO_NUMBERING = 0;

    private final String id;
    private final RoomOptions options;
    private final PendingTick pending = new PendingTick();
    private final StreamOutput released = new Released();
    private final LoudestStreams loudest;
    /** By connection, those who have spoken and are there. */
    private final Map<String, Speaker> speakers = new HashMap<>();
    /** In the order in which they began; ended ones stay until the tick with their last frames is closed. */
    private final List<SpeakerStream> streams = new ArrayList<>();

    private final List<JoinState> joins = new ArrayList<>();
    /** To those who were taken out of the room and did not ask for it. */
    private final List<DirectPost> removed = new ArrayList<>();
    /** Of the tick that is being closed: the reports of chunks that begin in it. */
    private final List<ChunkReference> sequenced = new ArrayList<>();

    private Roster roster = new Roster();
    private RateLimit rate;

    private boolean opened;
    private boolean reopen;
    private boolean closed;
    private boolean catchingUp;
    private long runStartMs;
    private long epoch;
    private long nextTick;
    private ByteString hash = TickHash.ZERO;
    /** Before when no tick closes by the clock. */
    private long nextDueMs = Long.MIN_VALUE / 2;

    private long lastActivityMs;
    private int nextStream;
    /** How many speaker streams have begun since the room opened. */
    private int numberings;

    /** Whether some of what waits was said while the room was not recorded. */
    private boolean unrecorded;

    /** The ticks until now that its one speaker needs no post of; null if the last one was for everybody. */
    private Skipped skipped;

    private Tombstone tombstone;
    /** How many streams have something that waits for more than the next tick. */
    private int waitingStreams;
    /** How many of {@link #streams} have ended. */
    private int endedStreams;

    private Room(String id, RoomOptions options) {
        this.id = id;
        this.options = options;
        this.loudest = new LoudestStreams(options.loudest());
        this.rate = RateLimit.ofRoom(options, 0, 0);
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
     * While the source is catching up after a restore, nothing is given up or freed: it may still be on its way.
     * Ticks close as ever.
     */
    public void setCatchingUp(boolean catchingUp) {
        this.catchingUp = catchingUp;
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
        expireMembers(nowMs);
        if (chunk != null) {
            acceptChunk(record, chunk, nowUs, out);
        } else {
            acceptControl(record, nowMs);
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
        expireMembers(nowMs);
        for (int i = 0; i < loudest.size(); i++) {
            SpeakerStream stream = loudest.get(i);
            if (!stream.hasGap() && stream.lastArrivalMs() + stream.timeoutMs() <= nowMs) {
                stream.endSpurt();
                loudest.dismiss(stream, pending.events);
                i--;
            }
        }
        if (isDeserted() && !catchingUp && nowMs >= closesAtMs()) {
            close(nowUs, out);
            return;
        }
        closeIfDue(nowUs, out);
    }

    /** When {@link #onTimer} wants to be called; {@link Long#MAX_VALUE} if nothing waits. */
    public long nextTimerMs() {
        if (!opened) {
            return Long.MAX_VALUE;
        }
        // What shows in a tick waits until one may close.
        long due = pending.isLive() || pending.hasManyLogFrames() || !pending.failed.isEmpty() || isAwaited()
                ? nextDueMs
                : Long.MAX_VALUE;
        if (waitingStreams > 0) {
            for (int i = 0; i < streams.size(); i++) {
                due = Math.min(due, Math.max(nextDueMs, streams.get(i).dueMs()));
            }
        }
        for (int i = 0; i < loudest.size(); i++) {
            SpeakerStream stream = loudest.get(i);
            if (!stream.hasGap()) {
                due = Math.min(due, Math.max(nextDueMs, stream.lastArrivalMs() + stream.timeoutMs()));
            }
        }
        if (isDeserted()) {
            due = Math.min(due, Math.max(nextDueMs, closesAtMs()));
        }
        return Math.min(due, roster.nextExpiryMs());
    }

    /** When the room closes if it stays deserted: what those said who left may be on its way until then. */
    private long closesAtMs() {
        return lastActivityMs + Math.max(options.speakerTimeoutMs(), options.playoutDeadlineMs());
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
            if (nextTick > 0) {
                tombstone = lastTick();
            }
            epoch = Math.max(epoch + 1, runStartMs);
            // While nobody read the stream, what would have filled a gap could not come either.
            streams.forEach(stream -> stream.restartWait(nowMs));
        } else if (closed) {
            epoch = Math.max(epoch + 1, nowMs);
        }
        beginEpoch(nowMs);
    }

    private void beginEpoch(long nowMs) {
        nextTick = 0;
        skipped = null;
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
        // What waits may have been to open the epoch before, and declares streams that all follow here.
        pending.events.removeIf(event -> event.getKind() == Event.Kind.OPENED || event.getKind() == Event.Kind.STREAM);
        pending.logOnly.clearOrigins();
        int at = 0;
        pending.events.add(at++, opening.build());
        for (SpeakerStream stream : streams) {
            pending.events.add(at++, stream.declaration(nowMs));
            pending.addOrigin(stream);
        }
    }

    /** Another epoch follows this one at once, since it has no stream indexes left. */
    private void rollEpoch(long nowUs, Consumer<RoomOutput> out) {
        closeAll(nowUs, false, out);
        tombstone = lastTick();
        epoch = Math.max(epoch + 1, nowUs / 1000);
        nextStream = 0;
        streams.forEach(stream -> stream.renumber(nextStream++));
        beginEpoch(nowUs / 1000);
    }

    private Tombstone lastTick() {
        return Tombstone.newBuilder()
                .setEpoch(epoch)
                .setTick(nextTick - 1)
                .setHash(hash)
                .build();
    }

    private void close(long nowUs, Consumer<RoomOutput> out) {
        if (pending.hasFrames()) {
            closeAll(nowUs, false, out); // so that nothing follows the end, however many ticks this takes
        }
        pending.events.add(Event.newBuilder().setKind(Event.Kind.CLOSED).build());
        closeAll(nowUs, false, out);
        tombstone = lastTick();
        streams.clear();
        speakers.clear();
        loudest.clear();
        waitingStreams = 0;
        endedStreams = 0;
        nextStream = 0;
        numberings = 0;
        roster = new Roster();
        rate = RateLimit.ofRoom(options, 0, 0);
        opened = false;
        closed = true;
    }

    private void acceptControl(StreamRecord record, long nowMs) {
        Control control = record.getControl();
        long version = record.getControlVersion();
        roster.saw(version);
        List<SpeakerStream> couldSpeak = thoseWhoMaySpeak();
        boolean wasRecorded = roster.recording();
        boolean wasPushToTalk = roster.pushToTalk();
        boolean comesAgain = roster.permissionVersion(control.getParticipant()) == version;
        // Told after what leaves because of it.
        List<Event> told = new ArrayList<>();
        switch (control.getKind()) {
            case JOIN:
                join(record, nowMs, told);
                break;
            case LEAVE:
                if (roster.obeysDeparture(control.getConnection(), version)) {
                    leave(control.getConnection(), version, control.getReason(), nowMs, told);
                }
                break;
            case KICK:
                remove(control, version, "kicked", nowMs, told);
                break;
            case BAN:
                remove(control, version, "banned", nowMs, told);
                break;
            case REVOKE:
                remove(control, version, "revoked", nowMs, told);
                break;
            case SUSPEND:
                remove(control, version, "suspended", nowMs, told);
                break;
            case MUTE:
            case UNMUTE:
            case PRESENCE:
                permit(record, told);
                break;
            case LOCK:
                roster.lock(true, version, told);
                break;
            case UNLOCK:
                roster.lock(false, version, told);
                break;
            case SETTINGS:
                roster.settle(control, version, told);
                break;
            case SAY:
                roster.say(record.getParticipant(), control.getText(), version, told);
                break;
            default:
                // UNBAN lets nobody in by itself; others are kinds that no ingest of this version writes.
                break;
        }
        // What was said before a change that forbids it leaves with the tick that tells of it, and nothing after that.
        boolean forbids = forbidsToSpeak(control) && !comesAgain;
        for (SpeakerStream stream : couldSpeak) {
            boolean maySpeak = roster.maySpeak(stream);
            if (stream.ended() || maySpeak && !(forbids && stream.participant.equals(control.getParticipant()))) {
                continue;
            }
            letGo(stream, nowMs);
            if (!maySpeak) {
                stream.endSpurt();
                stream.talks = false;
                loudest.dismiss(stream, pending.events);
            }
        }
        boolean recordedFromHereOn = !wasRecorded && roster.recording();
        unrecorded |= recordedFromHereOn;
        if (recordedFromHereOn || !wasPushToTalk && roster.pushToTalk()) {
            for (int i = 0; i < streams.size(); i++) {
                letGo(streams.get(i), nowMs);
            }
        }
        pending.events.addAll(told);
    }

    /** Whether the change takes speech from its subject, which may have been given back by a later one already. */
    private static boolean forbidsToSpeak(Control control) {
        switch (control.getKind()) {
            case KICK:
            case BAN:
            case REVOKE:
            case SUSPEND:
                return true;
            case MUTE:
            case UNMUTE:
            case PRESENCE:
                return !control.getPermissions().getSpeak();
            default:
                return false;
        }
    }

    private List<SpeakerStream> thoseWhoMaySpeak() {
        List<SpeakerStream> speakers = new ArrayList<>();
        for (SpeakerStream stream : streams) {
            if (!stream.ended() && roster.maySpeak(stream)) {
                speakers.add(stream);
            }
        }
        return speakers;
    }

    private void join(StreamRecord record, long nowMs, List<Event> told) {
        Control control = record.getControl();
        boolean wasDeafened = roster.presence(control.getParticipant()).getDeafened();
        if (!roster.join(control, record.getControlVersion(), nowMs, told)) {
            return;
        }
        answerWithNextTick(roster.member(control.getConnection()), record);
        if (wasDeafened && !roster.presence(control.getParticipant()).getDeafened()) {
            for (MemberState member : roster.connectionsOf(control.getParticipant())) {
                if (!member.getConnection().equals(control.getConnection())) {
                    answerWithNextTick(member, record);
                }
            }
        }
    }

    private void permit(StreamRecord record, List<Event> told) {
        Control control = record.getControl();
        Presence before = roster.presence(control.getParticipant());
        roster.permit(control, record.getControlVersion(), told);
        // Also where the change that deafened it comes after the one that ended that: ticks were missed in between.
        boolean wasDeafened = before.getDeafened() || control.getPresence().getDeafened();
        if (wasDeafened && !roster.presence(control.getParticipant()).getDeafened()) {
            for (MemberState member : roster.connectionsOf(control.getParticipant())) {
                answerWithNextTick(member, record);
            }
        }
    }

    /** The connection is told how the room is; the request is named to the connection alone that made it. */
    private void answerWithNextTick(MemberState member, StreamRecord record) {
        joins.add(JoinState.newBuilder()
                .setConnection(member.getConnection())
                .setParticipant(member.getParticipant())
                .setRequestId(member.getConnection().equals(record.getConnection()) ? record.getRequestId() : "")
                .setReconnectBeforeMs(member.getReconnectBeforeMs())
                .setControlVersion(record.getControlVersion())
                .build());
    }

    private void remove(Control control, long version, String how, long nowMs, List<Event> told) {
        String reason = control.getReason().isEmpty() ? how : how + ": " + control.getReason();
        for (MemberState member : roster.remove(control.getParticipant(), version)) {
            leave(member.getConnection(), version, reason, nowMs, told);
            tellRemoved(
                    member,
                    Removed.newBuilder()
                            .setReason(how)
                            .setText(control.getReason())
                            .setUntilMs(control.getUntilMs()));
        }
    }

    private void tellRemoved(MemberState member, Removed.Builder how) {
        removed.add(DirectPost.newBuilder()
                .setConnection(member.getConnection())
                .setRoom(id)
                .setParticipant(member.getParticipant())
                .setRemoved(how)
                .build());
    }

    private void letGo(SpeakerStream stream, long nowMs) {
        stream.giveUpAll(nowMs, released);
        countWaiting(stream);
    }

    private void leave(String connection, long version, String reason, long nowMs, List<Event> told) {
        joins.removeIf(join -> join.getConnection().equals(connection));
        Speaker speaker = speakers.remove(connection);
        if (speaker != null && speaker.stream != null) {
            end(speaker.stream, nowMs);
        }
        roster.leave(connection, version, reason, told);
    }

    private void expireMembers(long nowMs) {
        if (!catchingUp && roster.nextExpiryMs() <= nowMs) {
            for (MemberState member : roster.expired(nowMs)) {
                leave(member.getConnection(), member.getJoinVersion(), "expired", nowMs, pending.events);
                tellRemoved(member, Removed.newBuilder().setReason("expired"));
            }
        }
    }

    private void acceptChunk(StreamRecord record, Chunk chunk, long nowUs, Consumer<RoomOutput> out) {
        long nowMs = nowUs / 1000;
        long arrivalMs = record.getArrivalTimeMs();
        boolean stale = nowMs - arrivalMs > options.playoutDeadlineMs();
        Speaker speaker = speakers.get(record.getConnection());
        boolean begins = speaker == null
                || speaker.stream == null
                || !speaker.stream.continuesWith(chunk, record.getUnnumbered(), stale);
        if (!roster.maySpeak(record) || roster.pushToTalk() && !chunk.isPushToTalk()) {
            refuseMuted(record, chunk, begins, speaker, nowMs);
            return;
        }
        if (speaker == null) {
            speaker = new Speaker(new RateLimit(options, arrivalMs));
            speakers.put(record.getConnection(), speaker);
        }
        long audioUs = (long) chunk.frameCount() * chunk.frameDurationUs();
        // One that sends too much by itself takes nothing of what is there for all.
        boolean limited = !speaker.rate.take(audioUs, begins && speaker.stream != null, arrivalMs)
                || !mayTalk(speaker.stream, arrivalMs)
                || !rate.take(audioUs, false, arrivalMs);
        if (begins) {
            if (limited) {
                logOnly(record, chunk, NO_NUMBERING, Disposition.LIMITED);
                fail(record, chunk, ErrorCode.RATE_LIMITED);
                return;
            }
            begin(speaker, record, chunk, nowUs, out);
        }
        SpeakerStream stream = speaker.stream;
        stream.arrived(arrivalMs);
        stream.allowed(record);
        Disposition aside = limited ? Disposition.LIMITED : stale ? Disposition.STALE : null;
        int outcome = stream.accept(
                chunk,
                arrivalMs,
                nowMs,
                aside,
                aside == null && !catchingUp,
                record.getReportStatus() ? reference(record, chunk, "") : null,
                chunk.isTraced() ? record.getTrace().toBuilder().setJobUs(nowUs).build() : null,
                released);
        countWaiting(stream);
        if (!limited) {
            stream.talks = !chunk.isEndOfSpurt() && (stream.talks || (outcome & SpeakerStream.WANTED) != 0);
        }
        if (limited) {
            fail(record, chunk, ErrorCode.RATE_LIMITED);
        } else if (stale) {
            fail(record, chunk, ErrorCode.STALE);
        } else if (outcome == SpeakerStream.LATE) {
            fail(record, chunk, ErrorCode.LATE);
        }
    }

    /** Whether the stream, or a new one, is among those who speak, or may be. */
    private boolean mayTalk(SpeakerStream stream, long arrivalMs) {
        if (stream != null && talks(stream, arrivalMs)) {
            return true;
        }
        int talking = 0;
        for (int i = 0; i < streams.size(); i++) {
            talking += talks(streams.get(i), arrivalMs) ? 1 : 0;
        }
        return talking < options.maxSpeakers();
    }

    private static boolean talks(SpeakerStream stream, long arrivalMs) {
        return stream.talks && stream.lastArrivalMs() + stream.timeoutMs() > arrivalMs;
    }

    private void refuseMuted(StreamRecord record, Chunk chunk, boolean begins, Speaker speaker, long nowMs) {
        int numbering = begins ? NO_NUMBERING : speaker.stream.numbering;
        logOnly(record, chunk, numbering, Disposition.MUTED);
        fail(record, chunk, ErrorCode.MUTED);
        if (!begins) {
            speaker.stream.passSilently(chunk, record.getArrivalTimeMs(), nowMs, released);
            countWaiting(speaker.stream);
        }
    }

    private void begin(Speaker speaker, StreamRecord record, Chunk chunk, long nowUs, Consumer<RoomOutput> out) {
        if (speaker.stream != null) {
            end(speaker.stream, nowUs / 1000);
        }
        if (nextStream == MAX_STREAMS) {
            rollEpoch(nowUs, out);
        }
        int index = nextStream++;
        int numbering = ++numberings;
        speaker.stream = record.getUnnumbered()
                ? new UnnumberedStream(
                        index, record.getParticipant(), record.getConnection(), numbering, chunk, options)
                : new NumberedStream(
                        index,
                        record.getParticipant(),
                        record.getConnection(),
                        numbering,
                        chunk,
                        speaker.stream,
                        options);
        streams.add(speaker.stream);
        pending.events.add(speaker.stream.declaration(nowUs / 1000));
        pending.addOrigin(speaker.stream);
    }

    /** What the stream still holds is released, and it is not heard any more once that has been. */
    private void end(SpeakerStream stream, long nowMs) {
        stream.giveUpAll(nowMs, released);
        loudest.dismiss(stream, pending.events);
        stream.end();
        stream.talks = false;
        countWaiting(stream);
        endedStreams++;
    }

    private void countWaiting(SpeakerStream stream) {
        boolean waits = stream.dueMs() != SpeakerStream.NEVER;
        if (waits != stream.countedWaiting) {
            stream.countedWaiting = waits;
            waitingStreams += waits ? 1 : -1;
        }
    }

    private void closeIfDue(long nowUs, Consumer<RoomOutput> out) {
        long nowMs = nowUs / 1000;
        boolean early = false;
        boolean full = pending.readyBytes() >= options.maxTickBytes();
        if (nowMs < nextDueMs) {
            early = !full && nowMs >= nextDueMs - options.tickPeriodMs() / 2 && isComplete(nowMs);
            if (!early && !full) {
                return;
            }
        }
        if (waitingStreams > 0) {
            giveUpDue(nowMs);
        }
        if (pending.isLive() || pending.hasManyLogFrames() || isAwaited()) {
            closeAll(nowUs, early, out);
        } else if (!pending.failed.isEmpty()) {
            out.accept(RoomOutput.newBuilder()
                    .setRoom(id)
                    .addAllFailed(pending.failed)
                    .build());
            pending.failed.clear();
        }
    }

    /** Whether somebody is to be told something with the next tick. */
    private boolean isAwaited() {
        return !joins.isEmpty() || !removed.isEmpty();
    }

    /** Whether the next chunk of everybody who is heard is in, so that waiting longer brings nothing. */
    private boolean isComplete(long nowMs) {
        if (pending.ready.isEmpty()) {
            return false;
        }
        for (int i = 0; i < loudest.size(); i++) {
            SpeakerStream stream = loudest.get(i);
            if (stream.inSpurt()
                    && stream.readyRuns == 0
                    && stream.lastArrivalMs() > nowMs - 2L * options.tickPeriodMs()) {
                return false;
            }
        }
        return true;
    }

    private void giveUpDue(long nowMs) {
        for (int i = 0; i < streams.size(); i++) {
            SpeakerStream stream = streams.get(i);
            if (!catchingUp || !stream.hasGap()) {
                stream.giveUpDue(nowMs, released);
                countWaiting(stream);
            }
        }
    }

    /** Closes one tick, or as many as the size limit makes of what waits. */
    private void closeAll(long nowUs, boolean early, Consumer<RoomOutput> out) {
        long nowMs = nowUs / 1000;
        setStaleAside(nowMs);
        pending.beginTaking();
        do {
            Tick tick = pending.take(
                    Tick.newBuilder()
                            .setVersion(1)
                            .setRoom(id)
                            .setEpoch(epoch)
                            .setTick(nextTick)
                            .setCloseTimeMs(nowMs)
                            .setRosterVersion(roster.version())
                            .setPreviousHash(hash),
                    options.maxTickBytes(),
                    nowUs,
                    sequenced);
            nextTick++;
            hash = tick.getHash();
            boolean last = !pending.isLive();
            if (last && !joins.isEmpty() && !tick.getSoleSpeaker().isEmpty()) {
                tick = tick.toBuilder().clearSoleSpeaker().build(); // all who are there know it by that tick
            }
            tick = withSkipped(tick);
            RoomOutput.Builder output =
                    RoomOutput.newBuilder().setRoom(id).setTick(tick).setUnrecorded(unrecorded || !roster.recording());
            SeedSpeakers.tell(output, roster, streams);
            if (!sequenced.isEmpty()) {
                output.addAllSequenced(sequenced);
                sequenced.clear();
            }
            if (last) {
                answer(output, tick);
            }
            out.accept(output.build());
        } while (pending.isLive());
        unrecorded = false;
        // One that closed early does not bring the next one forward: so there is one a period in the mean.
        nextDueMs = (early ? nextDueMs : nowMs) + options.tickPeriodMs();
        if (endedStreams > 0) {
            streams.removeIf(SpeakerStream::ended);
            endedStreams = 0;
        }
    }

    /** The tick with the run of ticks before it that its speaker was not posted, if that ends here. */
    private Tick withSkipped(Tick tick) {
        String sole = tick.getSoleSpeaker();
        if (skipped != null && skipped.getParticipant().equals(sole)) {
            return tick;
        }
        Tick naming =
                skipped == null ? tick : tick.toBuilder().setSkipped(skipped).build();
        skipped = sole.isEmpty()
                ? null
                : Skipped.newBuilder()
                        .setParticipant(sole)
                        .setFrom(tick.getTick())
                        .build();
        return naming;
    }

    /** With the last tick of a closing: what failed until then, who was removed, and those who have joined. */
    private void answer(RoomOutput.Builder output, Tick tick) {
        if (!pending.failed.isEmpty()) {
            output.addAllFailed(pending.failed);
            pending.failed.clear();
        }
        output.addAllPosts(removed);
        removed.clear();
        for (int i = 0; i < joins.size(); i++) {
            output.addPosts(joinedPost(joins.get(i), tick));
        }
        joins.clear();
    }

    /** What was in order before an outage and is too old to be heard after it. */
    private void setStaleAside(long nowMs) {
        for (int i = 0; i < pending.ready.size(); i++) {
            Run run = pending.ready.get(i);
            if (nowMs - run.arrivalMs > options.playoutDeadlineMs()) {
                for (int frame = run.from; frame < run.from + run.count; frame++) {
                    released.logOnly(run.stream, run.chunk, frame, Disposition.STALE);
                }
                pending.addLoss(run.stream, run.place, run.count);
                failUnplayed(run, ErrorCode.STALE);
                run.stream.readyRuns--;
                pending.ready.remove(i--);
            }
        }
    }

    private DirectPost joinedPost(JoinState join, Tick tick) {
        MemberState joiner = roster.member(join.getConnection());
        Joined.Builder joined = Joined.newBuilder()
                .setEpoch(tick.getEpoch())
                .setTick(tick.getTick())
                .setHash(tick.getHash())
                .setRecording(roster.recording())
                .setPushToTalk(roster.pushToTalk())
                .setRoomMuted(roster.muted())
                .setLocked(roster.locked())
                .setReconnectBeforeMs(join.getReconnectBeforeMs())
                .setGrantUntilMs(joiner.getExpiresAtMs())
                .setPermissions(roster.permissions(joiner))
                .setChunkMs(options.chunkMs())
                .setTickMs(options.tickPeriodMs())
                .setPlayoutMs(options.playoutHintMs())
                .setRequestId(join.getRequestId())
                .setControlVersion(join.getControlVersion());
        Map<String, io.parley.core.wire.Member> present = new LinkedHashMap<>();
        for (MemberState member : roster.members()) {
            present.computeIfAbsent(member.getParticipant(), participant -> {
                Presence presence = roster.presence(participant);
                return io.parley.core.wire.Member.newBuilder()
                        .setParticipant(participant)
                        .setName(member.getName())
                        .setMuted(presence.getMuted())
                        .setSelfMuted(presence.getSelfMuted())
                        .setDeafened(presence.getDeafened())
                        .setSpeaking(loudest.isHeard(participant))
                        .build();
            });
        }
        joined.addAllMembers(present.values());
        for (SpeakerStream stream : streams) {
            if (!stream.ended()) {
                joined.addStreams(StreamInfo.newBuilder()
                        .setStream(stream.index())
                        .setParticipant(stream.participant)
                        .setCodec(stream.codec.id())
                        .setFrameDurationUs(stream.frameDurationUs));
            }
        }
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

    /** All frames of a chunk that came to no stream. */
    private void logOnly(StreamRecord record, Chunk chunk, int numbering, Disposition disposition) {
        for (int i = 0; i < chunk.frameCount(); i++) {
            pending.addLogOnly(
                    record.getParticipant(),
                    record.getConnection(),
                    numbering,
                    chunk,
                    i,
                    chunk.sequence() + i,
                    disposition);
        }
    }

    private void fail(StreamRecord record, Chunk chunk, ErrorCode reason) {
        pending.failed.add(reference(record, chunk, reason.code()).toBuilder()
                .setUnreported(!record.getReportStatus())
                .build());
    }

    private void failUnplayed(Run run, ErrorCode reason) {
        if (run.report != null) {
            pending.failed.add(run.report.toBuilder().setReason(reason.code()).build());
        }
    }

    private static ChunkReference reference(StreamRecord record, Chunk chunk, String reason) {
        return ChunkReference.newBuilder()
                .setParticipant(record.getParticipant())
                .setConnection(record.getConnection())
                .setRequestId(record.getRequestId())
                .setArrivalTimeMs(record.getArrivalTimeMs())
                .setSequence(chunk.sequence())
                .setFrameCount(chunk.frameCount())
                .setCodec(chunk.codec().id())
                .setReason(reason)
                .build();
    }

    /** Whether nobody is in the room and nothing of anybody waits. */
    private boolean isDeserted() {
        return roster.isEmpty() && waitingStreams == 0;
    }

    /** One connection that has spoken. */
    private static final class Speaker {
        final RateLimit rate;
        SpeakerStream stream;

        Speaker(RateLimit rate) {
            this.rate = rate;
        }
    }

    /** What speaker streams release goes into the next tick, if it is among the loudest. */
    private final class Released implements StreamOutput {

        @Override
        public void release(Run run) {
            SpeakerStream stream = run.stream;
            stream.follow(run);
            if (loudest.admit(stream, pending.events)) {
                pending.add(run);
            } else {
                for (int i = run.from; i < run.from + run.count; i++) {
                    logOnly(stream, run.chunk, i, Disposition.SUPPRESSED);
                }
                failUnplayed(run, ErrorCode.SUPPRESSED);
            }
            if (run.endsSpurt()) {
                stream.endSpurt();
                loudest.dismiss(stream, pending.events);
            }
        }

        @Override
        public void lost(SpeakerStream stream, long place, long count) {
            pending.addLoss(stream, place, count);
        }

        @Override
        public void logOnly(SpeakerStream stream, Chunk chunk, int frame, Disposition disposition) {
            pending.addLogOnly(
                    stream.participant,
                    stream.connection,
                    stream.numbering,
                    chunk,
                    frame,
                    chunk.sequence() + frame,
                    disposition);
        }
    }

    /** The room as it is, for a checkpoint; the owner may add when its timer is registered. */
    public RoomState.Builder state() {
        RoomState.Builder state = RoomState.newBuilder()
                .setVersion(STATE_VERSION)
                .setRoom(id)
                .setOpened(opened)
                .setReopen(reopen)
                .setRunStartMs(runStartMs)
                .setEpoch(epoch)
                .setNextTick(nextTick)
                .setHash(hash)
                .setNextDueMs(nextDueMs)
                .setLastActivityMs(lastActivityMs)
                .setNextStream(nextStream)
                .setNumberings(numberings)
                .setRoster(roster.state())
                .addAllEvents(pending.events)
                .addAllLosses(pending.losses)
                .setLogOnly(pending.logOnly.build())
                .addAllJoins(joins)
                .addAllRemoved(removed)
                .setUnrecorded(unrecorded)
                .setTokensUs(rate.tokensUs())
                .setTokensAtMs(rate.atMs())
                .addAllFailed(pending.failed);
        if (tombstone != null) {
            state.setTombstone(tombstone);
        }
        if (skipped != null) {
            state.setSkipped(skipped);
        }
        speakers.forEach((connection, speaker) -> {
            SpeakerState.Builder one = SpeakerState.newBuilder()
                    .setConnection(connection)
                    .setTokensUs(speaker.rate.tokensUs())
                    .setTokensAtMs(speaker.rate.atMs());
            if (speaker.stream != null) {
                one.setStream(speaker.stream.index() + 1);
            }
            state.addSpeakers(one);
        });
        streams.forEach(stream -> state.addStreams(stream.state()));
        for (int i = 0; i < loudest.size(); i++) {
            state.addHeard(loudest.get(i).index());
        }
        pending.ready.forEach(run -> state.addReady(run.state()));
        return state;
    }

    /** The room that {@link #state} was taken of. Throws {@link IllegalArgumentException} for another version. */
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
        room.nextDueMs = state.getNextDueMs();
        room.lastActivityMs = state.getLastActivityMs();
        room.nextStream = state.getNextStream();
        room.numberings = state.getNumberings();
        room.tombstone = state.hasTombstone() ? state.getTombstone() : null;
        room.skipped = state.hasSkipped() ? state.getSkipped() : null;
        room.roster = Roster.restore(state.getRoster());
        room.rate = RateLimit.ofRoom(options, state.getTokensUs(), state.getTokensAtMs());
        room.unrecorded = state.getUnrecorded();
        Map<Integer, SpeakerStream> byIndex = new HashMap<>();
        for (StreamState one : state.getStreamsList()) {
            SpeakerStream stream = SpeakerStream.restore(one, options);
            byIndex.put(stream.index(), stream);
            room.streams.add(stream);
            room.countWaiting(stream);
            room.endedStreams += stream.ended() ? 1 : 0;
        }
        for (SpeakerState one : state.getSpeakersList()) {
            Speaker speaker = new Speaker(new RateLimit(options, one.getTokensUs(), one.getTokensAtMs()));
            speaker.stream = byIndex.get(one.getStream() - 1);
            room.speakers.put(one.getConnection(), speaker);
        }
        state.getHeardList().forEach(index -> room.loudest.add(byIndex.get(index)));
        for (RunState run : state.getReadyList()) {
            room.pending.add(Run.restore(run, byIndex.get(run.getStream())));
        }
        room.pending.events.addAll(state.getEventsList());
        room.pending.losses.addAll(state.getLossesList());
        room.pending.logOnly.mergeFrom(state.getLogOnly());
        room.pending.failed.addAll(state.getFailedList());
        room.joins.addAll(state.getJoinsList());
        room.removed.addAll(state.getRemovedList());
        return room;
    }
}
