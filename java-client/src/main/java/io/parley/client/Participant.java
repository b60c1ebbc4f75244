package io.parley.client;

/** Somebody in a room, as last heard. Immutable. */
public final class Participant {

    private final String id;
    private final String name;
    private final boolean speaking;
    private final boolean muted;
    private final boolean selfMuted;
    private final boolean deafened;

    Participant(String id, String name, boolean speaking, boolean muted, boolean selfMuted, boolean deafened) {
        this.id = id;
        this.name = name;
        this.speaking = speaking;
        this.muted = muted;
        this.selfMuted = selfMuted;
        this.deafened = deafened;
    }

    Participant withName(String changed) {
        return new Participant(id, changed, speaking, muted, selfMuted, deafened);
    }

    Participant withSpeaking(boolean changed) {
        return new Participant(id, name, changed, muted, selfMuted, deafened);
    }

    Participant withMuted(boolean changed) {
        return new Participant(id, name, speaking, changed, selfMuted, deafened);
    }

    Participant withPresence(boolean changedSelfMuted, boolean changedDeafened) {
        return new Participant(id, name, speaking, muted, changedSelfMuted, changedDeafened);
    }

    /** Who it is, by the token: unique, and what moderation is about. */
    public String id() {
        return id;
    }

    /** For display; anyone may call themselves anything. */
    public String name() {
        return name;
    }

    /** Whether a talk spurt of theirs is going on. */
    public boolean speaking() {
        return speaking;
    }

    /** Whether a moderator has muted them. */
    public boolean muted() {
        return muted;
    }

    /** Whether they have muted themselves, whatever a moderator says. */
    public boolean selfMuted() {
        return selfMuted;
    }

    /** Whether they have chosen to hear nothing. */
    public boolean deafened() {
        return deafened;
    }

    @Override
    public String toString() {
        return id
                + (speaking ? " speaking" : "")
                + (muted ? " muted" : "")
                + (selfMuted ? " self-muted" : "")
                + (deafened ? " deafened" : "");
    }
}
