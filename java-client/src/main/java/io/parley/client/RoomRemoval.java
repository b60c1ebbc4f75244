package io.parley.client;

import java.util.Locale;
import java.util.Objects;

/** The server has taken this client out of a room. Immutable. */
public final class RoomRemoval {

    /** Why. */
    public enum Reason {
        /** A moderator sent the participant out; it may come back. */
        KICKED,
        /** A moderator banned the participant. */
        BANNED,
        /** The game took the ticket back. */
        REVOKED,
        /** The operator suspended the user. */
        SUSPENDED,
        /** The membership ended and was not renewed. */
        EXPIRED,
        /** A reason that this version of the client does not know. */
        UNKNOWN;

        static Reason of(String name) {
            for (Reason reason : values()) {
                if (reason.name().toLowerCase(Locale.ROOT).equals(name)) {
                    return reason;
                }
            }
            return UNKNOWN;
        }
    }

    private final String room;
    private final Reason reason;
    private final String text;
    private final long untilMs;

    RoomRemoval(String room, Reason reason, String text, long untilMs) {
        this.room = Objects.requireNonNull(room);
        this.reason = Objects.requireNonNull(reason);
        this.text = Objects.requireNonNull(text);
        this.untilMs = untilMs;
    }

    /** The room that the client is not in any more. */
    public String room() {
        return room;
    }

    /** Why it was removed. */
    public Reason reason() {
        return reason;
    }

    /** What the moderator said about it, or empty. */
    public String text() {
        return text;
    }

    /** BANNED: until when, in ms since the epoch; 0 means for good. */
    public long untilMs() {
        return untilMs;
    }

    @Override
    public String toString() {
        return room + ": " + reason + (text.isEmpty() ? "" : " " + text);
    }
}
