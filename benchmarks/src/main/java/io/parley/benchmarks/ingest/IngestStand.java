package io.parley.benchmarks.ingest;

import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import io.parley.local.edge.EdgeServer;
import io.parley.local.kinesis.KinesisEndpoint;
import io.parley.local.kinesis.KinesisOptions;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The AWS endpoints that the audio and the broadcast Lambda may call, on a port of their own: Kinesis, DynamoDB, posts to
 * connections that take anything, and others that only count who asks them. As a program it writes its address and runs until its input ends, so that the one who measures
 * does not measure the endpoints' processor time.
 */
public final class IngestStand implements AutoCloseable {

    static final String STREAM = "voice";
    static final String TABLE = "connections";

    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "000000000000";
    /** A shard's rates are no matter here. */
    private static final long UNLIMITED = 1_000_000_000;

    private static final long MEMORY_BYTES = 16 << 20;

    private final Vertx vertx = Vertx.vertx();
    private final DynamoDbService dynamoDb;
    private final List<CountedService> services;
    private final String url;

    public IngestStand(Clock clock) throws Exception {
        KinesisOptions like = KinesisOptions.likeAws(REGION, ACCOUNT);
        KinesisEndpoint kinesis = new KinesisEndpoint(
                vertx,
                clock,
                new KinesisOptions(
                        REGION,
                        ACCOUNT,
                        Duration.ofHours(1),
                        MEMORY_BYTES,
                        UNLIMITED,
                        UNLIMITED,
                        like.readsPerSecond(),
                        like.readBytesPerSecond(),
                        like.subscriptionLifetime(),
                        like.heartbeat(),
                        like.resubscribePause()));
        kinesis.createStream(STREAM, 1);
        dynamoDb = new DynamoDbService(vertx, clock, DynamoDbOptions.DEFAULT);
        dynamoDb.createTable(TABLE, "expiresAt");
        services = List.of(
                new CountedService(kinesis),
                new CountedService(dynamoDb),
                CountedService.absent("s3"),
                CountedService.absent("kms"),
                CountedService.absent("events"),
                CountedService.accepting("execute-api"));
        int port = new EdgeServer(vertx, List.copyOf(services))
                .start(0)
                .toCompletionStage()
                .toCompletableFuture()
                .get(30, TimeUnit.SECONDS);
        url = "http://127.0.0.1:" + port;
    }

    public static void main(String[] arguments) throws Exception {
        try (IngestStand stand = new IngestStand(Clock.systemUTC())) {
            System.out.println(stand.url());
            while (System.in.read() >= 0) {
                // Until the other one has gone.
            }
        }
        System.exit(0);
    }

    public String url() {
        return url;
    }

    /** Requests to a service so far, by its name in signatures. */
    long requests(String signingName) {
        return services.stream()
                .filter(service -> service.signingName().equals(signingName))
                .mapToLong(CountedService::requests)
                .sum();
    }

    /** Requests to all services so far. */
    long requests() {
        return services.stream().mapToLong(CountedService::requests).sum();
    }

    /** Of a Lambda that calls the stand. */
    public static Map<String, String> environment(String url) {
        return Map.ofEntries(
                Map.entry("AWS_REGION", REGION),
                Map.entry("AWS_ENDPOINT_URL", url),
                Map.entry("AWS_ACCESS_KEY_ID", "local"),
                Map.entry("AWS_SECRET_ACCESS_KEY", "local"),
                Map.entry("CONNECTIONS_TABLE", TABLE),
                Map.entry("VOICE_STREAM", STREAM),
                Map.entry("CALLBACK_URL", url + "/prod"),
                Map.entry("ARCHIVE_MODE", "segment"),
                Map.entry("EVENT_GRANULARITY", "utterance"),
                Map.entry("EVENT_BUS_NAME", "parley"),
                Map.entry("ROOM_POLICY", "open"),
                Map.entry("MAX_MESSAGES_PER_SECOND", "1000"),
                Map.entry("ABUSE_SUSPEND_MINUTES", "0"),
                Map.entry("TOKEN_ISSUER", "http://127.0.0.1/none"),
                Map.entry("TOKEN_CLIENT_ID", "none"));
    }

    @Override
    public void close() throws Exception {
        dynamoDb.close();
        vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
