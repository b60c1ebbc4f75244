package io.parley.core.model;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.model.ModelFrames.Arrival;
import io.parley.core.model.ModelFrames.Place;
import io.parley.core.model.ModelFrames.Run;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.Joined;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.Member;
import io.parley.core.wire.Presence;
import io.parley.core.wire.ProbeAnswer;
import io.parley.core.wire.Removed;
import io.parley.core.wire.StreamInfo;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tombstone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A room by its rules (docs/ordering.md), slow and obvious: what {@code io.parley.core.room.Room} is compared with.
 * It shares nothing with it but the records that go in.
 */
final class RoomModel {

    private static final int MAX_STREAMS = 65_534;

    private final String id;
    private final RoomOptions options;
    private final int periodMs;

    final ModelRoster roster = new ModelRoster();
    /** In the order in which they were begun. */
    final List<ModelStream> streams = new ArrayList<>();
    /** Since the last closing. */
    private final List<ModelStream> ended = new ArrayList<>();
    /** In the order in which they came to be heard. */
    final List<ModelStream> heard = new ArrayList<>();

    private final Set<String> spoke = new HashSet<>();
    private int numberings;
    /** Per connection: all that counted against its rate. */
    private final Map<String, List<Spent>> spent = new HashMap<>();
    /** All that counted against the room's rate. */
    private final List<Spent> spentByAll = new ArrayList<>();
    /** The ticks of this epoch. */
    private final List<ModelOutput> ticks = new ArrayList<>();

    boolean catchingUp;
    int nextStream;

    private boolean opened;
    private boolean reopen;
    private boolean closed;
    private long runStartMs;
    private long epoch;
    private long nextTick;
    private byte[] hash = ChainHash.ZERO;
    private Tombstone tombstone;
    private long nextDueMs = Long.MIN_VALUE / 2;
    private long lastActivityMs;
    private long rosterVersion;
    private long lockVersion;
    private boolean locked;
    private long settingsVersion;
    private boolean recording;
    private boolean pushToTalk;
    /** Whether something that waits was said while it was not recorded. */
    private boolean saidUnrecorded;

    // what waits for the next tick
    private final List<Event> events = new ArrayList<>();
    private final List<Event> losses = new ArrayList<>();
    final List<Run> ready = new ArrayList<>();
    private final List<StreamOrigin> origins = new ArrayList<>();
    final List<ModelOutput.LoggedFrame> logOnly = new ArrayList<>();
    private final List<ChunkReference> failed = new ArrayList<>();
    private final List<Welcome> joins = new ArrayList<>();
    private final List<DirectPost> removed = new ArrayList<>();

    private List<ModelOutput> outputs = new ArrayList<>();

    /** A connection that is to be told how the room is, and why. */
    private static final class Welcome {
        final String connection;
        final long reconnectBeforeMs;
        final StreamRecord record;

        Welcome(ModelRoster.Present member, StreamRecord record) {
            this.connection = member.connection;
            this.reconnectBeforeMs = member.reconnectBeforeMs;
            this.record = record;
        }
    }

    /** What one chunk wanted of a rate. */
    private static final class Spent {
        final long arrivalMs;
        final long costUs;

        Spent(long arrivalMs, long costUs) {
            this.arrivalMs = arrivalMs;
            this.costUs = costUs;
        }
    }

    RoomModel(String id, RoomOptions options, Tombstone tombstone, long nowMs) {
        this.id = id;
        this.options = options;
        this.periodMs = options.tickPeriodMs();
        this.tombstone = tombstone;
        this.epoch = tombstone == null ? nowMs : Math.max(nowMs, tombstone.getEpoch() + 1);
        this.lastActivityMs = nowMs;
    }

    void beginRun(long startMs) {
        if (runStartMs != startMs) {
            runStartMs = startMs;
            reopen = opened;
        }
    }

    boolean isClosed() {
        return !opened;
    }

    Tombstone tombstone() {
        return tombstone;
    }

