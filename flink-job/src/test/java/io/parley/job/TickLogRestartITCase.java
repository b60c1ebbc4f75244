package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.envelope.Envelope;
import io.parley.core.options.SystemOptions;
import io.parley.core.port.Broadcaster;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.job.log.MemoryObjectStore;
import io.parley.job.log.PlainDataKeys;
import io.parley.job.log.TickLogOperator;
import io.parley.job.type.ProtobufTypeInformation;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.util.MiniClusterWithClientResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The tick log on a MiniCluster whose job goes down while the store is away: no tick is missing, none is there twice. */
class TickLogRestartITCase {

    // The job's tasks run in this JVM but are deserialized, so they meet the test in statics.
    private static MemoryObjectStore store;
    private static final AtomicInteger RUNS = new AtomicInteger();
    private static final AtomicBoolean FAIL = new AtomicBoolean();

    private static final MiniClusterWithClientResource CLUSTER =
            new MiniClusterWithClientResource(new MiniClusterResourceConfiguration.Builder()
                    .setConfiguration(new Configuration())
                    .setNumberTaskManagers(1)
                    .setNumberSlotsPerTaskManager(2)
                    .build());

    @BeforeAll
    static void startCluster() throws Exception {
        CLUSTER.before();
    }

    @AfterAll
    static void stopCluster() {
        CLUSTER.after();
    }

    @BeforeEach
    void start() {
        store = new MemoryObjectStore();
        RUNS.set(0);
        FAIL.set(false);
    }

    @Test
    void isWholeAfterTheJobFailedWhileTheStoreWasAway() throws Exception {
        JobClient job = run(Long.MAX_VALUE, 1, null);
        try {
            await("the log is written", () -> !store.keys().isEmpty());
            awaitRefusal();
            int before = ticks().size();
            FAIL.set(true);
            await("the job runs again", () -> RUNS.get() == 2);
            assertThat(ticks()).as("the store is still away").hasSize(before);
            awaitRefusal();
            store.setAway(false);
            await("the log is whole and goes on", () -> ticks().size() > before + 500 && isWhole(ticks()));
        } finally {
            job.cancel().get(1, TimeUnit.MINUTES);
        }
    }

    @ParameterizedTest(name = "drained: {0}")
    @ValueSource(booleans = {false, true})
    void isWholeAfterTheJobWasMovedToMoreSubtasksWhileTheStoreWasAway(boolean drain, @TempDir Path savepoints)
            throws Exception {
        JobClient first = run(Long.MAX_VALUE, 1, null);
        await("the log is written", () -> !store.keys().isEmpty());
        awaitRefusal();
        String savepoint = first.stopWithSavepoint(drain, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get(1, TimeUnit.MINUTES);
        int before = ticks().size();
        JobClient second = run(Long.MAX_VALUE, 2, savepoint);
        try {
            await("the job runs again", () -> RUNS.get() == 3);
            store.setAway(false);
            await("the log is whole and goes on", () -> ticks().size() > before + 500 && isWhole(ticks()));
        } finally {
            second.cancel().get(1, TimeUnit.MINUTES);
        }
    }

    @Test
    void isWholeWhenABoundedInputHasEnded() throws Exception {
        run(250, 1, null).getJobExecutionResult().get(1, TimeUnit.MINUTES);

        assertThat(ticks()).isEqualTo(LongStream.range(0, 250).boxed().collect(Collectors.toList()));
    }

    /** The log may lack what came last, but nothing before it, and has nothing twice. */
    private static boolean isWhole(List<Long> ticks) {
        return ticks.equals(LongStream.range(0, ticks.size()).boxed().collect(Collectors.toList()));
    }

    /** Switches the store off and waits until a segment whose checkpoint is complete has been refused. */
    private static void awaitRefusal() {
        store.setAway(true);
        int puts = store.puts();
        await("a segment is refused", () -> store.puts() > puts);
    }

    private static JobClient run(long ticks, int parallelism, String savepoint) throws Exception {
        Configuration configuration = new Configuration();
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(configuration);
        JobOptions options = new Settings()
                .with(SystemOptions.ARCHIVE_MODE, "segment")
                .with(JobOptions.AUDIO_BUCKET, "bucket")
                .with(JobOptions.AUDIO_KEY_ID, "key")
                .with(JobOptions.PARALLELISM, parallelism)
                .with(JobOptions.CHECKPOINT_INTERVAL, 100)
                .with(JobOptions.END_WAIT, 1_000)
                .options();
        VoiceJobGraph.configure(environment, options);
        environment
                .fromSource(
                        new DataGeneratorSource<>(
                                index -> index, ticks, RateLimiterStrategy.perSecond(500), Types.LONG),
                        WatermarkStrategy.noWatermarks(),
                        "numbers")
                .setParallelism(1)
                .uid("numbers")
                .map(new TickOrFail())
                .returns(ProtobufTypeInformation.forMessage(Tick.class))
                .uid("ticks")
                .transform(
                        "tick-log",
                        Types.VOID,
                        new TickLogOperator(options, new MemoryPorts(), TickLogRestartITCase::nowUs))
                .uid("tick-log");
        return environment.executeAsync("tick-log");
    }

    private static List<Long> ticks() {
        List<Long> ticks = new ArrayList<>();
        for (String key : store.keys()) {
            try {
                byte[] sealed = store.get(key).toCompletableFuture().join();
                TickLogSegment.parseFrom(Envelope.open(key, sealed, PlainDataKeys::invert))
                        .getTicksList()
                        .forEach(tick -> ticks.add(tick.getTick()));
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
        ticks.sort(null);
        return ticks;
    }

    private static void await(String what, BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("gave up waiting: " + what).isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static long nowUs() {
        return Clock.systemUTC().millis() * 1_000;
    }

    /** A tick of that number, unless the job is to go down. */
    private static final class TickOrFail extends RichMapFunction<Long, Tick> {
        private static final long serialVersionUID = 1L;

        @Override
        public void open(OpenContext context) {
            RUNS.incrementAndGet();
        }

        @Override
        public Tick map(Long number) {
            if (FAIL.compareAndSet(true, false)) {
                throw new IllegalStateException("the test lets the job fail");
            }
            return Tick.newBuilder()
                    .setVersion(1)
                    .setRoom("room")
                    .setEpoch(1)
                    .setTick(number)
                    .setCloseTimeMs(1_790_000_000_000L)
                    .build();
        }
    }

    private static final class MemoryPorts implements JobPorts {
        private static final long serialVersionUID = 1L;

        @Override
        public Broadcaster openBroadcaster() {
            throw new UnsupportedOperationException("there is no live sink");
        }

        @Override
        public EventPublisher openEventPublisher() {
            throw new UnsupportedOperationException("there is no live sink");
        }

        @Override
        public ObjectStore openObjectStore() {
            return store;
        }

        @Override
        public DataKeys openDataKeys() {
            return new PlainDataKeys();
        }
    }
}
