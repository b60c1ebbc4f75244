package io.parley.client;

import io.parley.core.chunk.Codec;

/** A speaker stream of a room: whose it is and what its frames are. Immutable. */
public final class SpeakerInfo {

    private final int stream;
    private final String participant;
    private final Codec codec;
    private final int frameDurationUs;

    SpeakerInfo(int stream, String participant, Codec codec, int frameDurationUs) {
        this.stream = stream;
        this.participant = participant;
        this.codec = codec;
        this.frameDurationUs = frameDurationUs;
    }

    /** The index within the room's epoch. */
    public int stream() {
        return stream;
    }

    /** Who speaks. */
    public String participant() {
        return participant;
    }

    /** How its frames are coded. */
    public Codec codec() {
        return codec;
    }

    /** How long each of its frames is, in µs. */
    public int frameDurationUs() {
        return frameDurationUs;
    }
}
