package io.parley.client;

import io.parley.core.wire.Event;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A room as last heard: who is in it and how they are, and how it may be spoken in. Immutable: {@link VoiceRoom#view}
 * gives the newest. After missed ticks it may be wrong about what happened in them, until the room is joined again.
 */
public final class RoomView {

    static final int SELF_MUTED = 1;
    static final int DEAFENED = 2;
    static final int PUSH_TO_TALK = 1;
    static final int ROOM_MUTED = 2;

    static final RoomView EMPTY = new RoomView(Map.of(), Set.of(), 0, false, false);

    private final Map<String, Participant> participants;
    private final Set<String> blocked;
    private final int settings;
    private final boolean locked;
    private final boolean recording;

    private RoomView(
            Map<String, Participant> participants,
            Set<String> blocked,
            int settings,
            boolean locked,
            boolean recording) {
        this.participants = participants;
        this.blocked = blocked;
        this.settings = settings;
        this.locked = locked;
        this.recording = recording;
    }

    /** As the room was when it was joined. */
    RoomView joined(JoinedRoom joined) {
        Map<String, Participant> members = new LinkedHashMap<>();
        joined.members().forEach(member -> members.put(member.id(), member));
        int settings = (joined.pushToTalk() ? PUSH_TO_TALK : 0) | (joined.roomMuted() ? ROOM_MUTED : 0);
        return new RoomView(members, blocked, settings, joined.locked(), joined.recording());
    }

    RoomView withBlocked(Collection<String> changed) {
        return new RoomView(participants, Set.copyOf(changed), settings, locked, recording);
    }

    RoomView after(Event event) {
        switch (event.getKind()) {
            case LOCKED:
            case UNLOCKED:
                return new RoomView(participants, blocked, settings, event.getKind() == Event.Kind.LOCKED, recording);
            case RECORDING:
                return new RoomView(participants, blocked, settings, locked, event.getCount() != 0);
            case SETTINGS:
                return new RoomView(participants, blocked, event.getCount(), locked, recording);
            case LEFT:
                Map<String, Participant> others = new LinkedHashMap<>(participants);
                others.remove(event.getParticipant());
                return withParticipants(others);
            default:
                Participant before = participants.get(event.getParticipant());
                Participant changed = changed(before, event);
                if (changed == before) {
                    return this;
                }
                Map<String, Participant> all = new LinkedHashMap<>(participants);
                all.put(changed.id(), changed);
                return withParticipants(all);
        }
    }

    private RoomView withParticipants(Map<String, Participant> changed) {
        return new RoomView(changed, blocked, settings, locked, recording);
    }

    /** What the event makes of the one whom it is about, who may be unknown after missed ticks. */
    private static Participant changed(Participant before, Event event) {
        if (event.getKind() == Event.Kind.JOINED) {
            return before == null
                    ? new Participant(event.getParticipant(), event.getName(), false, false, false, false)
                    : before.withName(event.getName());
        }
        if (before == null) {
            return null;
        }
        switch (event.getKind()) {
            case MUTED:
                return before.withMuted(true);
            case UNMUTED:
                return before.withMuted(false);
            case SPEAKING:
                return before.withSpeaking(true);
            case STOPPED:
                return before.withSpeaking(false);
            case PRESENCE:
                return before.withPresence((event.getCount() & SELF_MUTED) != 0, (event.getCount() & DEAFENED) != 0);
            default:
                return before;
        }
    }

    /** Who is in the room, in the order in which they came in; oneself too. */
    public List<Participant> participants() {
        return Collections.unmodifiableList(new ArrayList<>(participants.values()));
    }

    /** The participant of that id, or null where none is in the room. */
    public Participant participant(String id) {
        return participants.get(id);
    }

    /** Whom this client's user does not want to hear or read. */
    public Set<String> blocked() {
        return blocked;
    }

    /** Whether nobody else may join. */
    public boolean locked() {
        return locked;
    }

    /** Whether what is said is kept. */
    public boolean recording() {
        return recording;
    }

    /** Whether only what is said with a key held down is played ({@link SpeakerStream#pushToTalk}). */
    public boolean pushToTalk() {
        return (settings & PUSH_TO_TALK) != 0;
    }

    /** Whether only moderators may speak. */
    public boolean muted() {
        return (settings & ROOM_MUTED) != 0;
    }
}