    List<ModelOutput> accept(StreamRecord record, Chunk chunk, long nowUs) {
        outputs = new ArrayList<>();
        long nowMs = nowUs / 1000;
        if (record.getKind() == StreamRecord.Kind.PROBE) {
            ModelOutput output = new ModelOutput();
            output.posts.add(DirectPost.newBuilder()
                    .setConnection(record.getConnection())
                    .setRoom(id)
                    .setParticipant(record.getParticipant())
                    .setProbe(ProbeAnswer.newBuilder().setProbe(record.getProbe()))
                    .build());
            outputs.add(output);
            return outputs;
        }
        lastActivityMs = nowMs;
        openEpoch(nowMs);
        expire(nowMs);
        if (chunk == null) {
            control(record, nowMs);
        } else {
            audio(new Arrival(record, chunk, nowMs));
        }
        closeIfDue(nowMs);
        return outputs;
    }

    List<ModelOutput> onTimer(long nowUs) {
        outputs = new ArrayList<>();
        if (!opened) {
            return outputs;
        }
        long nowMs = nowUs / 1000;
        openEpoch(nowMs);
        expire(nowMs);
        for (ModelStream stream : new ArrayList<>(heard)) {
            if (!stream.hasGap() && stream.lastArrivalMs + stream.timeoutMs() <= nowMs) {
                stream.inSpurt = false;
                hush(stream);
            }
        }
        if (isDeserted() && !catchingUp && nowMs >= closingMs()) {
            if (!ready.isEmpty() || !losses.isEmpty()) {
                closeAll(nowMs, false);
            }
            tell(Event.Kind.CLOSED, "", "");
            closeAll(nowMs, false);
            opened = false;
            closed = true;
            numberings = 0;
            spoke.clear();
            spentByAll.clear();
            tombstone = end();
        } else {
            closeIfDue(nowMs);
        }
        return outputs;
    }

    long nextTimerMs() {
        if (!opened) {
            return Long.MAX_VALUE;
        }
        List<Long> atTicks = new ArrayList<>();
        if (isLive() || isFull() || !failed.isEmpty() || !joins.isEmpty() || !removed.isEmpty()) {
            atTicks.add(nextDueMs);
        }
        for (ModelStream stream : streams) {
            if (stream.hasGap()) {
                atTicks.add(stream.gapDueMs());
            }
            for (Arrival waiting : stream.waiting.values()) {
                atTicks.add(stream.releasesAll() ? waiting.nowMs : waiting.nowMs + stream.holdMs());
            }
        }
        for (ModelStream stream : heard) {
            if (!stream.hasGap()) {
                atTicks.add(stream.lastArrivalMs + stream.timeoutMs());
            }
        }
        if (isDeserted()) {
            atTicks.add(closingMs());
        }
        long due = Long.MAX_VALUE;
        for (long at : atTicks) {
            due = Math.min(due, Math.max(at, nextDueMs));
        }
        for (ModelRoster.Present member : roster.members) {
            due = Math.min(due, member.expiresAtMs);
        }
        return due;
    }

    // ---- epochs ----

    private void openEpoch(long nowMs) {
        if (opened && !reopen) {
            return;
        }
        if (reopen) {
            // An epoch that was left before its first tick is named by none.
            tombstone = nextTick > 0 ? end() : tombstone;
            epoch = Math.max(epoch + 1, runStartMs);
            streams.stream().filter(ModelStream::hasGap).forEach(stream -> stream.gapSinceMs = nowMs);
        } else if (closed) {
            epoch = Math.max(epoch + 1, nowMs);
        }
        opened = true;
        reopen = false;
        closed = false;
        beginEpoch(nowMs);
    }

    private Tombstone end() {
        return Tombstone.newBuilder()
                .setEpoch(epoch)
                .setTick(nextTick - 1)
                .setHash(ByteString.copyFrom(hash))
                .build();
    }

    private void beginEpoch(long nowMs) {
        nextTick = 0;
        ticks.clear();
        hash = ChainHash.ZERO;
        List<Event> opening = new ArrayList<>();
        Event.Builder openedEvent = Event.newBuilder().setKind(Event.Kind.OPENED);
        if (tombstone != null) {
            openedEvent.setTombstoneEpoch(tombstone.getEpoch());
            openedEvent.setTombstoneTick(tombstone.getTick());
            openedEvent.setTombstoneHash(tombstone.getHash());
        }
        opening.add(openedEvent.build());
        events.removeIf(event -> event.getKind() == Event.Kind.OPENED || event.getKind() == Event.Kind.STREAM);
        origins.clear();
        List<ModelStream> declared = new ArrayList<>(streams);
        declared.addAll(ended);
        declared.sort(Comparator.comparingInt(stream -> stream.index));
        for (ModelStream stream : declared) {
            opening.add(stream.declaration(nowMs));
            origin(stream);
        }
        events.addAll(0, opening);
    }

