package io.parley.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.envelope.Envelope;
import io.parley.core.options.RoomOptions;
import io.parley.core.options.SystemOptions;
import io.parley.core.port.Broadcaster;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.tick.LiveFrames;
import io.parley.core.verify.Finding;
import io.parley.core.verify.RoomVerifier;
import io.parley.core.verify.SegmentKey;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.job.log.MemoryObjectStore;
import io.parley.job.log.PlainDataKeys;
import io.parley.job.source.RejectedRecord;
import io.parley.job.source.ShardRecord;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import org.apache.flink.test.util.MiniClusterWithClientResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The whole graph on a MiniCluster, between a generated stream and ports in memory. */
class VoiceJobITCase {

    private static final int PARALLELISM = 2;
    private static final int ROOMS = 5;
    private static final int RECORDS = 400;
    private static final String UNRECORDED = "room-1";

    // The job's tasks run in this JVM but are deserialized, so they meet the test in statics.
    private static final Queue<Tick> POSTED = new ConcurrentLinkedQueue<>();
    private static final Queue<String> STATUSES = new ConcurrentLinkedQueue<>();
    private static final MemoryObjectStore STORE = new MemoryObjectStore();
    private static final Queue<String> REJECTED = new ConcurrentLinkedQueue<>();
    /** Which record is the first that is spoken; 0 before the rooms' settings have been obeyed. */
    private static volatile long firstSpoken;

    private static final MiniClusterWithClientResource CLUSTER =
            new MiniClusterWithClientResource(new MiniClusterResourceConfiguration.Builder()
                    .setConfiguration(new Configuration())
                    .setNumberTaskManagers(1)
                    .setNumberSlotsPerTaskManager(PARALLELISM)
                    .build());

    @BeforeAll
    static void start() throws Exception {
        CLUSTER.before();
    }

    @AfterAll
    static void stop() {
        CLUSTER.after();
    }

    @Test
    void playsLogsAndReportsEveryFrameOnceInOrderDespitePoison() throws Exception {
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.getExecutionEnvironment();
        JobOptions options = new Settings()
                .with(SystemOptions.ARCHIVE_MODE, "both")
                .with(JobOptions.AUDIO_BUCKET, "bucket")
                .with(JobOptions.AUDIO_KEY_ID, "key")
                .with(JobOptions.PARALLELISM, PARALLELISM)
                .with(JobOptions.CHECKPOINT_INTERVAL, 200)
                .with(RoomOptions.PLAYOUT_DEADLINE, 60_000) // however long a busy machine takes
                .options();
        VoiceJobGraph.configure(environment, options);
        VoiceJobGraph graph =
                VoiceJobGraph.build(source(environment), options, new MemoryPorts(), VoiceJobITCase::nowUs);
        graph.rejected()
                .map(record -> {
                    REJECTED.add(record.reason);
                    return record;
                })
                .returns(RejectedRecord.class)
                .sinkTo(new DiscardingSink<>());
        JobClient job = environment.executeAsync("test");
        List<Integer> expected = IntStream.range(0, RECORDS / ROOMS).boxed().collect(Collectors.toList());
        try {
            await(() -> frames(List.copyOf(POSTED)).values().stream()
                            .mapToInt(List::size)
                            .sum()
                    >= RECORDS);
            await(() -> frames(logged()).values().stream().mapToInt(List::size).sum() >= RECORDS);
            await(() -> STATUSES.size() >= 2 * RECORDS);
            await(() -> !REJECTED.isEmpty());
        } finally {
            job.cancel().get(1, TimeUnit.MINUTES);
        }

        assertThat(frames(List.copyOf(POSTED)))
                .hasSize(ROOMS)
                .allSatisfy((room, sequences) -> assertThat(sequences).as(room).isEqualTo(expected));
        assertThat(frames(logged())).isEqualTo(frames(List.copyOf(POSTED)));
        assertThat(logged())
                .as("of what is said unrecorded the log has digests alone")
                .allSatisfy(tick -> assertThat(tick.getRoom().equals(UNRECORDED) ? tick.getFrames() : tick.getDigests())
                        .isEmpty());
        assertThat(findings(UNRECORDED)).isEmpty();
        assertThat(findings("room-0")).isEmpty();
        assertThat(STATUSES)
                .doesNotHaveDuplicates()
                .hasSize(2 * RECORDS)
                .noneMatch(status -> status.startsWith("FAILED"));
        assertThat(REJECTED).containsOnly("record_malformed");
    }

