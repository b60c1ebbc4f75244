package io.parley.core.room;

import io.parley.core.wire.Control;
import io.parley.core.wire.DepartedState;
import io.parley.core.wire.Event;
import io.parley.core.wire.MemberState;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.core.wire.PresenceState;
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
 * <p>Versions of a membership (join against leave, removal and expiry), of permissions and presence (join against mute,
 * unmute and what a participant chose for itself), and of the room's settings are apart: a leave that was written before
 * a mute still ends the membership that it is about. Permissions are a connection's, since each has its own grant;
 * presence is the participant's, on all its connections. Single-threaded.
 */
final class Roster {

    /** How many connections that left, and participants of whom something was said, are remembered. */
    static final int MAX_REMEMBERED = 1_024;

    private static final int MAX_SAID = 64;
    /** API Gateway's two hours and some slack, for a join that does not say when it expires. */
    private static final long DEFAULT_LIFE_MS = TimeUnit.MINUTES.toMillis(130);
    /** From when a client should have reconnected until its connection has ended for certain. */
    private static final long RECONNECT_SLACK_MS = TimeUnit.MINUTES.toMillis(15);

    /** By connection, in the order of joining. */
    private final Map<String, MemberState> members = new LinkedHashMap<>();
    /** By participant, of those who are in the room, in the order in which they came. */
    private final Map<String, PresenceState> presences = new LinkedHashMap<>();
    /** Connections that left, with the controlVersion of it, least recently written first. */
    private final Map<String, Long> departed = new LinkedHashMap<>();
    /** By participant, least recently written first. */
    private final Map<String, StandingState> standings = new LinkedHashMap<>();

    private final Set<Long> said = new LinkedHashSet<>();

    private long version;
    private long forgottenVersion;
    private long lockVersion;
    private boolean locked;
    private long settingsVersion;
    private boolean recording;
    private boolean pushToTalk;
    private boolean muted;
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

    /** The member with that connection; null if it is not in the room. */
    MemberState member(String connection) {
        return members.get(connection);
    }

    /** How a participant shows itself; that of nobody in particular if it is not in the room. */
    Presence presence(String participant) {
        PresenceState presence = presences.get(participant);
        return presence == null ? Presence.getDefaultInstance() : presence.getPresence();
    }

    boolean recording() {
        return recording;
    }

    boolean pushToTalk() {
        return pushToTalk;
    }

    /** Whether only those may speak who may moderate. */
    boolean muted() {
        return muted;
    }

    boolean locked() {
        return locked;
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
        return maySpeak(
                record.getParticipant(), record.getConnection(), record.getControlVersion(), record.getPermissions());
    }

    /** Whether the speaker of what the stream holds may still speak. */
    boolean maySpeak(SpeakerStream stream) {
        return maySpeak(stream.participant, stream.connection, stream.controlVersion, stream.permissions);
    }

    private boolean maySpeak(String participant, String connection, long readVersion, Permissions read) {
        MemberState member = members.get(connection);
        if (member != null) {
            return maySpeak(member.getPermissionVersion() >= readVersion ? member.getPermissions() : read);
        }
        // Not known here: it left, or its join is still on the way or came before this job's memory begins. Only what
        // is known against it is held against it, since ingest has let it in.
        Long leftAt = departed.get(connection);
        if (leftAt != null && leftAt >= readVersion || readVersion <= forgottenVersion) {
            return false;
        }
        StandingState standing = standing(participant);
        return standing.getRemovedVersion() < readVersion
                && maySpeak(standing.getPermissionVersion() >= readVersion ? standing.getPermissions() : read);
    }

    private boolean maySpeak(Permissions permissions) {
        return permissions.getSpeak() && (!muted || permissions.getModerate());
    }

    /** What a member may do as the room is. */
    Permissions permissions(MemberState member) {
        return member.getPermissions().toBuilder()
                .setSpeak(maySpeak(member.getPermissions()))
                .build();
    }

