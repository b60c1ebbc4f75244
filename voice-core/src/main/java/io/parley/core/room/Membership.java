package io.parley.core.room;

import java.util.Objects;

/** A member and its room's settings as they were at a controlVersion of the room. Immutable. */
public final class Membership {

    private final Member member;
    private final RoomSettings settings;
    private final long controlVersion;

    /** @param member with what also the room's settings leave of its permissions */
    public Membership(Member member, RoomSettings settings, long controlVersion) {
        this.member = Objects.requireNonNull(member, "member");
        this.settings = Objects.requireNonNull(settings, "settings");
        this.controlVersion = controlVersion;
    }

    public Member member() {
        return member;
    }

    public RoomSettings settings() {
        return settings;
    }

    /** No change of the room up to this version is missing in it. */
    public long controlVersion() {
        return controlVersion;
    }
}
