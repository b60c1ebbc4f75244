package io.parley.ingest;

import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.core.chunk.Chunk;
import java.util.Base64;
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

/** A chunk's message as the gateway gives it: its JSON read, and with that base64 and chunk decoded and checked. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class ClientMessageBenchmark {

    @Param({"1", "5"})
    public int framesPerChunk;

    private String body;

    @Setup
    public void generate() {
        byte[] chunk = new Traffic(1, 1, 1, framesPerChunk, Delays.NONE, false, 1).generate()[0].chunk();
        body = "{\"action\":\"audio\",\"room\":\"room-0\",\"chunk\":\""
                + Base64.getEncoder().encodeToString(chunk) + "\"}";
    }

    @Benchmark
    public ClientMessage read() {
        ClientMessage message = ClientMessage.read(body);
        message.check();
        return message;
    }

    @Benchmark
    public Chunk readAndParse() {
        ClientMessage message = ClientMessage.read(body);
        message.check();
        return Chunk.parse(Base64.getDecoder().decode(message.requireChunk()));
    }
}
