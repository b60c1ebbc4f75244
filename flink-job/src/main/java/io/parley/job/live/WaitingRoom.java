package io.parley.job.live;

import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** What one room has for its listeners while its lane's call is in flight. Guarded by its lane. */
final class WaitingRoom {

    /** One tick, stripped of what listeners are not told, with the chunks that begin in it. */
    static final class WaitingTick {
        final Tick tick;
        /** Encoded, as the room closed it: what it counts for while it waits. */
        final int bytes;

        final List<ChunkReference> chunks;

        private WaitingTick(Tick tick, int bytes, List<ChunkReference> chunks) {
            this.tick = tick;
            this.bytes = bytes;
            this.chunks = chunks;
        }
    }

    private final String room;
    private final ArrayDeque<WaitingTick> ticks = new ArrayDeque<>();
    private final List<DirectPost> posts = new ArrayList<>();
    private final List<Disconnect> disconnects = new ArrayList<>();

    WaitingRoom(String room) {
        this.room = room;
    }

    String room() {
        return room;
    }

    ArrayDeque<WaitingTick> ticks() {
        return ticks;
    }

    List<DirectPost> posts() {
        return posts;
    }

    List<Disconnect> disconnects() {
        return disconnects;
    }

    void add(RoomOutput output) {
        if (output.hasTick()) {
            Tick tick = output.getTick();
            ticks.add(new WaitingTick(
                    tick.hasLogOnly() ? tick.toBuilder().clearLogOnly().build() : tick,
                    tick.getSerializedSize(),
                    output.getSequencedList()));
        }
        posts.addAll(output.getPostsList());
        disconnects.addAll(output.getDisconnectsList());
    }
}
