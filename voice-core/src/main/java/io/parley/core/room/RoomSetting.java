package io.parley.core.room;

/** What those who may do so switch on and off for a whole room. */
public enum RoomSetting {
    /** Nobody but moderators and who is in it already may join. */
    LOCKED("locked", false),
    /** Only chunks with the push-to-talk flag are taken. */
    PUSH_TO_TALK("pushToTalk", false),
    /** Only moderators may speak. */
    MUTED("roomMuted", false),
    /** What is said may be kept. Needs the right to record; the others need the right to moderate. */
    RECORDING("recording", true);

    private final String key;
    private final boolean byDefault;

    RoomSetting(String key, boolean byDefault) {
        this.key = key;
        this.byDefault = byDefault;
    }

    /** Its name where it is stored. */
    public String key() {
        return key;
    }

    /** How it is in a room where nobody said anything about it. */
    public boolean byDefault() {
        return byDefault;
    }
}
