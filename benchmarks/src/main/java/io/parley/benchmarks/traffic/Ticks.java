package io.parley.benchmarks.traffic;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.room.Room;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** Ticks as a room makes them of {@link Traffic}. */
public final class Ticks {

    private static final int FRAMES_PER_CHUNK = 5;
    private static final int CHUNKS = 4;

    private Ticks() {}

    /** A tick of 100 ms that has five frames of each: the largest one of a short talk. */
    public static Tick full(int speakers) {
        Room room = Room.open("room-0", RoomOptions.defaults(), null, Traffic.START_MS);
        List<RoomOutput> outputs = new ArrayList<>();
        Voice[] voices = new Traffic(1, speakers, CHUNKS, FRAMES_PER_CHUNK, Delays.NONE, false, 1).generate();
        for (Voice voice : voices) {
            room.accept(voice.record(), Chunk.parse(voice.chunk()), voice.deliveredUs(), outputs::add);
        }
        room.onTimer(room.nextTimerMs() * 1000, outputs::add);
        return Collections.max(
                        outputs,
                        Comparator.comparingInt(
                                output -> output.getTick().getFrames().size()))
                .getTick();
    }
}