    private void origin(ModelStream stream) {
        origins.add(StreamOrigin.newBuilder()
                .setStream(stream.index)
                .setConnection(stream.connection)
                .setNumbering(stream.numbering)
                .build());
    }

    private long closingMs() {
        return lastActivityMs + Math.max(options.playoutDeadlineMs(), options.speakerTimeoutMs());
    }

    private boolean isDeserted() {
        return roster.members.isEmpty()
                && streams.stream().noneMatch(ModelStream::hasGap)
                && streams.stream().allMatch(stream -> stream.waiting.isEmpty());
    }

    // ---- control ----

    private void control(StreamRecord record, long nowMs) {
        Control control = record.getControl();
        long version = record.getControlVersion();
        rosterVersion = Math.max(rosterVersion, version);
        String participant = control.getParticipant();
        List<ModelStream> allowed = new ArrayList<>(streams);
        allowed.removeIf(stream -> !roster.maySpeak(stream.newestAllowed));
        boolean wasRecorded = recording;
        boolean wasPushToTalk = pushToTalk;
        Presence before = roster.presence(participant);
        boolean again = roster.newestChange(participant) == version;
        List<Event> changes = new ArrayList<>();
        switch (control.getKind()) {
            case JOIN:
                join(record, nowMs, changes);
                break;
            case LEAVE:
                leave(control, version, nowMs, changes);
                break;
            case MUTE:
            case UNMUTE:
            case PRESENCE:
                roster.permit(control, version);
                changes.addAll(difference(participant, before));
                if (before.getDeafened() || control.getPresence().getDeafened()) {
                    welcomeIfHearing(participant, record, "");
                }
                break;
            case KICK:
                banish(control, version, "kicked", nowMs, changes);
                break;
            case BAN:
                banish(control, version, "banned", nowMs, changes);
                break;
            case REVOKE:
                banish(control, version, "revoked", nowMs, changes);
                break;
            case SUSPEND:
                banish(control, version, "suspended", nowMs, changes);
                break;
            case LOCK:
            case UNLOCK:
                lock(control.getKind() == Control.Kind.LOCK, version, changes);
                break;
            case SETTINGS:
                settings(control, version, changes);
                break;
            case SAY:
                if (roster.say(record.getParticipant(), version)) {
                    changes.add(event(Event.Kind.SAID, record.getParticipant(), control.getText()));
                }
                break;
            default:
                break;
        }
        boolean removes = Set.of("KICK", "BAN", "REVOKE", "SUSPEND")
                .contains(control.getKind().name());
        boolean silences =
                Set.of("MUTE", "UNMUTE", "PRESENCE").contains(control.getKind().name())
                        && !control.getPermissions().getSpeak();
        allowed.retainAll(streams);
        for (ModelStream stream : allowed) {
            if ((removes || silences) && !again && stream.participant.equals(participant)) {
                stream.letGo(nowMs);
            }
            if (!roster.maySpeak(stream.newestAllowed)) {
                stream.letGo(nowMs);
                stream.inSpurt = false;
                stream.talks = false;
                hush(stream);
            }
        }
        if (!wasRecorded && recording || !wasPushToTalk && pushToTalk) {
            streams.forEach(stream -> stream.letGo(nowMs));
        }
        saidUnrecorded |= !wasRecorded;
        events.addAll(changes);
    }

    private void join(StreamRecord record, long nowMs, List<Event> changes) {
        Control control = record.getControl();
        String participant = control.getParticipant();
        boolean wasPresent = roster.isPresent(participant);
        Presence before = roster.presence(participant);
        ModelRoster.Present earlier = roster.member(control.getConnection());
        ModelRoster.Present member = roster.join(control, record.getControlVersion(), nowMs);
        if (member == null) {
            return;
        }
        if (!wasPresent || earlier != null && !earlier.name.equals(control.getDisplayName())) {
            changes.add(Event.newBuilder()
                    .setKind(Event.Kind.JOINED)
                    .setParticipant(participant)
                    .setName(control.getDisplayName())
                    .build());
        }
        changes.addAll(difference(participant, before));
        joins.add(new Welcome(member, record));
        if (before.getDeafened()) {
            welcomeIfHearing(participant, record, control.getConnection());
        }
        settings(control, record.getControlVersion(), changes);
        if (control.getLocked()) {
            lock(true, record.getControlVersion(), changes);
        }
    }

