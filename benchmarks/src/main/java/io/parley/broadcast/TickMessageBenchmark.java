package io.parley.broadcast;

import io.parley.benchmarks.traffic.Ticks;
import io.parley.core.wire.Tick;
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

/** The message of one tick of 100 ms, five frames of each speaker, as all listeners of the room get it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class TickMessageBenchmark {

    @Param({"1", "4", "16"})
    public int speakers;

    private final TickMessage message = new TickMessage();
    private List<Tick> ticks;

    @Setup
    public void generate() {
        ticks = List.of(Ticks.full(speakers));
    }

    @Benchmark
    public List<byte[]> write() {
        return message.write("room-0", ticks, 0, 0);
    }
}
