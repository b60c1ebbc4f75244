package io.parley.local.meter;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import io.parley.local.events.EventBridgeEndpoint;
import io.parley.local.events.EventBuses;
import io.parley.local.events.EventLog;
import io.parley.local.gateway.GatewayOptions;
import io.parley.local.gateway.WebSocketGateway;
import io.parley.local.kinesis.KinesisEndpoint;
import io.parley.local.kinesis.KinesisOptions;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.s3.S3Service;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Whatever is called through the edge port is counted in the units that AWS charges for. */
class UsageMeterTest {

    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "000000000000";

    @TempDir
    Path folder;

    private final UsageMeter meter = new UsageMeter();
    private final FunctionRegistry functions = new FunctionRegistry(Clock.systemUTC(), REGION, ACCOUNT, meter::invoked);
    private DynamoDbService tables;
    private WebSocketGateway gateway;
    private Endpoint endpoint;

    @BeforeEach
    void open() {
        endpoint = Endpoint.local(vertx -> {
            KinesisEndpoint kinesis =
                    new KinesisEndpoint(vertx, Clock.systemUTC(), KinesisOptions.likeAws(REGION, ACCOUNT));
            kinesis.createStream("stream", 1);
            S3Service s3 = new S3Service(vertx, folder, Clock.systemUTC());
            s3.createBucket("bucket", REGION);
            tables = new DynamoDbService(vertx, Clock.systemUTC(), DynamoDbOptions.DEFAULT);
            tables.createTable("table", "expiresAt");
            gateway = new WebSocketGateway(
                    vertx, GatewayOptions.builder("api", "stage").build(), Clock.systemUTC());
            EventBuses buses = new EventBuses(Clock.systemUTC(), REGION, ACCOUNT, functions, new EventLog(10));
            return List.of(
                    meter.metered(kinesis),
                    meter.metered(s3),
                    meter.metered(tables),
                    meter.metered(new EventBridgeEndpoint(buses)));
        });
    }

    @AfterEach
    void close() {
        functions.close();
        endpoint.close();
    }

    private Map<String, Double> usage() {
        return meter.read(gateway.metrics(), tables);
    }

    @Test
    void aPutRecordTakesAUnitForEach25KbThatItBegins() {
        try (KinesisClient kinesis =
                endpoint.client(KinesisClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            put(kinesis, 400);
            put(kinesis, 26 * 1024);
        }
        assertThat(usage())
                .containsEntry(UsageMeter.KINESIS_PUT_UNITS, 3.0)
                .containsEntry(UsageMeter.KINESIS_BYTES, 400.0 + 26 * 1024)
                .containsEntry(UsageMeter.calls("kinesis", "PutRecord"), 2.0);
    }

    private static void put(KinesisClient kinesis, int bytes) {
        kinesis.putRecord(
                put -> put.streamName("stream").partitionKey("room").data(SdkBytes.fromByteArray(new byte[bytes])));
    }

    @Test
    void anEventCountsWhicheverCallItCameWith() {
        try (EventBridgeClient events =
                endpoint.client(EventBridgeClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            events.putEvents(put -> put.entries(IntStream.range(0, 3)
                    .mapToObj(i -> PutEventsRequestEntry.builder()
                            .source("test")
                            .detailType("Test")
                            .detail("{}")
                            .build())
                    .toList()));
        }
        assertThat(usage())
                .containsEntry(UsageMeter.EVENTS, 3.0)
                .containsEntry(UsageMeter.calls("events", "PutEvents"), 1.0);
    }

    @Test
    void writingAndListingObjectsIsDearAndReadingIsCheap() {
        try (S3Client s3 = endpoint.client(
                S3Client.builder().httpClient(UrlConnectionHttpClient.create()).forcePathStyle(true))) {
            s3.putObject(put -> put.bucket("bucket").key("a/b"), RequestBody.fromBytes(new byte[100]));
            s3.getObjectAsBytes(get -> get.bucket("bucket").key("a/b"));
            s3.listObjectsV2(list -> list.bucket("bucket"));
            s3.deleteObject(delete -> delete.bucket("bucket").key("a/b"));
        }
        assertThat(usage()).containsEntry(UsageMeter.S3_PUTS, 2.0).containsEntry(UsageMeter.S3_GETS, 1.0);
    }

    @Test
    void aTableCountsWhatItsItemsAreLarge() {
        try (DynamoDbClient table =
                endpoint.client(DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()))) {
            table.putItem(put -> put.tableName("table").item(item("a", 1_500)));
            assertThat(usage()).as("1.5 KB").containsEntry(UsageMeter.DYNAMODB_WRITE_UNITS, 2.0);

            table.getItem(get -> get.tableName("table").key(key("a")).consistentRead(true));
            table.getItem(get -> get.tableName("table").key(key("a")));
            assertThat(usage()).as("consistent, and not").containsEntry(UsageMeter.DYNAMODB_READ_UNITS, 1.5);

            table.transactWriteItems(write -> write.transactItems(TransactWriteItem.builder()
                    .put(put -> put.tableName("table").item(item("b", 100)))
                    .build()));
            assertThat(usage()).as("twice in a transaction").containsEntry(UsageMeter.DYNAMODB_WRITE_UNITS, 4.0);
        }
    }

    private static Map<String, AttributeValue> key(String sort) {
        return Map.of("pk", AttributeValue.fromS("room"), "sk", AttributeValue.fromS(sort));
    }

    private static Map<String, AttributeValue> item(String sort, int bytes) {
        return Map.of(
                "pk",
                AttributeValue.fromS("room"),
                "sk",
                AttributeValue.fromS(sort),
                "text",
                AttributeValue.fromS("x".repeat(bytes)));
    }

    @Test
    void eachInvocationIsRoundedUpToAMillisecond() {
        meter.invoked("function", 1);
        meter.invoked("function", 1_000_001);
        assertThat(usage())
                .containsEntry(UsageMeter.invocations("function"), 2.0)
                .containsEntry(UsageMeter.billedMs("function"), 3.0);
    }
}