    /** What the others are told of how the participant shows itself now. */
    private List<Event> difference(String participant, Presence before) {
        Presence now = roster.presence(participant);
        List<Event> told = new ArrayList<>();
        if (now.getMuted() && !before.getMuted()) {
            told.add(event(Event.Kind.MUTED, participant, ""));
        }
        if (before.getMuted() && !now.getMuted()) {
            told.add(event(Event.Kind.UNMUTED, participant, ""));
        }
        int flagsBefore = (before.getSelfMuted() ? 1 : 0) | (before.getDeafened() ? 2 : 0);
        int flags = (now.getSelfMuted() ? 1 : 0) | (now.getDeafened() ? 2 : 0);
        if (flags != flagsBefore) {
            told.add(Event.newBuilder()
                    .setKind(Event.Kind.PRESENCE)
                    .setParticipant(participant)
                    .setCount(flags)
                    .build());
        }
        return told;
    }

    /** Whoever hears again is told how the room is, on all connections but that one. */
    private void welcomeIfHearing(String participant, StreamRecord record, String except) {
        if (!roster.presence(participant).getDeafened()) {
            roster.connectionsOf(participant).stream()
                    .filter(member -> !member.connection.equals(except))
                    .forEach(member -> joins.add(new Welcome(member, record)));
        }
    }

    private void leave(Control control, long version, long nowMs, List<Event> changes) {
        ModelRoster.Present member = roster.member(control.getConnection());
        if (member == null || member.joinVersion < version) {
            remove(control.getConnection(), version, nowMs);
            if (member != null && !roster.isPresent(member.participant)) {
                changes.add(event(Event.Kind.LEFT, member.participant, control.getReason()));
            }
        }
    }

    private void remove(String connection, long version, long nowMs) {
        joins.removeIf(join -> join.connection.equals(connection));
        ModelStream stream = streamOf(connection);
        if (stream != null) {
            end(stream, nowMs);
        }
        spoke.remove(connection);
        spent.remove(connection);
        roster.remove(connection, version);
    }

    private void banish(Control control, long version, String how, long nowMs, List<Event> changes) {
        String participant = control.getParticipant();
        roster.banish(participant, version);
        boolean any = false;
        for (ModelRoster.Present member : roster.connectionsOf(participant)) {
            if (member.joinVersion < version) {
                remove(member.connection, version, nowMs);
                removed.add(removal(member, how, control.getReason(), control.getUntilMs()));
                any = true;
            }
        }
        if (any && !roster.isPresent(participant)) {
            String reason = control.getReason();
            changes.add(event(Event.Kind.LEFT, participant, reason.isEmpty() ? how : how + ": " + reason));
        }
    }

    private DirectPost removal(ModelRoster.Present member, String reason, String text, long untilMs) {
        return DirectPost.newBuilder()
                .setConnection(member.connection)
                .setRoom(id)
                .setParticipant(member.participant)
                .setRemoved(Removed.newBuilder().setReason(reason).setText(text).setUntilMs(untilMs))
                .build();
    }

    private void expire(long nowMs) {
        if (catchingUp) {
            return;
        }
        for (ModelRoster.Present member : new ArrayList<>(roster.members)) {
            if (member.expiresAtMs <= nowMs) {
                remove(member.connection, member.joinVersion, nowMs);
                removed.add(removal(member, "expired", "", 0));
                if (!roster.isPresent(member.participant)) {
                    tell(Event.Kind.LEFT, member.participant, "expired");
                }
            }
        }
    }

    private void lock(boolean on, long version, List<Event> changes) {
        if (version <= lockVersion) {
            return;
        }
        lockVersion = version;
        if (locked != on) {
            changes.add(event(on ? Event.Kind.LOCKED : Event.Kind.UNLOCKED, "", ""));
        }
        locked = on;
    }

