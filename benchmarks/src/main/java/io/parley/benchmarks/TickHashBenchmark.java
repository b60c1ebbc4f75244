package io.parley.benchmarks;

import com.google.protobuf.ByteString;
import io.parley.benchmarks.traffic.Ticks;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Tick;
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

    @Param({"1", "4", "16"})
    public int speakers;

    private final TickHash hasher = new TickHash();
    private Tick tick;

    @Setup
    public void generate() {
        tick = Ticks.full(speakers);
    }

    @Benchmark
    public ByteString hash() {
        return hasher.hash(tick);
    }
}
