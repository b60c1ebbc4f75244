package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.envelope.Envelope;
import io.parley.core.options.RoomOptions;
import io.parley.core.options.SystemOptions;
import io.parley.core.port.Broadcaster;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.Event;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.TickLogSegment;
import io.parley.core.wire.Tombstone;
import io.parley.job.log.MemoryObjectStore;
import io.parley.job.log.PlainDataKeys;
import io.parley.job.room.Outputs;
import io.parley.job.room.SavepointRooms;
import io.parley.job.source.ShardRecord;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;
import org.apache.flink.test.util.MiniClusterWithClientResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The whole job goes on from the savepoint that its first version wrote, see {@link SavepointRooms}. With
 * {@code -Dsavepoint.write=true} it is written anew before.
 */
class SavepointITCase {

    private static final int SLOTS = 2;
    /** Long enough for a gap to be pending still when the savepoint is made, and to be filled after it. */
    private static final String HOLD_MS = "9000";

    // The job's tasks run in this JVM but are deserialized, so they meet the test in statics.
    private static final BlockingQueue<StreamRecord> RECORDS = new LinkedBlockingQueue<>();
    private static final Queue<RoomOutput> OUTPUTS = new ConcurrentLinkedQueue<>();
    private static final AtomicLong NOW_US = new AtomicLong();
    private static volatile MemoryObjectStore store;