    private void settings(Control control, long version, List<Event> changes) {
        if (version <= settingsVersion) {
            return;
        }
        boolean first = settingsVersion == 0;
        settingsVersion = version;
        if (!first && recording != control.getRecording()) {
            changes.add(Event.newBuilder()
                    .setKind(Event.Kind.RECORDING)
                    .setCount(control.getRecording() ? 1 : 0)
                    .build());
        }
        int before = (pushToTalk ? 1 : 0) | (roster.muted ? 2 : 0);
        recording = control.getRecording();
        pushToTalk = control.getPushToTalk();
        roster.muted = control.getRoomMuted();
        int now = (pushToTalk ? 1 : 0) | (roster.muted ? 2 : 0);
        if (!first && now != before) {
            changes.add(Event.newBuilder()
                    .setKind(Event.Kind.SETTINGS)
                    .setCount(now)
                    .build());
        }
    }

    private void tell(Event.Kind kind, String participant, String text) {
        events.add(event(kind, participant, text));
    }

    private static Event event(Event.Kind kind, String participant, String text) {
        return Event.newBuilder()
                .setKind(kind)
                .setParticipant(participant)
                .setText(text)
                .build();
    }

    // ---- audio ----

    private ModelStream streamOf(String connection) {
        return streams.stream()
                .filter(stream -> stream.connection.equals(connection))
                .findFirst()
                .orElse(null);
    }

    private void audio(Arrival arrival) {
        String connection = arrival.record.getConnection();
        boolean stale = arrival.nowMs - arrival.arrivalMs() > options.playoutDeadlineMs();
        ModelStream stream = streamOf(connection);
        boolean continues = stream != null && stream.continuesWith(arrival, stale);
        boolean wrongMode = pushToTalk && !arrival.chunk.isPushToTalk();
        if (!roster.maySpeak(arrival.record) || wrongMode) {
            logWhole(arrival, continues ? stream.numbering : 0, Disposition.MUTED, false);
            fail(arrival, "muted");
            if (continues && !stream.unnumbered) {
                stream.passInSilence(arrival);
            }
            return;
        }
        boolean limited = isOverItsRate(arrival, !continues && spoke.contains(connection))
                || isOneTooMany(stream, arrival)
                || isOverTheRoomsRate(arrival);
        if (limited) {
            fail(arrival, "rate_limited");
        } else if (stale) {
            fail(arrival, "stale");
        }
        if (limited && !continues) {
            logWhole(arrival, 0, Disposition.LIMITED, true);
            return;
        }
        if (!continues) {
            if (stream != null) {
                end(stream, arrival.nowMs);
            }
            stream = begin(arrival, stream);
        }
        boolean wanted = stream.take(arrival, limited ? Disposition.LIMITED : stale ? Disposition.STALE : null);
        if (!limited && arrival.chunk.isEndOfSpurt()) {
            stream.talks = false;
        } else if (!limited && wanted) {
            stream.talks = true;
        }
    }

    /** Whether somebody else would have to stop before that connection may begin. */
    private boolean isOneTooMany(ModelStream own, Arrival arrival) {
        List<ModelStream> talking = new ArrayList<>(streams);
        talking.removeIf(stream -> !stream.talks || stream.lastArrivalMs + stream.timeoutMs() <= arrival.arrivalMs());
        return !talking.contains(own) && talking.size() >= options.maxSpeakers();
    }

    private void logWhole(Arrival arrival, int numbering, Disposition disposition, boolean keepsPayload) {
        for (int i = 0; i < arrival.count(); i++) {
            int sequence = arrival.record.getUnnumbered() ? i : arrival.chunk.sequence() + i;
            logOnly.add(arrival.logged(i, sequence, numbering, disposition, keepsPayload));
        }
    }

    private boolean isOverItsRate(Arrival arrival, boolean beginsAnotherNumbering) {
        List<Spent> history = spent.computeIfAbsent(arrival.record.getConnection(), c -> new ArrayList<>());
        history.add(new Spent(arrival.arrivalMs(), costUs(arrival) + (beginsAnotherNumbering ? 25 * 20_000 : 0)));
        return isOver(history, options.burstFrames() * 20_000L, options.ratePerSecond());
    }

    private boolean isOverTheRoomsRate(Arrival arrival) {
        spentByAll.add(new Spent(arrival.arrivalMs(), costUs(arrival)));
        long burst = Math.max(
                options.burstFrames(),
                (long) options.roomRatePerSecond() * options.burstFrames() / options.ratePerSecond());
        return isOver(spentByAll, burst * 20_000, options.roomRatePerSecond());
    }

