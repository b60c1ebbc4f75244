package io.parley.client;

import java.util.Objects;

/** Something that happened in a room, in the order that is the same for everyone. Immutable. */
public final class RoomEvent {

    /** What happened; docs/protocol.md has the list. */
    public enum Kind {
        /** A new epoch begins. */
        OPENED,
        /** A participant came in; {@link RoomEvent#text} is its display name. */
        JOINED,
        /** A participant is gone, with its last connection; {@link RoomEvent#text} is the reason. */
        LEFT,
        /** A moderator muted a participant. */
        MUTED,
        /** A moderator unmuted a participant. */
        UNMUTED,
        /** A speaker stream begins; {@link RoomEvent#speaker} says what its frames are. */
        STREAM,
        /** A participant began to speak. */
        SPEAKING,
        /** A participant stopped speaking. */
        STOPPED,
        /** A participant wrote {@link RoomEvent#text}. */
        SAID,
        /** The epoch ends. */
        CLOSED,
        /** Nobody else may join from here on. */
        LOCKED,
        /** Everybody may join again. */
        UNLOCKED,
        /** Whether what is said is kept has changed; {@link RoomEvent#text} is {@code on} or {@code off}. */
        RECORDING,
        /** A participant muted, unmuted, deafened or undeafened itself; {@link VoiceRoom#view} says which. */
        PRESENCE,
        /** How the room may be spoken in has changed; {@link VoiceRoom#view} says how. */
        SETTINGS
    }

    private final String room;
    private final Kind kind;
    private final String participant;
    private final String text;
    private final SpeakerInfo speaker;

    RoomEvent(String room, Kind kind, String participant, String text, SpeakerInfo speaker) {
        this.room = Objects.requireNonNull(room);
        this.kind = Objects.requireNonNull(kind);
        this.participant = participant;
        this.text = text;
        this.speaker = speaker;
    }

    /** The room's id. */
    public String room() {
        return room;
    }

    /** What happened. */
    public Kind kind() {
        return kind;
    }

    /** Whom it is about; empty where it is about the room. */
    public String participant() {
        return participant;
    }

    /** JOINED: the display name; LEFT: the reason; SAID: the text; RECORDING: on or off; else empty. */
    public String text() {
        return text;
    }

    /** STREAM: the stream that begins; else null. */
    public SpeakerInfo speaker() {
        return speaker;
    }

    @Override
    public String toString() {
        return room + ": " + participant + " " + kind + (text.isEmpty() ? "" : " " + text);
    }
}
