package io.parley.client;

import java.util.Objects;

/** Something that happened in a room, in the order that is the same for everyone. Immutable. */
public final class RoomEvent {

    /** What happened; docs/protocol.md has the list. */
    public enum Kind {
        /** A new epoch begins. */
        OPENED,
        JOINED,
        LEFT,
        MUTED,
        UNMUTED,
        /** A speaker stream begins; {@link RoomEvent#speaker} says what its frames are. */
        STREAM,
        SPEAKING,
        STOPPED,
        SAID,
        /** The epoch ends. */
        CLOSED,
        /** Nobody else may join from here on. */
        LOCKED,
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

    public String room() {
        return room;
    }

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