    private static long costUs(Arrival arrival) {
        return Math.max((long) arrival.count() * arrival.chunk.frameDurationUs(), 10_000);
    }

    /** Counts a whole history anew, what it was given by time and what it took: whether the last was too much. */
    private static boolean isOver(List<Spent> history, long capacityUs, int framesPerSecond) {
        long haveUs = capacityUs;
        long latestMs = history.get(0).arrivalMs;
        boolean limited = false;
        for (Spent chunk : history) {
            if (chunk.arrivalMs > latestMs) {
                haveUs = Math.min(capacityUs, haveUs + (chunk.arrivalMs - latestMs) * framesPerSecond * 20);
                latestMs = chunk.arrivalMs;
            }
            limited = haveUs < chunk.costUs;
            haveUs -= limited ? 0 : chunk.costUs;
        }
        return limited;
    }

    /** @param before the connection's stream until now, or null */
    private ModelStream begin(Arrival arrival, ModelStream before) {
        if (nextStream >= MAX_STREAMS) {
            closeAll(arrival.nowMs, false);
            tombstone = end();
            epoch = Math.max(epoch + 1, arrival.nowMs);
            nextStream = 0;
            for (ModelStream stream : streams) {
                stream.index = nextStream++;
            }
            beginEpoch(arrival.nowMs);
        }
        spoke.add(arrival.record.getConnection());
        ModelStream stream = new ModelStream(this, options, arrival, before, nextStream++, ++numberings);
        streams.add(stream);
        events.add(stream.declaration(arrival.nowMs));
        origin(stream);
        return stream;
    }

    private void end(ModelStream stream, long nowMs) {
        streams.remove(stream);
        stream.end(nowMs);
        ended.add(stream);
    }

    void fail(Arrival arrival, String reason) {
        failed.add(arrival.reference(reason));
    }

    void declareLost(ModelStream stream, long first, long count) {
        Event last = losses.isEmpty() ? null : losses.get(losses.size() - 1);
        if (last != null
                && last.getStream() == stream.index
                && last.getFirstSequence() + last.getCount() == (int) first) {
            losses.remove(last);
            losses.add(last.toBuilder().setCount(last.getCount() + (int) count).build());
            return;
        }
        losses.add(Event.newBuilder()
                .setKind(Event.Kind.LOST)
                .setStream(stream.index)
                .setFirstSequence((int) first)
                .setCount((int) count)
                .build());
    }

    // ---- who is heard ----

    private boolean hasReady(ModelStream stream) {
        return ready.stream().anyMatch(run -> run.stream == stream);
    }

    private boolean isHeard(String participant) {
        return heard.stream().anyMatch(stream -> stream.participant.equals(participant));
    }

    private void hear(ModelStream stream) {
        if (!isHeard(stream.participant)) {
            tell(Event.Kind.SPEAKING, stream.participant, "");
        }
        heard.add(stream);
    }

    void hush(ModelStream stream) {
        if (heard.remove(stream) && !isHeard(stream.participant)) {
            tell(Event.Kind.STOPPED, stream.participant, "");
        }
    }

    /** Whoever plays is heard while few are, or if it is clearly louder than one of them. */
    void play(Run run) {
        if (!heard.contains(run.stream)) {
            ModelStream quietest = null;
            for (ModelStream stream : heard) {
                if (quietest == null || stream.level >= quietest.level) {
                    quietest = stream;
                }
            }
            if (heard.size() < options.loudest()) {
                hear(run.stream);
            } else if (run.stream.level + 6 * 16 <= quietest.level) {
                hush(quietest);
                hear(run.stream);
            }
        }
        if (heard.contains(run.stream)) {
            ready.add(run);
        } else {
            logRun(run, Disposition.SUPPRESSED, "suppressed");
        }
    }

    private void dropStale(long nowMs) {
        for (Run run : new ArrayList<>(ready)) {
            if (nowMs - run.arrival.arrivalMs() > options.playoutDeadlineMs()) {
                ready.remove(run);
                logRun(run, Disposition.STALE, "stale");
                declareLost(run.stream, run.places.get(0).place, run.places.size());
            }
        }
    }

    private void logRun(Run run, Disposition disposition, String reason) {
        for (Place place : run.places) {
            int sequence = run.stream.unnumbered ? place.i : (int) place.place;
            logOnly.add(place.arrival.logged(place.i, sequence, run.stream.numbering, disposition, true));
        }
        if (run.isReported()) {
            fail(run.arrival, reason);
        }
    }

