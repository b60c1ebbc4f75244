package io.parley.client;

import java.util.List;

/** A tick that was played. Immutable. */
public final class VoiceTick {

    private final String room;
    private final long epoch;
    private final long tick;
    private final byte[] hash;
    private final long receivedUs;
    private final List<HopTimes> traces;

    VoiceTick(String room, long epoch, long tick, byte[] hash, long receivedUs, List<HopTimes> traces) {
        this.room = room;
        this.epoch = epoch;
        this.tick = tick;
        this.hash = hash;
        this.receivedUs = receivedUs;
        this.traces = List.copyOf(traces);
    }

    /** The room's id. */
    public String room() {
        return room;
    }

    /** The epoch that it is of. */
    public long epoch() {
        return epoch;
    }

    /** Its number within the epoch. */
    public long tick() {
        return tick;
    }

    /** The room's hash chain up to this tick, 32 bytes. A copy. */
    public byte[] hash() {
        return hash.clone();
    }

    /** When its message came in, in µs since the epoch by the client's clock. */
    public long receivedUs() {
        return receivedUs;
    }

    /** The hop times of the chunks that asked for them and whose first frame is in this tick. */
    public List<HopTimes> traces() {
        return traces;
    }
}
