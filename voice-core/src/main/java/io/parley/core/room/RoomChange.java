package io.parley.core.room;

import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import java.util.Objects;

/** A change of a room that has been decided, and the state that results from it. Immutable. */
public final class RoomChange {

    private final long controlVersion;
    private final Permissions permissions;
    private final Presence presence;
    private final RoomSettings settings;

    public RoomChange(long controlVersion, Permissions permissions, Presence presence, RoomSettings settings) {
        this.controlVersion = controlVersion;
        this.permissions = Objects.requireNonNull(permissions, "permissions");
        this.presence = Objects.requireNonNull(presence, "presence");
        this.settings = Objects.requireNonNull(settings, "settings");
    }

    public long controlVersion() {
        return controlVersion;
    }

    /**
     * The subject's by its grant and its presence, without the room's settings; of several connections what any of them
     * may do. Nothing where the subject is not in the room.
     */
    public Permissions permissions() {
        return permissions;
    }

    /** The subject's. */
    public Presence presence() {
        return presence;
    }

    public RoomSettings settings() {
        return settings;
    }
}
