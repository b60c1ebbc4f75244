package io.parley.benchmarks;

import com.google.protobuf.ByteString;
import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.benchmarks.traffic.Voice;
import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.room.Room;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** The hash of one tick of 100 ms: SHA-256 of each frame, of the tick, and of both in the chain. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TickHashBenchmark {

    private static final int FRAMES_PER_CHUNK = 5;
    private static final int CHUNKS = 4;

    @Param({"1", "4", "16"})
    public int speakers;

    private final TickHash hasher = new TickHash();
    private Tick tick;

    /** Takes the largest tick of a short talk: there everybody's frames are in. */
    @Setup
    public void generate() {
        Room room = Room.open("room-0", RoomOptions.defaults(), null, Traffic.START_MS);
        List<RoomOutput> outputs = new ArrayList<>();
        Voice[] voices = new Traffic(1, speakers, CHUNKS, FRAMES_PER_CHUNK, Delays.NONE, false, 1).generate();
        for (Voice voice : voices) {
            room.accept(voice.record(), Chunk.parse(voice.chunk()), voice.deliveredUs(), outputs::add);
        }
        room.onTimer(room.nextTimerMs() * 1000, outputs::add);
        tick = Collections.max(
                        outputs,
                        Comparator.comparingInt(
                                output -> output.getTick().getFrames().size()))
                .getTick();
    }

    @Benchmark
    public ByteString hash() {
        return hasher.hash(tick);
    }
}
