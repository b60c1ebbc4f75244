package io.parley.core.room;

import io.parley.core.wire.Control;
import io.parley.core.wire.DepartedState;
import io.parley.core.wire.Event;
import io.parley.core.wire.MemberState;
import io.parley.core.wire.RosterState;
import io.parley.core.wire.StandingState;
import io.parley.core.wire.StreamRecord;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * Who is in a room and who may do what, by controlVersion: of two changes about the same subject the newer holds, in
 * whichever order they come, and where something had to be forgotten the answer is no.
 *
 * <p>Versions of a membership (join against leave, kick, ban and expiry) and of permissions (join against mute and
 * unmute) are apart: a leave that was written before a mute still ends the membership that it is about.
 * Single-threaded.
 */
final class Roster {

    /** How many connections that left, and participants that a moderator acted on, are remembered. */
    static final int MAX_REMEMBERED = 1_024;

    private static final int MAX_SAID = 64;
    /** API Gateway's two hours and some slack, for a join that does not say when it expires. */
    private static final long DEFAULT_LIFE_MS = TimeUnit.MINUTES.toMillis(130);
    /** From when a client should have reconnected until its connection has ended for certain. */
    private static final long RECONNECT_SLACK_MS = TimeUnit.MINUTES.toMillis(15);

    /** By connection, in the order of joining. */
    private final Map<String, MemberState> members = new LinkedHashMap<>();
    /** Connections that left, with the controlVersion of it, least recently written first. */
    private final Map<String, Long> departed = new LinkedHashMap<>();
    /** By participant, least recently written first. */
    private final Map<String, StandingState> standings = new LinkedHashMap<>();

    private final Set<Long> said = new LinkedHashSet<>();

    private long version;
    private long forgottenVersion;
    private long lockVersion;
    private boolean locked;
    private long recordingVersion;
    private boolean recording;
    private long saidFloor;
    /** Of the member that expires first; -1 if that is to be looked for. */
    private long nextExpiryMs = Long.MAX_VALUE;

    /** The newest controlVersion that it has seen. */
    long version() {
        return version;
    }

    void saw(long controlVersion) {
        version = Math.max(version, controlVersion);
    }

    boolean isEmpty() {
        return members.isEmpty();
    }

    Collection<MemberState> members() {
        return members.values();
    }

    boolean recording() {
        return recording;
    }

    /** When the next membership expires; {@link Long#MAX_VALUE} if nobody is in the room. */
    long nextExpiryMs() {
        if (nextExpiryMs < 0) {
            nextExpiryMs = Long.MAX_VALUE;
            for (MemberState member : members.values()) {
                nextExpiryMs = Math.min(nextExpiryMs, member.getExpiresAtMs());
            }
        }
        return nextExpiryMs;
    }

    /** Whether the speaker of an audio record may speak, by the newer of what ingest read and what is known here. */
    boolean maySpeak(StreamRecord record) {
        long read = record.getControlVersion();
        MemberState member = members.get(record.getConnection());
        if (member != null) {
            return member.getPermissionVersion() >= read
                    ? member.getPermissions().getSpeak()
                    : record.getPermissions().getSpeak();
        }
        // Not known here: it left, or its join is still on the way or came before this job's memory begins. Only what
        // is known against it is held against it, since ingest has let it in.
        Long leftAt = departed.get(record.getConnection());
        if (leftAt != null && leftAt >= read || read <= forgottenVersion) {
            return false;
        }
        StandingState standing = standings.get(record.getParticipant());
        if (standing == null) {
            return record.getPermissions().getSpeak();
        }
        if (standing.getRemovedVersion() >= read) {
            return false;
        }
        return standing.getPermissionVersion() >= read
                ? standing.getPermissions().getSpeak()
                : record.getPermissions().getSpeak();
    }