    private static final MiniClusterWithClientResource CLUSTER =
            new MiniClusterWithClientResource(new MiniClusterResourceConfiguration.Builder()
                    .setConfiguration(new Configuration())
                    .setNumberTaskManagers(1)
                    .setNumberSlotsPerTaskManager(SLOTS)
                    .build());

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        CLUSTER.before();
        if (Boolean.getBoolean("savepoint.write")) {
            write(folder);
        }
    }

    @AfterAll
    static void stop() {
        CLUSTER.after();
    }

    @ParameterizedTest
    @CsvSource({"hashmap, 1", "rocksdb, 2"})
    void goesOnFromTheSavepointOfTheFirstVersion(String backend, int parallelism) throws Exception {
        Configuration restore = new Configuration();
        restore.set(StateBackendOptions.STATE_BACKEND, backend);
        restore.set(
                StateRecoveryOptions.SAVEPOINT_PATH,
                SavepointRooms.FOLDER.toAbsolutePath().toString());
        SavepointRooms before = SavepointRooms.read();
        long nowMs = before.waitingSinceMs() + 1_000;
        NOW_US.set(nowMs * 1_000);
        JobClient job = run(restore, parallelism);
        try {
            await(() -> !store.keys().isEmpty());
            // In time for frames behind the gap to be heard, though the test runs long after.
            before.recordsAfter(nowMs).forEach(RECORDS::add);
            await(() -> outputs().room("gap").heard().size() >= 2);
            // Closes the tick with the answer also where this machine's clock is behind the savepoint's.
            NOW_US.addAndGet(500_000);
            RECORDS.add(Records.leave("members", "nobody", 8, nowMs + 500));
            await(() -> !outputs().room("members").posts().isEmpty());
        } finally {
            job.cancel().get(1, TimeUnit.MINUTES);
        }

        before.assertGapIsFilled(outputs().room("gap"));
        before.assertMembersAreKnown(outputs().room("members"));
        assertThat(lastLogged("gap").getHash()).isEqualTo(before.lastTick("gap").getHash());
    }

    private static void write(Path folder) throws Exception {
        NOW_US.set(0);
        JobClient job = run(new Configuration(), SLOTS);
        try {
            RECORDS.addAll(SavepointRooms.recordsBefore(Clock.systemUTC().millis()));
            await(() -> outputs().room("gap").heard().size() == 2);
            await(() -> outputs().room("members").posts().size() == 3);
            await(() -> outputs().room("unnumbered").heard().size() == 1);
            await(() -> outputs().room("expiring").posts().size() == 1);
            await(() -> !outputs().room("ended").events(Event.Kind.CLOSED).isEmpty());
            long waitingSinceMs = Clock.systemUTC().millis();
            RECORDS.addAll(SavepointRooms.recordsThatWait(waitingSinceMs));
            await(RECORDS::isEmpty);
            Path savepoint = Path.of(
                    java.net.URI.create(job.triggerSavepoint(folder.toUri().toString(), SavepointFormatType.CANONICAL)
                            .get(1, TimeUnit.MINUTES)));
            SavepointRooms.write(savepoint, waitingSinceMs, outputs());
        } finally {
            job.cancel().get(1, TimeUnit.MINUTES);
        }
    }

    private static JobClient run(Configuration more, int parallelism) throws Exception {
        RECORDS.clear();
        OUTPUTS.clear();
        store = new MemoryObjectStore();
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment(more);
        JobOptions options = new Settings()
                .with(SystemOptions.ARCHIVE_MODE, "both")
                .with(JobOptions.AUDIO_BUCKET, "bucket")
                .with(JobOptions.AUDIO_KEY_ID, "key")
                .with(JobOptions.PARALLELISM, parallelism)
                // All of the log is in the savepoint itself.
                .with(JobOptions.CHECKPOINT_INTERVAL, 600_000)
                .with(RoomOptions.MAX_HOLD, HOLD_MS)
                .with(RoomOptions.PLAYOUT_DEADLINE, "20000")
                .with(RoomOptions.SPEAKER_TIMEOUT, "1000")
                .options();
        VoiceJobGraph.configure(environment, options);
        VoiceJobGraph.build(source(environment), options, new MemoryPorts(), SavepointITCase::nowUs)
                .outputs()
                .map(output -> {
                    OUTPUTS.add(output);
                    return output;
                })
                .returns(io.parley.job.type.ProtobufTypeInformation.forMessage(RoomOutput.class))
                .uid("seen-by-the-test")
                .sinkTo(new DiscardingSink<>());
        return environment.executeAsync("savepoint");
    }

    @SuppressWarnings("deprecation") // without state, so that the savepoint has none of a source
    private static DataStream<ShardRecord> source(StreamExecutionEnvironment environment) {
        return environment
                .addSource(new QueueSource(), TypeInformation.of(ShardRecord.class))
                .uid("voice-stream");
    }

    private static Outputs outputs() {
        return new Outputs(List.copyOf(OUTPUTS));
    }

    private static Tombstone lastLogged(String room) throws InvalidProtocolBufferException {
        Tombstone.Builder last = Tombstone.newBuilder();
        List<TickLogSegment> segments = new ArrayList<>();
        for (String key : store.keys()) {
            byte[] sealed = store.get(key).toCompletableFuture().join();
            segments.add(TickLogSegment.parseFrom(Envelope.open(key, sealed, PlainDataKeys::invert)));
        }
        segments.stream()
                .filter(segment -> segment.getRoom().equals(room))
                .flatMap(segment -> segment.getTicksList().stream())
                .forEach(tick -> last.setTick(tick.getTick()).setHash(tick.getHash()));
        return last.build();
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("gave up waiting").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** The time that the test has set, or the real one. */
    private static long nowUs() {
        long set = NOW_US.get();
        return set == 0 ? Clock.systemUTC().millis() * 1_000 : set;
    }

    @SuppressWarnings("deprecation") // see source()
    private static final class QueueSource extends RichParallelSourceFunction<ShardRecord> {
        private static final long serialVersionUID = 1L;

        private volatile boolean cancelled;

        @Override
        public void run(SourceContext<ShardRecord> context) throws Exception {
            while (!cancelled) {
                // One subtask alone gives all records, in their order.
                StreamRecord record =
                        getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0 ? RECORDS.peek() : null;
                if (record == null) {
                    LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
                    continue;
                }
                synchronized (context.getCheckpointLock()) {
                    context.collect(new ShardRecord(record.toByteArray(), "shard-0", "0"));
                    RECORDS.remove();
                }
            }
        }

        @Override
        public void cancel() {
            cancelled = true;
        }
    }

    private static final class MemoryPorts implements JobPorts {
        private static final long serialVersionUID = 1L;

        @Override
        public Broadcaster openBroadcaster() {
            return request -> CompletableFuture.completedFuture(BroadcastAnswer.getDefaultInstance());
        }

        @Override
        public EventPublisher openEventPublisher() {
            return events -> CompletableFuture.completedFuture(0);
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
