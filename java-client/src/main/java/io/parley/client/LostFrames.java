package io.parley.client;

/** Consecutive frames of a stream that the server has given up. Immutable. */
public final class LostFrames {

    private final String room;
    private final SpeakerInfo speaker;
    private final long firstSequence;
    private final long count;

    LostFrames(String room, SpeakerInfo speaker, long firstSequence, long count) {
        this.room = room;
        this.speaker = speaker;
        this.firstSequence = firstSequence;
        this.count = count;
    }

    /** The room's id. */
    public String room() {
        return room;
    }

    /** Whose frames, of which stream. */
    public SpeakerInfo speaker() {
        return speaker;
    }

    /** The first missing number, 0 .. 2^32-1; the others follow and may wrap. */
    public long firstSequence() {
        return firstSequence;
    }

    /** How many frames are missing. */
    public long count() {
        return count;
    }
}
