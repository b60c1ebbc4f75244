package io.parley.core.model;

import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.core.wire.StreamRecord;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Who is in the room, who may speak, and what is remembered of those who left. */
final class ModelRoster {

    private static final int REMEMBERED = 1_024;
    private static final int REMEMBERED_SAYS = 64;

    /** One connection in the room. */
    static final class Present {
        final String connection;
        final String participant;
        final String name;
        final long joinVersion;
        final long expiresAtMs;
        final long reconnectBeforeMs;
        Permissions permissions;
        long permissionVersion;

        Present(String connection, Control join, long joinVersion, long expiresAtMs) {
            this.connection = connection;
            this.participant = join.getParticipant();
            this.name = join.getDisplayName();
            this.joinVersion = joinVersion;
            this.expiresAtMs = expiresAtMs;
            this.reconnectBeforeMs = join.getReconnectBeforeMs();
            this.permissions = join.getPermissions();
            this.permissionVersion = joinVersion;
        }
    }

    /** What was decided about a participant, whether or not they are here. */
    static final class Standing {
        long permissionVersion;
        /** Null until somebody decided about them. */
        Permissions permissions;

        Presence presence;
        long removedVersion;
    }

    /** How a participant who is here shows itself, and as of which version. */
    static final class Shown {
        Presence presence = Presence.getDefaultInstance();
        long version;
    }

    /** In the order of joining. */
    final List<Present> members = new ArrayList<>();
    /** By participant. */
    private final Map<String, Shown> shown = new LinkedHashMap<>();
    /** Whether nobody may speak but moderators. */
    boolean muted;
    /** Least recently written first. */
    private final Map<String, Long> departed = new LinkedHashMap<>();

    private final Map<String, Standing> standings = new LinkedHashMap<>();
    private final List<Long> said = new ArrayList<>();
    /** The newest of what is not remembered any more. */
    private long forgottenVersion;

    private long saidFloor;

    Present member(String connection) {
        return members.stream()
                .filter(member -> member.connection.equals(connection))
                .findFirst()
                .orElse(null);
    }

    List<Present> connectionsOf(String participant) {
        List<Present> found = new ArrayList<>();
        members.stream().filter(m -> m.participant.equals(participant)).forEach(found::add);
        return found;
    }

    boolean isPresent(String participant) {
        return !connectionsOf(participant).isEmpty();
    }

    long departedVersion(String connection) {
        return departed.getOrDefault(connection, Long.MIN_VALUE);
    }

    /** The version of the newest change of the participant's permissions that is remembered. */
    long newestChange(String participant) {
        return standing(participant).permissionVersion;
    }

    private Standing standing(String participant) {
        return standings.getOrDefault(participant, new Standing());
    }

    long removedVersion(String participant) {
        Standing standing = standings.get(participant);
        return standing == null || standing.removedVersion == 0 ? Long.MIN_VALUE : standing.removedVersion;
    }

    /** The member that the record makes; null if it changes nothing any more. */
    Present join(Control control, long version, long nowMs) {
        String connection = control.getConnection();
        String participant = control.getParticipant();
        Present before = member(connection);
        if (before != null && before.joinVersion >= version
                || departedVersion(connection) >= version
                || removedVersion(participant) >= version
                || before == null && version <= forgottenVersion) {
            return null;
        }
        departed.remove(connection);
        long expiresAtMs = control.getExpiresAtMs();
        if (expiresAtMs == 0) {
            expiresAtMs = control.getReconnectBeforeMs() != 0
                    ? control.getReconnectBeforeMs() + 15 * 60_000
                    : nowMs + 130 * 60_000;
        }
        Present member = new Present(connection, control, version, expiresAtMs);
        Standing standing = standing(participant);
        shown.putIfAbsent(participant, new Shown());
        show(participant, control.getPresence(), version);
        if (before != null && before.permissionVersion > version) {
            member.permissions = before.permissions;
            member.permissionVersion = before.permissionVersion;
        }
        if (standing.permissions != null && standing.permissionVersion > version) {
            member.permissions = standing.permissions;
            member.permissionVersion = standing.permissionVersion;
            show(participant, standing.presence, standing.permissionVersion);
        }
        if (before == null) {
            members.add(member);
        } else {
            members.set(members.indexOf(before), member);
        }
        return member;
    }

    /** Takes the connection out; the member it was, or null. */
    Present remove(String connection, long version) {
        long leftAt = Math.max(departedVersion(connection), version);
        departed.remove(connection);
        departed.put(connection, leftAt);
        if (departed.size() > REMEMBERED) {
            String oldest = departed.keySet().iterator().next();
            forgottenVersion = Math.max(forgottenVersion, departed.remove(oldest));
        }
        Present member = member(connection);
        members.remove(member);
        shown.keySet().removeIf(participant -> !isPresent(participant));
        return member;
    }

    Presence presence(String participant) {
        return shown.getOrDefault(participant, new Shown()).presence;
    }

    private void show(String participant, Presence presence, long version) {
        Shown known = shown.get(participant);
        if (known != null && known.version < version) {
            known.presence = presence;
            known.version = version;
        }
    }

    /** A moderator or the participant itself decided what it may, and how it shows itself. */
    void permit(Control control, long version) {
        String participant = control.getParticipant();
        Standing standing = standing(participant);
        if (version > standing.permissionVersion) {
            standing.permissions = control.getPermissions();
            standing.presence = control.getPresence();
            standing.permissionVersion = version;
        }
        remember(participant, standing);
        for (Present member : connectionsOf(participant)) {
            if (member.permissionVersion < version) {
                member.permissions = control.getPermissions();
                member.permissionVersion = version;
            }
        }
        show(participant, control.getPresence(), version);
    }

    void banish(String participant, long version) {
        Standing standing = standing(participant);
        standing.removedVersion = Math.max(standing.removedVersion, version);
        remember(participant, standing);
    }

    private void remember(String participant, Standing standing) {
        standings.remove(participant);
        standings.put(participant, standing);
        if (standings.size() > REMEMBERED) {
            Standing oldest = standings.remove(standings.keySet().iterator().next());
            forgottenVersion = Math.max(forgottenVersion, Math.max(oldest.permissionVersion, oldest.removedVersion));
        }
    }

    /** Whether a say of that version is new and its participant still has a say. */
    boolean say(String participant, long version) {
        if (version <= saidFloor || said.contains(version) || removedVersion(participant) >= version) {
            return false;
        }
        said.add(version);
        if (said.size() > REMEMBERED_SAYS) {
            saidFloor = Math.max(saidFloor, said.remove(0));
        }
        return true;
    }

    boolean maySpeak(StreamRecord record) {
        return maySpeak(
                record.getParticipant(), record.getConnection(), record.getControlVersion(), record.getPermissions());
    }

    /** @param read what ingest read, as of that version */
    boolean maySpeak(String participant, String connection, long version, Permissions read) {
        Present member = member(connection);
        if (member != null) {
            return suffices(member.permissionVersion >= version ? member.permissions : read);
        }
        if (departedVersion(connection) >= version
                || version <= forgottenVersion
                || removedVersion(participant) >= version) {
            return false;
        }
        Standing standing = standing(participant);
        boolean standingIsNewer = standing.permissions != null && standing.permissionVersion >= version;
        return suffices(standingIsNewer ? standing.permissions : read);
    }

    private boolean suffices(Permissions permissions) {
        return permissions.getSpeak() && (permissions.getModerate() || !muted);
    }
}
