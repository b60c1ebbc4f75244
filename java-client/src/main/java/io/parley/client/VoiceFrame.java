package io.parley.client;

import io.parley.core.chunk.Codec;

/** One codec frame of one speaker. Immutable but for the payload, which belongs to whoever gets the frame. */
public final class VoiceFrame {

    private final String room;
    private final SpeakerInfo speaker;
    private final long sequence;
    private final int level;
    private final byte[] payload;
    private final long epoch;
    private final long tick;

    VoiceFrame(String room, SpeakerInfo speaker, long sequence, int level, byte[] payload, long epoch, long tick) {
        this.room = room;
        this.speaker = speaker;
        this.sequence = sequence;
        this.level = level;
        this.payload = payload;
        this.epoch = epoch;
        this.tick = tick;
    }

    /** The room's id. */
    public String room() {
        return room;
    }

    /** Who spoke. */
    public String participant() {
        return speaker.participant();
    }

    /** The speaker stream's index, unique within the epoch. A participant with two connections has two. */
    public int stream() {
        return speaker.stream();
    }

    /** How the payload is coded. */
    public Codec codec() {
        return speaker.codec();
    }

    /** How long it is, in µs. */
    public int frameDurationUs() {
        return speaker.frameDurationUs();
    }

    /** The frame's number in its stream, 0 .. 2^32-1; wraps. */
    public long sequence() {
        return sequence;
    }

    /** In -dBov: 0 is the loudest, 127 silence. */
    public int level() {
        return level;
    }

    /** An Opus packet or PCM, exactly as it was sent. */
    public byte[] payload() {
        return payload;
    }

    /** The epoch of its tick. */
    public long epoch() {
        return epoch;
    }

    /** The number of its tick within the epoch. */
    public long tick() {
        return tick;
    }
}