    /**
     * After a record for each room that says whether it is recorded: rooms in turn, one poison record among ten; and poison
     * for ever once all is said, so that the job goes on.
     */
    private static DataStream<ShardRecord> source(StreamExecutionEnvironment environment) {
        return environment
                .fromSource(
                        new DataGeneratorSource<>(
                                VoiceJobITCase::record,
                                Long.MAX_VALUE,
                                RateLimiterStrategy.perSecond(500),
                                TypeInformation.of(ShardRecord.class)),
                        WatermarkStrategy.noWatermarks(),
                        "voice-stream")
                // Subtasks generate ranges of their own; the numbers below need one after the other.
                .setParallelism(1)
                .uid("voice-stream");
    }

    private static ShardRecord record(long number) {
        if (number < ROOMS) {
            String room = "room-" + number;
            byte[] settings = Records.recording(room, !room.equals(UNRECORDED), 1, nowUs() / 1000)
                    .toByteArray();
            return new ShardRecord(settings, "shard-0", Long.toString(number));
        }
        // Records are spread over the validating subtasks, so one that follows may overtake.
        if (firstSpoken == 0 && POSTED.stream().map(Tick::getRoom).distinct().count() == ROOMS) {
            firstSpoken = number;
        }
        return firstSpoken == 0 ? poison(number) : spoken(number - firstSpoken);
    }

    private static ShardRecord poison(long number) {
        return new ShardRecord(new byte[] {(byte) 0xFF, 0, 1}, "shard-0", Long.toString(number));
    }

    private static ShardRecord spoken(long index) {
        long round = index / 11;
        int number = (int) (10 * round + index % 11);
        if (index % 11 == 10 || number >= RECORDS) {
            return poison(index);
        }
        byte[] bytes = Records.audio("room-" + number % ROOMS, "ann", number / ROOMS, nowUs() / 1000)
                .toByteArray();
        return new ShardRecord(bytes, "shard-0", Long.toString(index));
    }

    private static List<Tick> logged() {
        List<Tick> ticks = new ArrayList<>();
        for (String key : STORE.keys()) {
            try {
                ticks.addAll(TickLogSegment.parseFrom(opened(key)).getTicksList());
            } catch (com.google.protobuf.InvalidProtocolBufferException e) {
                throw new IllegalStateException(e);
            }
        }
        return ticks;
    }

    private static byte[] opened(String key) {
        return Envelope.open(key, STORE.get(key).toCompletableFuture().join(), PlainDataKeys::invert);
    }

    /** What is wrong with the log of a room. */
    private static List<Finding> findings(String room) {
        List<Finding> findings = new ArrayList<>();
        RoomVerifier verifier = new RoomVerifier(room, findings::add);
        STORE.keys().stream()
                .map(key -> SegmentKey.parse(key).orElseThrow())
                .filter(key -> key.room().equals(room))
                .sorted(SegmentKey.IN_ROOM)
                .forEach(key -> verifier.accept(key, opened(key.text())));
        return findings;
    }

    private static Map<String, List<Integer>> frames(List<Tick> ticks) {
        Map<String, List<Integer>> frames = new TreeMap<>();
        for (Tick tick : ticks) {
            LiveFrames.Reader reader = new LiveFrames.Reader(
                    tick.getFrames().concat(tick.getDigests()).toByteArray());
            while (reader.next()) {
                frames.computeIfAbsent(tick.getRoom(), room -> new ArrayList<>())
                        .add(reader.sequence());
            }
        }
        return frames;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(2);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as("gave up waiting").isLessThan(deadline);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static long nowUs() {
        return Clock.systemUTC().millis() * 1_000;
    }

    private static final class MemoryPorts implements JobPorts {
        private static final long serialVersionUID = 1L;

        @Override
        public Broadcaster openBroadcaster() {
            return request -> {
                request.getRoomsList().forEach(room -> POSTED.addAll(room.getTicksList()));
                return CompletableFuture.completedFuture(BroadcastAnswer.getDefaultInstance());
            };
        }

        @Override
        public EventPublisher openEventPublisher() {
            return events -> {
                events.forEach(event -> STATUSES.add(event.status() + " " + event.room() + " " + event.requestId()));
                return CompletableFuture.completedFuture(0);
            };
        }

        @Override
        public ObjectStore openObjectStore() {
            return STORE;
        }

        @Override
        public DataKeys openDataKeys() {
            return new PlainDataKeys();
        }
    }
}