    /** A connection joins, or joins again; gives whether it did. Another name than before is told to all. */
    boolean join(Control join, long joinVersion, long nowMs, List<Event> events) {
        String connection = join.getConnection();
        String participant = join.getParticipant();
        MemberState before = members.get(connection);
        Long leftAt = departed.get(connection);
        StandingState standing = standing(participant);
        if (before == null ? joinVersion <= forgottenVersion : before.getJoinVersion() >= joinVersion) {
            return false;
        }
        if (leftAt != null && leftAt >= joinVersion || standing.getRemovedVersion() >= joinVersion) {
            return false;
        }
        departed.remove(connection);
        MemberState.Builder member = MemberState.newBuilder()
                .setConnection(connection)
                .setParticipant(participant)
                .setName(join.getDisplayName())
                .setPermissions(join.getPermissions())
                .setPermissionVersion(joinVersion)
                .setJoinVersion(joinVersion)
                .setExpiresAtMs(expiresAtMs(join, nowMs))
                .setReconnectBeforeMs(join.getReconnectBeforeMs());
        if (standing.getPermissionVersion() > joinVersion) {
            member.setPermissions(standing.getPermissions()).setPermissionVersion(standing.getPermissionVersion());
        } else if (before != null && before.getPermissionVersion() > joinVersion) {
            member.setPermissions(before.getPermissions()).setPermissionVersion(before.getPermissionVersion());
        }
        members.put(connection, member.build());
        nextExpiryMs = -1;
        boolean isRenamed = before != null && !before.getName().equals(join.getDisplayName());
        if (isRenamed || !presences.containsKey(participant)) {
            events.add(Event.newBuilder()
                    .setKind(Event.Kind.JOINED)
                    .setParticipant(participant)
                    .setName(join.getDisplayName())
                    .build());
            presences.putIfAbsent(
                    participant,
                    PresenceState.newBuilder().setParticipant(participant).build());
        }
        if (standing.getPermissionVersion() > joinVersion) {
            show(participant, standing.getPresence(), standing.getPermissionVersion(), events);
        } else {
            show(participant, join.getPresence(), joinVersion, events);
        }
        settle(join, joinVersion, events);
        if (join.getLocked()) {
            lock(true, joinVersion, events);
        }
        return true;
    }

    /** Takes the newer of how a participant shows itself, and tells what of it has changed. */
    private void show(String participant, Presence presence, long changeVersion, List<Event> events) {
        PresenceState known = presences.get(participant);
        if (known == null || changeVersion <= known.getControlVersion()) {
            return;
        }
        Presence before = known.getPresence();
        presences.put(
                participant,
                known.toBuilder()
                        .setControlVersion(changeVersion)
                        .setPresence(presence)
                        .build());
        if (before.getMuted() != presence.getMuted()) {
            events.add(Event.newBuilder()
                    .setKind(presence.getMuted() ? Event.Kind.MUTED : Event.Kind.UNMUTED)
                    .setParticipant(participant)
                    .build());
        }
        if (before.getSelfMuted() != presence.getSelfMuted() || before.getDeafened() != presence.getDeafened()) {
            events.add(Event.newBuilder()
                    .setKind(Event.Kind.PRESENCE)
                    .setParticipant(participant)
                    .setCount((presence.getSelfMuted() ? 1 : 0) + (presence.getDeafened() ? 2 : 0))
                    .build());
        }
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
        if (connectionsOf(member.getParticipant()).isEmpty()) {
            presences.remove(member.getParticipant());
            events.add(Event.newBuilder()
                    .setKind(Event.Kind.LEFT)
                    .setParticipant(member.getParticipant())
                    .setText(reason)
                    .build());
        }
    }

    /** A participant is removed; gives the members that are to {@link #leave}. */
    List<MemberState> remove(String participant, long removedVersion) {
        StandingState standing = standing(participant);
        putStanding(standing.toBuilder()
                .setParticipant(participant)
                .setRemovedVersion(Math.max(standing.getRemovedVersion(), removedVersion))
                .build());
        List<MemberState> removed = connectionsOf(participant);
        removed.removeIf(member -> member.getJoinVersion() >= removedVersion);
        return removed;
    }

    /** The members whose time is over. */
    List<MemberState> expired(long nowMs) {
        List<MemberState> expired = new ArrayList<>();
        for (MemberState member : members.values()) {
            if (member.getExpiresAtMs() <= nowMs) {
                expired.add(member);
            }
        }
        return expired;
    }

