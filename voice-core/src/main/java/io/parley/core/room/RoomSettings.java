package io.parley.core.room;

import io.parley.core.wire.Permissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** All settings of a room. Immutable. */
public final class RoomSettings {

    /** Of a room where nobody set anything. */
    public static final RoomSettings DEFAULT = defaults();

    private final Set<RoomSetting> on;

    private RoomSettings(Set<RoomSetting> on) {
        this.on = on;
    }

    private static RoomSettings defaults() {
        EnumSet<RoomSetting> on = EnumSet.noneOf(RoomSetting.class);
        for (RoomSetting setting : RoomSetting.values()) {
            if (setting.byDefault()) {
                on.add(setting);
            }
        }
        return new RoomSettings(on);
    }

    public boolean is(RoomSetting setting) {
        return on.contains(setting);
    }

    public RoomSettings with(Map<RoomSetting, Boolean> changes) {
        EnumSet<RoomSetting> changed = EnumSet.copyOf(on.isEmpty() ? EnumSet.noneOf(RoomSetting.class) : on);
        changes.forEach((setting, isOn) -> {
            if (isOn) {
                changed.add(setting);
            } else {
                changed.remove(setting);
            }
        });
        return new RoomSettings(changed);
    }

    public boolean isDefault() {
        return on.equals(DEFAULT.on);
    }

    /** What the settings leave of a member's permissions: in a muted room only moderators speak. */
    public Permissions limit(Permissions permissions) {
        return is(RoomSetting.MUTED) && permissions.getSpeak() && !permissions.getModerate()
                ? permissions.toBuilder().setSpeak(false).build()
                : permissions;
    }
}
