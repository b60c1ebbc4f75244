package io.parley.core.room;

import com.google.protobuf.ByteString;
import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.benchmarks.traffic.Voice;
import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.Tick;
import java.util.ArrayList;
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

/** One tick of 100 ms made of what is ready, a chunk of five frames of each speaker: put in order, copied, hashed. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TickerBenchmark {

    private static final int FRAMES_PER_CHUNK = 5;

    @Param({"1", "4", "16"})
    public int speakers;

    private final PendingTick pending = new PendingTick();
    private final List<ChunkReference> sequenced = new ArrayList<>();
    private final RoomOptions options = RoomOptions.defaults();
    private Voice[] voices;
    private Chunk[] chunks;
    private SpeakerStream[] streams;

    @Setup
    public void generate() {
        voices = new Traffic(1, speakers, 1, FRAMES_PER_CHUNK, Delays.NONE, false, 1).generate();
        chunks = new Chunk[voices.length];
        streams = new SpeakerStream[voices.length];
        for (int i = 0; i < voices.length; i++) {
            chunks[i] = Chunk.parse(voices[i].chunk());
            streams[i] = new NumberedStream(i, "speaker-" + i, "c" + i, 0, chunks[i], null, options);
        }
    }

    @Benchmark
    public Tick tick() {
        for (int i = 0; i < chunks.length; i++) {
            long arrivalMs = voices[i].record().getArrivalTimeMs();
            // A run is used up by its tick.
            pending.add(new Run(
                    streams[i],
                    chunks[i],
                    0,
                    FRAMES_PER_CHUNK,
                    1L << 32,
                    arrivalMs,
                    arrivalMs,
                    arrivalMs * 1_000,
                    Run.Kind.PLAYABLE,
                    null,
                    null));
        }
        pending.beginTaking();
        Tick.Builder tick = Tick.newBuilder()
                .setRoom("room-0")
                .setEpoch(Traffic.START_MS)
                .setTick(7)
                .setPreviousHash(ByteString.EMPTY);
        return pending.take(tick, options.maxTickBytes(), Traffic.START_MS * 1_000, sequenced);
    }
}