    // ---- closing ----

    private boolean isLive() {
        return !events.isEmpty() || !losses.isEmpty() || !ready.isEmpty();
    }

    private static int frameBytes(Place place) {
        return (10 + place.payloadLength() + 2) / 3 * 4;
    }

    private boolean isFull() {
        long bytes = 0;
        for (Run run : ready) {
            bytes += run.isTraced() ? 160 : 0;
            for (Place place : run.places) {
                bytes += frameBytes(place);
            }
        }
        return bytes >= options.maxTickBytes();
    }

    /** Whether something is ready and nobody who is speaking is still to come. */
    private boolean isComplete(long nowMs) {
        return !ready.isEmpty()
                && heard.stream()
                        .noneMatch(stream ->
                                stream.inSpurt && !hasReady(stream) && stream.lastArrivalMs > nowMs - 2L * periodMs);
    }

    private void closeIfDue(long nowMs) {
        boolean full = isFull();
        boolean due = nowMs >= nextDueMs;
        boolean early = !due && nowMs >= nextDueMs - periodMs / 2 && isComplete(nowMs);
        if (!due && !early && !full) {
            return;
        }
        for (ModelStream stream : streams) {
            while (!catchingUp && stream.hasGap() && stream.gapDueMs() <= nowMs) {
                stream.giveUp();
            }
            stream.releaseDue(nowMs);
        }
        if (isLive() || !joins.isEmpty() || !removed.isEmpty() || full || logOnly.size() >= 512) {
            closeAll(nowMs, early && !full);
        } else if (!failed.isEmpty()) {
            ModelOutput output = new ModelOutput();
            output.failed.addAll(failed);
            failed.clear();
            outputs.add(output);
        }
    }

    private void closeAll(long nowMs, boolean early) {
        dropStale(nowMs);
        ended.clear();
        List<Place> frames = new ArrayList<>();
        ready.forEach(run -> frames.addAll(run.places));
        ready.clear();
        frames.sort(Comparator.<Place>comparingLong(frame -> frame.roomTimeUs)
                .thenComparing(frame -> frame.run.stream.participant)
                .thenComparingInt(frame -> frame.run.stream.index)
                .thenComparingLong(frame -> frame.place));
        do {
            ModelOutput tick = new ModelOutput();
            tick.hasTick = true;
            tick.epoch = epoch;
            tick.tick = nextTick++;
            tick.closeTimeMs = nowMs;
            tick.rosterVersion = rosterVersion;
            tick.unrecorded = saidUnrecorded || !recording;
            fill(tick, frames);
            hash = ChainHash.tick(hash, id, tick);
            if (events.isEmpty() && frames.isEmpty() && losses.isEmpty() && !joins.isEmpty()) {
                tick.soleSpeaker = "";
            }
            tick.skipped = skippedBefore(tick);
            ticks.add(tick);
            if (events.isEmpty() && frames.isEmpty() && losses.isEmpty()) {
                tick.failed.addAll(failed);
                failed.clear();
                tick.posts.addAll(removed);
                removed.clear();
                joins.forEach(join -> tick.posts.add(joined(join)));
                joins.clear();
            }
            outputs.add(tick);
        } while (!events.isEmpty() || !frames.isEmpty() || !losses.isEmpty());
        saidUnrecorded = false;
        nextDueMs = early ? nextDueMs + periodMs : nowMs + periodMs;
    }

    /** The ticks just before that one which all had one same speaker and nothing else, unless it goes on like that. */
    private String skippedBefore(ModelOutput tick) {
        String speaker = ticks.isEmpty() ? "" : ticks.get(ticks.size() - 1).soleSpeaker;
        if (speaker.isEmpty() || speaker.equals(tick.soleSpeaker)) {
            return "";
        }
        long from = tick.tick;
        while (ticks.get((int) from - 1).soleSpeaker.equals(speaker)) {
            from--;
        }
        return speaker + " from " + from;
    }

