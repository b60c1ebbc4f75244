package io.parley.local.kinesis;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.flink.api.common.serialization.SimpleStringSchema;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.connectors.kinesis.FlinkKinesisConsumer;
import org.apache.flink.streaming.connectors.kinesis.config.AWSConfigConstants;
import org.apache.flink.streaming.connectors.kinesis.config.ConsumerConfigConstants;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.kinesis.KinesisClient;

/** Flink's own consumer reads the local Kinesis: with the SDK v1 that it polls with, and with its fan-out over h2c. */
@Timeout(value = 2, unit = TimeUnit.MINUTES)
class KinesisConsumerITCase {

    private static final String STREAM = "voice";
    private static final List<String> ROOMS = List.of("a", "b");

    private final Set<String> operations = ConcurrentHashMap.newKeySet();
    private Endpoint endpoint;
    private KinesisClient kinesis;

    @BeforeEach
    void start() {
        endpoint = Endpoint.local(vertx -> {
            KinesisEndpoint service = new KinesisEndpoint(
                    vertx,
                    Clock.systemUTC(),
                    KinesisOptions.likeAws("eu-central-1", "123456789012").withReadsPerSecond(100));
            service.createStream(STREAM, 2);
            return List.of(listening(service));
        });
        kinesis = endpoint.client(KinesisClient.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterEach
    void stop() {
        kinesis.close();
        endpoint.close();
    }

    @Test
    void readsBothShardsInOrderByPolling() throws Exception {
        Properties properties = properties(ConsumerConfigConstants.RecordPublisherType.POLLING);
        properties.put(ConsumerConfigConstants.SHARD_GETRECORDS_INTERVAL_MILLIS, "20");

        readsBothShardsInOrder(properties);
        assertThat(operations).contains("GetRecords").doesNotContain("SubscribeToShard");
    }

    @Test
    void readsBothShardsInOrderByEnhancedFanOut() throws Exception {
        Properties properties = properties(ConsumerConfigConstants.RecordPublisherType.EFO);
        properties.put(ConsumerConfigConstants.EFO_CONSUMER_NAME, "job");

        readsBothShardsInOrder(properties);
        assertThat(operations)
                .contains("RegisterStreamConsumer", "SubscribeToShard")
                .doesNotContain("GetRecords");
    }

    /** Some records before the job runs and some while it does. 'a' goes to the first shard, 'b' to the second. */
    @SuppressWarnings("deprecation") // The connector's only source with enhanced fan-out is an old-style one.
    private void readsBothShardsInOrder(Properties properties) throws Exception {
        put(0, 50);
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_PORT, "0");
        StreamExecutionEnvironment environment = StreamExecutionEnvironment.createLocalEnvironment(2, configuration);
        environment.enableCheckpointing(200);
        FlinkKinesisConsumer<String> source =
                new FlinkKinesisConsumer<>(STREAM, new SimpleStringSchema(StandardCharsets.UTF_8), properties);
        Map<String, List<String>> seen = new HashMap<>();
        try (CloseableIterator<String> records = environment.addSource(source).executeAndCollect()) {
            take(records, 50 * ROOMS.size(), seen);
            put(50, 100);
            take(records, 50 * ROOMS.size(), seen);
        }

        for (String room : ROOMS) {
            assertThat(seen.get(room))
                    .isEqualTo(IntStream.range(0, 100)
                            .mapToObj(index -> room + " " + index)
                            .toList());
        }
    }

    /** Notes which operations were asked for, to know which way the records came. */
    private EdgeService listening(KinesisEndpoint service) {
        return new EdgeService() {
            @Override
            public String signingName() {
                return service.signingName();
            }

            @Override
            public void handle(EdgeRequest request) {
                operations.add(request.operation());
                service.handle(request);
            }
        };
    }

    private static void take(CloseableIterator<String> records, int count, Map<String, List<String>> seen) {
        for (int taken = 0; taken < count; taken++) {
            String record = records.next();
            seen.computeIfAbsent(record.substring(0, 1), room -> new ArrayList<>())
                    .add(record);
        }
    }

    private void put(int from, int to) {
        for (int index = from; index < to; index++) {
            for (String room : ROOMS) {
                String text = room + " " + index;
                kinesis.putRecord(
                        request -> request.streamName(STREAM).partitionKey(room).data(SdkBytes.fromUtf8String(text)));
            }
        }
    }

    private Properties properties(ConsumerConfigConstants.RecordPublisherType publisher) {
        Properties properties = new Properties();
        properties.put(AWSConfigConstants.AWS_REGION, "eu-central-1");
        properties.put(AWSConfigConstants.AWS_ENDPOINT, endpoint.uri().toString());
        properties.put(AWSConfigConstants.AWS_CREDENTIALS_PROVIDER, "BASIC");
        properties.put(AWSConfigConstants.AWS_ACCESS_KEY_ID, "local");
        properties.put(AWSConfigConstants.AWS_SECRET_ACCESS_KEY, "local");
        properties.put(ConsumerConfigConstants.STREAM_INITIAL_POSITION, "TRIM_HORIZON");
        properties.put(ConsumerConfigConstants.RECORD_PUBLISHER_TYPE, publisher.name());
        return properties;
    }
}
