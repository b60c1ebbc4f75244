package io.parley.benchmarks;

import io.parley.core.envelope.Envelope;
import io.parley.core.port.DataKeys.DataKey;
import java.security.SecureRandom;
import java.util.Random;
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

/** What lies in S3: derives the object's key and seals with AES-256-GCM, and opens it again. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(2)
@Warmup(iterations = 5, time = 1)
@Measurement(iterations = 5, time = 1)
public class EnvelopeBenchmark {

    private static final String OBJECT_KEY = "room-0/object";

    /** A chunk of five frames, and a large segment. */
    @Param({"400", "262144"})
    public int bytes;

    private final SecureRandom random = new SecureRandom();
    private byte[] plaintext;
    private byte[] sealed;
    private DataKey dataKey;

    @Setup
    public void generate() {
        Random seeded = new Random(1);
        plaintext = new byte[bytes];
        seeded.nextBytes(plaintext);
        byte[] key = new byte[32];
        seeded.nextBytes(key);
        byte[] wrapped = new byte[184];
        seeded.nextBytes(wrapped);
        dataKey = new DataKey(key, wrapped);
        sealed = seal();
    }

    @Benchmark
    public byte[] seal() {
        return Envelope.seal(Envelope.Purpose.CHUNK, "room-0", OBJECT_KEY, dataKey, random, plaintext);
    }

    @Benchmark
    public byte[] open() {
        return Envelope.open(OBJECT_KEY, sealed, wrapped -> dataKey.plaintext());
    }
}
