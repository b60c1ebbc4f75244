package io.parley.benchmarks;

import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import java.util.Arrays;
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

/** Parsing and checking one chunk of Opus, and writing it as a client does. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ChunkBenchmark {

    @Param({"1", "5"})
    public int framesPerChunk;

    private byte[] bytes;
    private byte[][] payloads;

    @Setup
    public void generate() {
        bytes = new Traffic(1, 1, 1, framesPerChunk, Delays.NONE, false, 1).generate()[0].chunk();
        Chunk chunk = Chunk.parse(bytes);
        payloads = new byte[chunk.frameCount()][];
        for (int i = 0; i < payloads.length; i++) {
            int offset = chunk.payloadOffset(i);
            payloads[i] = Arrays.copyOfRange(bytes, offset, offset + chunk.payloadLength(i));
        }
    }

    @Benchmark
    public Chunk parse() {
        return Chunk.parse(bytes);
    }

    @Benchmark
    public byte[] build() {
        ChunkBuilder chunk = new ChunkBuilder(Codec.OPUS, Traffic.FRAME_US, 7, 0, Traffic.START_MS);
        for (byte[] payload : payloads) {
            chunk.frame(20, payload);
        }
        return chunk.build();
    }
}