    /** A connection joins; gives whether it did. */
    boolean join(Control join, long joinVersion, long nowMs, List<Event> events) {
        String connection = join.getConnection();
        String participant = join.getParticipant();
        MemberState before = members.get(connection);
        Long leftAt = departed.get(connection);
        StandingState standing = standings.get(participant);
        if (before == null ? joinVersion <= forgottenVersion : before.getJoinVersion() >= joinVersion) {
            return false;
        }
        if (leftAt != null && leftAt >= joinVersion
                || standing != null && standing.getRemovedVersion() >= joinVersion) {
            return false;
        }
        departed.remove(connection);
        boolean isNew = !isPresent(participant);
        MemberState.Builder member = MemberState.newBuilder()
                .setConnection(connection)
                .setParticipant(participant)
                .setName(join.getDisplayName())
                .setPermissions(join.getPermissions())
                .setPermissionVersion(joinVersion)
                .setJoinVersion(joinVersion)
                .setExpiresAtMs(expiresAtMs(join, nowMs));
        if (standing != null && standing.getPermissionVersion() > joinVersion) {
            member.setPermissions(standing.getPermissions()).setPermissionVersion(standing.getPermissionVersion());
        }
        members.put(connection, member.build());
        nextExpiryMs = -1;
        if (isNew) {
            events.add(Event.newBuilder()
                    .setKind(Event.Kind.JOINED)
                    .setParticipant(participant)
                    .setName(join.getDisplayName())
                    .build());
        }
        record(join.getRecording(), joinVersion, events);
        return true;
    }

    private static long expiresAtMs(Control join, long nowMs) {
        if (join.getExpiresAtMs() > 0) {
            return join.getExpiresAtMs();
        }
        return join.getReconnectBeforeMs() > 0
                ? join.getReconnectBeforeMs() + RECONNECT_SLACK_MS
                : nowMs + DEFAULT_LIFE_MS;
    }

    /** Whether a departure of that version says something about the connection, as it is now. */
    boolean obeysDeparture(String connection, long leaveVersion) {
        MemberState member = members.get(connection);
        return member == null || member.getJoinVersion() < leaveVersion;
    }

    /** A connection leaves; the event comes with the last one of its participant. */
    void leave(String connection, long leaveVersion, String reason, List<Event> events) {
        Long before = departed.remove(connection);
        departed.put(connection, before == null ? leaveVersion : Math.max(before, leaveVersion));
        if (departed.size() > MAX_REMEMBERED) {
            forgottenVersion = Math.max(forgottenVersion, takeEldest(departed));
        }
        MemberState member = members.remove(connection);
        if (member == null) {
            return;
        }
        nextExpiryMs = -1;
        if (!isPresent(member.getParticipant())) {
            events.add(Event.newBuilder()
                    .setKind(Event.Kind.LEFT)
                    .setParticipant(member.getParticipant())
                    .setText(reason)
                    .build());
        }
    }

    /** A moderator removes a participant; gives the connections that are to {@link #leave}. */
    List<String> remove(String participant, long removedVersion) {
        StandingState standing = standing(participant);
        putStanding(standing.toBuilder()
                .setRemovedVersion(Math.max(standing.getRemovedVersion(), removedVersion))
                .build());
        List<String> connections = new ArrayList<>();
        for (MemberState member : members.values()) {
            if (member.getParticipant().equals(participant) && member.getJoinVersion() < removedVersion) {
                connections.add(member.getConnection());
            }
        }
        return connections;
    }

    /** The connections whose membership has expired. */
    List<MemberState> expired(long nowMs) {
        List<MemberState> expired = new ArrayList<>();
        for (MemberState member : members.values()) {
            if (member.getExpiresAtMs() <= nowMs) {
                expired.add(member);
            }
        }
        return expired;
    }

    /** Whether nothing as new is known of the participant's permissions. */
    boolean isNewest(String participant, long changeVersion) {
        return changeVersion > standing(participant).getPermissionVersion();
    }

    /** A moderator mutes or unmutes a participant. */
    void permit(Control change, long changeVersion, List<Event> events) {
        String participant = change.getParticipant();
        StandingState standing = standing(participant);
        if (isNewest(participant, changeVersion)) {
            standing = standing.toBuilder()
                    .setPermissionVersion(changeVersion)
                    .setPermissions(change.getPermissions())
                    .build();
        }
        putStanding(standing);
        boolean changed = false;
        for (Map.Entry<String, MemberState> entry : members.entrySet()) {
            MemberState member = entry.getValue();
            if (member.getParticipant().equals(participant) && member.getPermissionVersion() < changeVersion) {
                entry.setValue(member.toBuilder()
                        .setPermissions(change.getPermissions())
                        .setPermissionVersion(changeVersion)
                        .build());
                changed = true;
            }
        }
        if (changed) {
            events.add(Event.newBuilder()
                    .setKind(change.getKind() == Control.Kind.MUTE ? Event.Kind.MUTED : Event.Kind.UNMUTED)
                    .setParticipant(participant)
                    .build());
        }
    }