    /** Moves into the tick what it has room for: events, then frames, then losses. */
    private void fill(ModelOutput tick, List<Place> frames) {
        int room = options.maxTickBytes() - 1024;
        room = fillEvents(tick, events, room);
        boolean news = !tick.events.isEmpty();
        int count = 0;
        while (events.isEmpty() && !frames.isEmpty()) {
            Place frame = frames.get(0);
            boolean first = frame.run.places.get(0) == frame;
            boolean traced = first && frame.run.isTraced();
            ModelStream of = frame.run.stream;
            boolean declared = tick.closeTimeMs < of.declaredMs + 2_000;
            int size = frameBytes(frame) + (traced ? 160 : 0) + (declared ? 0 : 160);
            if (size > room && count > 0) {
                break;
            }
            room -= size;
            count++;
            if (!declared) {
                tick.events.add(of.declaration(tick.closeTimeMs));
            }
            frames.remove(0);
            int stream = of.index;
            tick.frames.add(new ModelOutput.LiveFrame(
                    stream, (int) frame.place, frame.level(), frame.arrival.payload(frame.i)));
            if (first && frame.run.isReported()) {
                tick.sequenced.add(frame.arrival.reference(""));
            }
            if (traced) {
                tick.traces.add(ModelOutput.trace(stream, (int) frame.place));
            }
            if (count == 1 || tick.soleSpeaker.equals(frame.run.stream.participant)) {
                tick.soleSpeaker = frame.run.stream.participant;
            } else {
                tick.soleSpeaker = "";
            }
        }
        if (events.isEmpty() && frames.isEmpty() && !losses.isEmpty()) {
            int before = tick.events.size();
            fillEvents(tick, losses, room);
            news |= tick.events.size() > before;
        }
        if (news || !tick.traces.isEmpty()) {
            tick.soleSpeaker = "";
        }
        tick.origins.addAll(origins);
        origins.clear();
        tick.logOnly.addAll(logOnly);
        logOnly.clear();
    }

    private static int fillEvents(ModelOutput tick, List<Event> from, int room) {
        while (!from.isEmpty()) {
            Event event = from.get(0);
            int size = 160 + 6 * (event.getText().length() + event.getName().length());
            if (size > room && !tick.events.isEmpty()) {
                break;
            }
            room -= size;
            tick.events.add(from.remove(0));
        }
        return room;
    }

    private DirectPost joined(Welcome welcome) {
        ModelRoster.Present joiner = roster.member(welcome.connection);
        boolean asked = welcome.record.getConnection().equals(welcome.connection);
        Joined.Builder joined = Joined.newBuilder()
                .setEpoch(epoch)
                .setTick(nextTick - 1)
                .setHash(ByteString.copyFrom(hash))
                .setRecording(recording)
                .setPushToTalk(pushToTalk)
                .setRoomMuted(roster.muted)
                .setLocked(locked)
                .setReconnectBeforeMs(welcome.reconnectBeforeMs)
                .setGrantUntilMs(joiner.expiresAtMs)
                .setChunkMs(options.chunkMs())
                .setTickMs(periodMs)
                .setPlayoutMs(options.playoutHintMs())
                .setRequestId(asked ? welcome.record.getRequestId() : "")
                .setControlVersion(welcome.record.getControlVersion())
                .setPermissions(joiner.permissions.toBuilder()
                        .setSpeak(roster.maySpeak(
                                joiner.participant, joiner.connection, joiner.permissionVersion, joiner.permissions)));
        Map<String, ModelRoster.Present> firstConnections = new LinkedHashMap<>();
        roster.members.forEach(member -> firstConnections.putIfAbsent(member.participant, member));
        for (ModelRoster.Present member : firstConnections.values()) {
            Presence presence = roster.presence(member.participant);
            joined.addMembers(Member.newBuilder()
                    .setParticipant(member.participant)
                    .setName(member.name)
                    .setSpeaking(isHeard(member.participant))
                    .setMuted(presence.getMuted())
                    .setSelfMuted(presence.getSelfMuted())
                    .setDeafened(presence.getDeafened()));
        }
        for (ModelStream stream : streams) {
            joined.addStreams(StreamInfo.newBuilder()
                    .setStream(stream.index)
                    .setParticipant(stream.participant)
                    .setCodec(stream.codec.id())
                    .setFrameDurationUs(stream.durationUs));
        }
        return DirectPost.newBuilder()
                .setConnection(joiner.connection)
                .setRoom(id)
                .setParticipant(joiner.participant)
                .setJoined(joined)
                .build();
    }
}
