package io.parley.local.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.port.Broadcaster;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.Event;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.job.JobOptions;
import io.parley.job.JobPorts;
import io.parley.job.VoiceJobGraph;
import io.parley.job.source.KinesisSourceFactory;
import io.parley.local.contract.Endpoint;
import io.parley.local.kinesis.KinesisEndpoint;
import io.parley.local.kinesis.KinesisOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** The job reads the local Kinesis, is stopped with a savepoint, and goes on from there. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class VoiceJobRestoreITCase {

    private static final String STREAM = "voice";
    private static final List<String> ROOMS = List.of("a", "b", "c");
    private static final byte OPUS_20_MS = 0x48;

    // The job's tasks are deserialized, so they meet the test in a static.
    private static final Queue<Tick> POSTED = new ConcurrentLinkedQueue<>();

    private Endpoint endpoint;
    private KinesisClient kinesis;

    @BeforeEach
    void start() {
        POSTED.clear();
        endpoint = Endpoint.local(vertx -> {
            KinesisEndpoint service = new KinesisEndpoint(
                    vertx,
                    Clock.systemUTC(),
                    KinesisOptions.likeAws("eu-central-1", "123456789012").withReadsPerSecond(100));
            service.createStream(STREAM, 2);
            return List.of(service);
        });
        kinesis = endpoint.client(KinesisClient.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterEach
    void stop() {
        kinesis.close();
        endpoint.close();
    }

    /** Takes half a minute, for which the connector waits for its fan-out subscriptions when it is stopped. */
    @Test
    void goesOnInANewEpochThatNamesTheOldOne(@TempDir Path savepoints) throws Exception {
        JobClient first = run(null);
        say(0, 20);
        await(() -> frames() == 20 * ROOMS.size());
        String savepoint = first.stopWithSavepoint(false, savepoints.toUri().toString(), SavepointFormatType.CANONICAL)
                .get(1, TimeUnit.MINUTES);
        List<Tick> before = List.copyOf(POSTED);

        JobClient second = run(savepoint);
        say(20, 40);
        try {
            await(() -> frames() == 40 * ROOMS.size());
        } finally {
            second.cancel().get(1, TimeUnit.MINUTES);
        }

        List<Integer> all = IntStream.range(0, 40).boxed().collect(Collectors.toList());
        assertThat(sequences())
                .hasSize(ROOMS.size())
                .allSatisfy((room, heard) -> assertThat(heard).as(room).isEqualTo(all));
        for (String room : ROOMS) {
            Tick last = last(before, room);
            Tick opening = POSTED.stream()
                    .filter(tick -> tick.getRoom().equals(room) && tick.getEpoch() > last.getEpoch())
                    .findFirst()
                    .orElseThrow();
            assertThat(opening.getTick()).isZero();
            Event opened = opening.getEvents(0);
            assertThat(opened.getKind()).isEqualTo(Event.Kind.OPENED);
            assertThat(opened.getTombstoneEpoch()).isEqualTo(last.getEpoch());
            assertThat(opened.getTombstoneHash()).isEqualTo(last.getHash());
        }
    }

    private JobClient run(String savepoint) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_PORT, "0");
        if (savepoint != null) {
            configuration.set(StateRecoveryOptions.SAVEPOINT_PATH, savepoint);
        }
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        JobOptions options = options();
        VoiceJobGraph.configure(environment, options);
        VoiceJobGraph.build(
                KinesisSourceFactory.create(environment, options),
                options,
                new MemoryPorts(),
                VoiceJobRestoreITCase::nowUs);
        return environment.executeAsync("restore");
    }

    private JobOptions options() {
        Map<String, Properties> groups = new HashMap<>();
        set(groups, "parley.source", JobOptions.STREAM_NAME.key(), STREAM);
        set(groups, "parley.source", JobOptions.STREAM_READER.key(), "efo");
        set(groups, "parley.source", JobOptions.INITIAL_POSITION.key(), "trim-horizon");
        set(groups, "parley.aws", JobOptions.AWS_REGION.key(), "eu-central-1");
        set(groups, "parley.aws", JobOptions.AWS_ENDPOINT.key(), endpoint.uri().toString());
        set(groups, "parley.aws", JobOptions.ACCESS_KEY_ID.key(), "local");
        set(groups, "parley.aws", JobOptions.SECRET_ACCESS_KEY.key(), "local");
        set(groups, "parley.broadcast", JobOptions.BROADCAST_FUNCTION.key(), "broadcast");
        set(groups, "parley.events", "EVENT_BUS_NAME", "bus");
        set(groups, "parley.job", JobOptions.CHECKPOINT_INTERVAL.key(), "200");
        // The first records wait for the job to start; they are to be heard all the same.
        set(groups, "parley.rooms", "room.playout-deadline-ms", "60000");
        return JobOptions.of(groups);
    }

    private static void set(Map<String, Properties> groups, String group, String key, String value) {
        groups.computeIfAbsent(group, name -> new Properties()).setProperty(key, value);
    }

    private void say(int from, int to) {
        for (int sequence = from; sequence < to; sequence++) {
            for (String room : ROOMS) {
                byte[] chunk = new ChunkBuilder(Codec.OPUS, 20_000, sequence, sequence, nowUs() / 1_000)
                        .frame(30, new byte[] {OPUS_20_MS, (byte) sequence})
                        .build();
                byte[] record = StreamRecord.newBuilder()
                        .setVersion(1)
                        .setKind(StreamRecord.Kind.AUDIO)
                        .setRoom(room)
                        .setParticipant("ann")
                        .setConnection("connection")
                        .setArrivalTimeMs(nowUs() / 1_000)
                        .setPermissions(Permissions.newBuilder().setSpeak(true))
                        .setControlVersion(1)
                        .setChunk(ByteString.copyFrom(chunk))
                        .build()
                        .toByteArray();
                kinesis.putRecord(
                        request -> request.streamName(STREAM).partitionKey(room).data(SdkBytes.fromByteArray(record)));
            }
        }
    }

    private static int frames() {
        return sequences().values().stream().mapToInt(List::size).sum();
    }

    private static Map<String, List<Integer>> sequences() {
        Map<String, List<Integer>> heard = new TreeMap<>();
        for (Tick tick : POSTED) {
            LiveFrames.Reader reader = new LiveFrames.Reader(tick.getFrames().toByteArray());
            while (reader.next()) {
                heard.computeIfAbsent(tick.getRoom(), room -> new ArrayList<>()).add(reader.sequence());
            }
        }
        return heard;
    }

    private static Tick last(List<Tick> ticks, String room) {
        Tick last = null;
        for (Tick tick : ticks) {
            last = tick.getRoom().equals(room) ? tick : last;
        }
        return last;
    }

    private static void await(BooleanSupplier condition) {
        long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime())
                    .as("gave up waiting for frames, have " + frames())
                    .isLessThan(deadline);
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
            return events -> CompletableFuture.completedFuture(0);
        }

        @Override
        public ObjectStore openObjectStore() {
            throw new UnsupportedOperationException("segments are not kept");
        }

        @Override
        public DataKeys openDataKeys() {
            throw new UnsupportedOperationException("segments are not kept");
        }
    }
}