    /** What a participant may, and how it shows itself, has changed, by a moderator or by itself. */
    void permit(Control change, long changeVersion, List<Event> events) {
        String participant = change.getParticipant();
        StandingState standing = standing(participant);
        if (changeVersion > standing.getPermissionVersion()) {
            standing = standing.toBuilder()
                    .setParticipant(participant)
                    .setPermissionVersion(changeVersion)
                    .setPermissions(change.getPermissions())
                    .setPresence(change.getPresence())
                    .build();
        }
        putStanding(standing);
        for (MemberState member : connectionsOf(participant)) {
            if (member.getPermissionVersion() < changeVersion) {
                members.put(
                        member.getConnection(),
                        member.toBuilder()
                                .setPermissions(change.getPermissions())
                                .setPermissionVersion(changeVersion)
                                .build());
            }
        }
        show(participant, change.getPresence(), changeVersion, events);
    }

    /** The version of the newest change of the participant's permissions; 0 if none is remembered. */
    long permissionVersion(String participant) {
        return standing(participant).getPermissionVersion();
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

    /** How the room is spoken in and whether that is kept; the first to say so makes no event. */
    void settle(Control settings, long changeVersion, List<Event> events) {
        if (changeVersion <= settingsVersion) {
            return;
        }
        boolean told = settingsVersion > 0;
        settingsVersion = changeVersion;
        if (told && recording != settings.getRecording()) {
            events.add(Event.newBuilder()
                    .setKind(Event.Kind.RECORDING)
                    .setCount(settings.getRecording() ? 1 : 0)
                    .build());
        }
        if (told && (pushToTalk != settings.getPushToTalk() || muted != settings.getRoomMuted())) {
            events.add(Event.newBuilder()
                    .setKind(Event.Kind.SETTINGS)
                    .setCount((settings.getPushToTalk() ? 1 : 0) + (settings.getRoomMuted() ? 2 : 0))
                    .build());
        }
        recording = settings.getRecording();
        pushToTalk = settings.getPushToTalk();
        muted = settings.getRoomMuted();
    }

    /** Somebody says something; the same record twice says it once. */
    void say(String participant, String text, long sayVersion, List<Event> events) {
        if (standing(participant).getRemovedVersion() >= sayVersion) {
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

    /** The participant's connections that are in the room, in the order of joining. */
    List<MemberState> connectionsOf(String participant) {
        List<MemberState> connections = new ArrayList<>();
        for (MemberState member : members.values()) {
            if (member.getParticipant().equals(participant)) {
                connections.add(member);
            }
        }
        return connections;
    }

    private StandingState standing(String participant) {
        return standings.getOrDefault(participant, StandingState.getDefaultInstance());
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
                .setSettingsVersion(settingsVersion)
                .setRecording(recording)
                .setPushToTalk(pushToTalk)
                .setMuted(muted)
                .addAllPresences(presences.values())
                .addAllSaid(said)
                .setSaidFloor(saidFloor);
        departed.forEach((connection, leftAt) -> state.addDeparted(
                DepartedState.newBuilder().setConnection(connection).setControlVersion(leftAt)));
        return state.build();
    }

    static Roster restore(RosterState state) {
        Roster roster = new Roster();
        roster.version = state.getVersion();
        state.getPresencesList().forEach(known -> roster.presences.put(known.getParticipant(), known));
        for (MemberState member : state.getMembersList()) {
            roster.members.put(member.getConnection(), member);
            // An earlier version of the job kept none: there who might not speak was muted.
            roster.presences.computeIfAbsent(
                    member.getParticipant(),
                    participant -> PresenceState.newBuilder()
                            .setParticipant(participant)
                            .setControlVersion(member.getPermissionVersion())
                            .setPresence(Presence.newBuilder()
                                    .setMuted(!member.getPermissions().getSpeak()))
                            .build());
        }
        state.getDepartedList().forEach(left -> roster.departed.put(left.getConnection(), left.getControlVersion()));
        state.getStandingsList().forEach(standing -> roster.standings.put(standing.getParticipant(), standing));
        roster.forgottenVersion = state.getForgottenVersion();
        roster.lockVersion = state.getLockVersion();
        roster.locked = state.getLocked();
        roster.settingsVersion = state.getSettingsVersion();
        roster.recording = state.getRecording();
        roster.pushToTalk = state.getPushToTalk();
        roster.muted = state.getMuted();
        roster.said.addAll(state.getSaidList());
        roster.saidFloor = state.getSaidFloor();
        roster.nextExpiryMs = -1;
        return roster;
    }
}
