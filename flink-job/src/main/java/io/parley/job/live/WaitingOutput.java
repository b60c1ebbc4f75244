package io.parley.job.live;

import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import java.util.List;

/** What has left a room and waits for its lane's next call; nothing of it is for the log only. Guarded by its lane. */
final class WaitingOutput {

    private final String room;
    private final int tickBytes;
    private final List<ChunkReference> chunks;
    private final List<Disconnect> disconnects;
    private Tick tick;
    private List<DirectPost> posts;

    WaitingOutput(RoomOutput output) {
        room = output.getRoom();
        chunks = output.getSequencedList();
        disconnects = output.getDisconnectsList();
        posts = output.getPostsList();
        if (output.hasTick()) {
            Tick closed = output.getTick();
            tick = closed.hasLogOnly() || output.getSeedSpeakersCount() > 0
                    ? closed.toBuilder()
                            .clearLogOnly()
                            .addAllSeedSpeakers(output.getSeedSpeakersList())
                            .build()
                    : closed;
            tickBytes = closed.getSerializedSize();
        } else {
            tickBytes = 0;
        }
    }

    String room() {
        return room;
    }

    /** Null where there is none, or none any more. */
    Tick tick() {
        return tick;
    }

    /** Of the tick as the room closed it, encoded: what it counts for while it waits. */
    int tickBytes() {
        return tickBytes;
    }

    /** Those that begin in the tick. */
    List<ChunkReference> chunks() {
        return chunks;
    }

    List<DirectPost> posts() {
        return posts;
    }

    List<Disconnect> disconnects() {
        return disconnects;
    }

    void dropTick() {
        tick = null;
    }

    void dropFirstPosts(int count) {
        posts = posts.subList(count, posts.size());
    }

    boolean isEmpty() {
        return tick == null && posts.isEmpty() && disconnects.isEmpty();
    }
}