    void lock(boolean on, long changeVersion, List<Event> events) {
        if (changeVersion <= lockVersion) {
            return;
        }
        lockVersion = changeVersion;
        if (locked != on) {
            locked = on;
            events.add(Event.newBuilder()
                    .setKind(on ? Event.Kind.LOCKED : Event.Kind.UNLOCKED)
                    .build());
        }
    }

    /** Whether what is said is kept; the first to say so makes no event. */
    void record(boolean on, long changeVersion, List<Event> events) {
        if (changeVersion <= recordingVersion) {
            return;
        }
        boolean told = recordingVersion > 0;
        recordingVersion = changeVersion;
        if (recording != on) {
            recording = on;
            if (told) {
                events.add(Event.newBuilder()
                        .setKind(Event.Kind.RECORDING)
                        .setCount(on ? 1 : 0)
                        .build());
            }
        }
    }

    /** Somebody says something; the same record twice says it once. */
    void say(String participant, String text, long sayVersion, List<Event> events) {
        StandingState standing = standings.get(participant);
        if (standing != null && standing.getRemovedVersion() >= sayVersion) {
            return;
        }
        if (sayVersion <= saidFloor || !said.add(sayVersion)) {
            return;
        }
        if (said.size() > MAX_SAID) {
            Iterator<Long> eldest = said.iterator();
            saidFloor = Math.max(saidFloor, eldest.next());
            eldest.remove();
        }
        events.add(Event.newBuilder()
                .setKind(Event.Kind.SAID)
                .setParticipant(participant)
                .setText(text)
                .build());
    }

    private boolean isPresent(String participant) {
        for (MemberState member : members.values()) {
            if (member.getParticipant().equals(participant)) {
                return true;
            }
        }
        return false;
    }

    private StandingState standing(String participant) {
        StandingState standing = standings.get(participant);
        return standing != null
                ? standing
                : StandingState.newBuilder().setParticipant(participant).build();
    }

    private void putStanding(StandingState standing) {
        standings.remove(standing.getParticipant());
        standings.put(standing.getParticipant(), standing);
        if (standings.size() > MAX_REMEMBERED) {
            StandingState eldest = takeEldest(standings);
            forgottenVersion =
                    Math.max(forgottenVersion, Math.max(eldest.getPermissionVersion(), eldest.getRemovedVersion()));
        }
    }

    private static <T> T takeEldest(Map<String, T> map) {
        Iterator<T> values = map.values().iterator();
        T eldest = values.next();
        values.remove();
        return eldest;
    }

    RosterState state() {
        RosterState.Builder state = RosterState.newBuilder()
                .setVersion(version)
                .addAllMembers(members.values())
                .addAllStandings(standings.values())
                .setForgottenVersion(forgottenVersion)
                .setLockVersion(lockVersion)
                .setLocked(locked)
                .setRecordingVersion(recordingVersion)
                .setRecording(recording)
                .addAllSaid(said)
                .setSaidFloor(saidFloor);
        departed.forEach((connection, leftAt) -> state.addDeparted(
                DepartedState.newBuilder().setConnection(connection).setControlVersion(leftAt)));
        return state.build();
    }

    static Roster restore(RosterState state) {
        Roster roster = new Roster();
        roster.version = state.getVersion();
        state.getMembersList().forEach(member -> roster.members.put(member.getConnection(), member));
        state.getDepartedList().forEach(left -> roster.departed.put(left.getConnection(), left.getControlVersion()));
        state.getStandingsList().forEach(standing -> roster.standings.put(standing.getParticipant(), standing));
        roster.forgottenVersion = state.getForgottenVersion();
        roster.lockVersion = state.getLockVersion();
        roster.locked = state.getLocked();
        roster.recordingVersion = state.getRecordingVersion();
        roster.recording = state.getRecording();
        roster.said.addAll(state.getSaidList());
        roster.saidFloor = state.getSaidFloor();
        roster.nextExpiryMs = -1;
        return roster;
    }
}
