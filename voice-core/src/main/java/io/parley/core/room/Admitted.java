package io.parley.core.room;

import io.parley.core.wire.Presence;
import java.util.Objects;
import java.util.Set;

/** A member that has joined, with what it is to know of the room and of itself. Immutable. */
public final class Admitted {

    private final Member member;
    private final Presence presence;
    private final Set<String> blocked;
    private final RoomSettings settings;

    /** @param member with the version of the join, and permissions by its grant and its presence */
    public Admitted(Member member, Presence presence, Set<String> blocked, RoomSettings settings) {
        this.member = Objects.requireNonNull(member, "member");
        this.presence = Objects.requireNonNull(presence, "presence");
        this.blocked = Set.copyOf(blocked);
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    public Member member() {
        return member;
    }

    public Presence presence() {
        return presence;
    }

    /** Whom the participant does not want to hear or read. */
    public Set<String> blocked() {
        return blocked;
    }

    public RoomSettings settings() {
        return settings;
    }
}
