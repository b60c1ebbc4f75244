package io.parley.core.room;

import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.benchmarks.traffic.Voice;
import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.LogFrame.Disposition;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;

/**
 * The order of one speaker's frames, without room and tick: time for each frame, and with {@code -prof gc} the bytes
 * allocated for it. A gap is given up when it is due, as a tick would do it.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class SequencerBenchmark {

    /** A multiple of the frames of a chunk, and a divisor of {@link #LIFE_FRAMES}. */
    private static final int FRAMES = 500;

    private static final int LIFE_FRAMES = 3_000;

    @Param({"1", "5"})
    public int framesPerChunk;

    @Param({"none", "light"})
    public String disorder;

    private final RoomOptions options = RoomOptions.defaults();
    private Voice[] voices;
    private Chunk[] chunks;
    private StreamOutput out;
    private NumberedStream stream;
    private int at;

    @Setup
    public void generate(Blackhole blackhole) {
        Delays delays = Delays.valueOf(disorder.toUpperCase(Locale.ROOT));
        voices = new Traffic(1, 1, LIFE_FRAMES / framesPerChunk, framesPerChunk, delays, false, 1).generate();
        chunks = new Chunk[voices.length];
        for (int i = 0; i < voices.length; i++) {
            chunks[i] = Chunk.parse(voices[i].chunk());
        }
        out = new StreamOutput() {
            @Override
            public void release(Run run) {
                blackhole.consume(run);
            }

            @Override
            public void lost(SpeakerStream of, long place, long count) {
                blackhole.consume(place);
            }

            @Override
            public void logOnly(SpeakerStream of, Chunk chunk, int frame, Disposition disposition) {
                blackhole.consume(frame);
            }
        };
        at = 0;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void frame() {
        for (int i = 0; i < FRAMES / framesPerChunk; i++) {
            if (at == 0) {
                stream = new NumberedStream(0, "ann", "c1=", 0, chunks[0], null, options);
            }
            long nowMs = voices[at].deliveredUs() / 1_000;
            stream.giveUpDue(nowMs, out);
            stream.accept(chunks[at], voices[at].record().getArrivalTimeMs(), nowMs, null, true, null, null, out);
            at = at + 1 == chunks.length ? 0 : at + 1;
        }
    }
}
