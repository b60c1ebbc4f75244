package io.parley.benchmarks;

import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.benchmarks.traffic.Voice;
import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.room.Room;
import io.parley.core.wire.RoomOutput;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
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
 * One room, its ticks included: time for each frame, and with {@code -prof gc} the bytes allocated for it.
 *
 * <p>The room lives through forty seconds of speech by the records' own clock, woken when it asks for it, as the
 * operator would do; then a new one takes its place. Chunks are parsed beforehand ({@link ChunkBenchmark} has that).
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RoomBenchmark {

    /** A multiple of every product of speakers and frames in a chunk, and a divisor of {@link #LIFE_FRAMES}. */
    private static final int FRAMES = 400;
    /** Frames of each speaker in a room's life. */
    private static final int LIFE_FRAMES = 2_000;

    @Param({"1", "4", "16"})
    public int speakers;

    @Param({"1", "5"})
    public int framesPerChunk;

    @Param({"none", "light"})
    public String disorder;

    private Voice[] voices;
    private Chunk[] chunks;
    private Consumer<RoomOutput> out;
    private Room room;
    private int at;

    @Setup
    public void generate(Blackhole blackhole) {
        Delays delays = Delays.valueOf(disorder.toUpperCase(Locale.ROOT));
        voices = new Traffic(1, speakers, LIFE_FRAMES / framesPerChunk, framesPerChunk, delays, false, 1).generate();
        chunks = new Chunk[voices.length];
        for (int i = 0; i < voices.length; i++) {
            chunks[i] = Chunk.parse(voices[i].chunk());
        }
        out = blackhole::consume;
        at = 0;
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void frame() {
        for (int i = 0; i < FRAMES / framesPerChunk; i++) {
            if (at == 0) {
                room = Room.open("room-0", RoomOptions.defaults(), null, Traffic.START_MS);
            }
            Voice voice = voices[at];
            long nowUs = voice.deliveredUs();
            for (long timerUs = timerUs(); timerUs <= nowUs; timerUs = timerUs()) {
                room.onTimer(timerUs, out);
            }
            room.accept(voice.record(), chunks[at], nowUs, out);
            at = at + 1 == voices.length ? 0 : at + 1;
        }
    }

    private long timerUs() {
        long timerMs = room.nextTimerMs();
        return timerMs == Long.MAX_VALUE ? timerMs : timerMs * 1000;
    }
}
