package io.parley.job.room;

import com.google.protobuf.ByteString;
import io.parley.core.room.Room;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Tombstone;
import org.apache.flink.runtime.state.heap.AbstractHeapPriorityQueueElement;

/** A room on the heap, with what the operator knows of it beside the room itself. */
final class HotRoom extends AbstractHeapPriorityQueueElement {

    static final long NONE = Long.MAX_VALUE;

    final String id;
    Room room;
    /** Whether keyed state holds this room, in whatever version. */
    boolean stored;
    /** Whether it has changed since keyed state was written. */
    boolean dirty;
    /** When it is woken; {@link #NONE} if it is not. Kept by {@link RoomTimers}. */
    long wakeMs = NONE;
    /** When the timer stands that Flink keeps for it through a restore; {@link #NONE} if none does. */
    long timerMs = NONE;
    /** Whether a record without backlog has come since the operator started. */
    boolean caughtUp;

    long lastEventMs;

    private long lastEpoch;
    private long lastTick;
    /** Null if the room has emitted no tick in this run. */
    private ByteString lastHash;

    HotRoom(String id, Room room, boolean stored, long nowMs) {
        this.id = id;
        this.room = room;
        this.stored = stored;
        this.lastEventMs = nowMs;
    }

    /** Remembers where the room is, for when it fails. */
    void lastTick(Tick tick) {
        lastEpoch = tick.getEpoch();
        lastTick = tick.getTick();
        lastHash = tick.getHash();
    }

    /** Where the room ends if nothing follows; null if it has emitted no tick in this run. */
    Tombstone end() {
        return lastHash == null
                ? null
                : Tombstone.newBuilder()
                        .setEpoch(lastEpoch)
                        .setTick(lastTick)
                        .setHash(lastHash)
                        .build();
    }
}
