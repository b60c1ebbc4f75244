package io.parley.benchmarks;

import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.benchmarks.traffic.Voice;
import io.parley.core.record.StreamRecords;
import io.parley.core.wire.StreamRecord;
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

/** A stream record as bytes: written, read, and read with every check that the job makes of it. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class RecordBenchmark {

    @Param({"1", "5"})
    public int framesPerChunk;

    private StreamRecord record;
    private byte[] bytes;

    @Setup
    public void generate() {
        Voice voice = new Traffic(1, 1, 1, framesPerChunk, Delays.NONE, false, 1).generate()[0];
        record = voice.record();
        bytes = record.toByteArray();
    }

    @Benchmark
    public byte[] write() {
        return record.toByteArray();
    }

    @Benchmark
    public StreamRecord read() throws Exception {
        return StreamRecord.parseFrom(bytes);
    }

    @Benchmark
    public StreamRecord readAndCheck() {
        return StreamRecords.parse(bytes);
    }
}
