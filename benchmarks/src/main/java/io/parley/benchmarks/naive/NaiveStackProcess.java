package io.parley.benchmarks.naive;

import io.parley.aws.AwsClients;
import io.parley.benchmarks.load.StackTalk;
import io.parley.benchmarks.naive.NaiveFrame.Status;
import io.parley.benchmarks.naive.aws.AwsNaivePorts;
import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import io.parley.local.edge.EdgeServer;
import io.parley.local.events.EventBridgeEndpoint;
import io.parley.local.events.EventBuses;
import io.parley.local.events.EventLog;
import io.parley.local.gateway.ConnectionsService;
import io.parley.local.gateway.GatewayOptions;
import io.parley.local.gateway.LambdaRoute;
import io.parley.local.gateway.WebSocketGateway;
import io.parley.local.kms.KmsService;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.lambda.LocalFunction;
import io.parley.local.meter.UsageMeter;
import io.parley.local.s3.S3Service;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The main class of a process that runs the naive design on the local stack's endpoints, without Kinesis and Flink.
 * Composition root: it reads the clock.
 */
public final class NaiveStackProcess {

    public static final String CONNECT = "naive-connect";
    public static final String MESSAGE = "naive-message";
    public static final String AUDIO = "naive-audio";
    public static final String PROCESS = "naive-process";
    public static final String BROADCAST = "naive-broadcast";
    public static final String COMPLETE = "naive-complete";

    private static final String REGION = "eu-central-1";
    private static final String ACCOUNT = "000000000000";
    private static final String STAGE = "naive";
    private static final String BUCKET = "naive-audio";
    private static final String KEY = "alias/naive-audio";
    private static final String BUS = "naive";
    private static final String TABLE = "naive-connections";
    /** Events wait in line for as many functions: more at a time would only wait for each other on one machine. */
    private static final int AT_A_TIME = 2;

    private static final Duration FUNCTION_TIMEOUT = Duration.ofSeconds(29);
    private static final int EVENTS_KEPT = 100;

    private NaiveStackProcess() {}

    public static void main(String[] arguments) throws Exception {
        Clock clock = Clock.systemUTC();
        Path folder = Files.createTempDirectory("parley-naive-");
        UsageMeter meter = new UsageMeter();
        Vertx vertx = Vertx.vertx();
        FunctionRegistry functions = new FunctionRegistry(clock, REGION, ACCOUNT, meter::invoked);
        S3Service s3 = new S3Service(vertx, folder.resolve("s3"), clock);
        s3.createBucket(BUCKET, REGION);
        KmsService kms = new KmsService(vertx, folder.resolve("kms"), clock, REGION, ACCOUNT);
        kms.createKey(KEY);
        DynamoDbService table = new DynamoDbService(vertx, clock, DynamoDbOptions.DEFAULT);
        table.createTable(TABLE, "expiresAt");
        EventBuses buses = new EventBuses(clock, REGION, ACCOUNT, functions, new EventLog(EVENTS_KEPT));
        buses.createBus(BUS);
        Map.of(Status.PENDING, PROCESS, Status.PROCESSING, BROADCAST, Status.COMPLETED, COMPLETE)
                .forEach((status, function) -> {
                    buses.putRule(BUS, function, "{\"detail\":{\"status\":[\"" + status + "\"]}}");
                    buses.putTarget(BUS, function, function, functions.arnOf(function));
                });
        LambdaRoute connect = new LambdaRoute(functions, CONNECT);
        WebSocketGateway gateway = new WebSocketGateway(
                vertx,
                GatewayOptions.builder("naive", STAGE)
                        .route(GatewayOptions.CONNECT, connect)
                        .route(GatewayOptions.DISCONNECT, connect)
                        .route(GatewayOptions.DEFAULT, new LambdaRoute(functions, MESSAGE))
                        .route("sendaudio", new LambdaRoute(functions, AUDIO))
                        .build(),
                clock);
        EdgeServer edge = new EdgeServer(
                vertx,
                List.of(
                        meter.metered(s3),
                        meter.metered(kms),
                        meter.metered(table),
                        meter.metered(new EventBridgeEndpoint(buses)),
                        meter.metered(new ConnectionsService(gateway))));
        String edgeUrl = "http://127.0.0.1:" + await(edge.start(0));
        AwsClients clients = AwsClients.from(Map.of(
                "AWS_REGION",
                REGION,
                "AWS_ENDPOINT_URL",
                edgeUrl,
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local"));
        new NaiveFunctions(
                        new AwsNaivePorts(
                                clients,
                                new AwsNaivePorts.Names(BUCKET, KEY, BUS, TABLE, URI.create(edgeUrl + '/' + STAGE))),
                        AT_A_TIME)
                .all()
                .forEach((name, handler) -> functions.register(LocalFunction.of(name, () -> handler)
                        .withTimeout(FUNCTION_TIMEOUT)
                        .withConcurrency(List.of(PROCESS, BROADCAST, COMPLETE).contains(name) ? AT_A_TIME : 256)));
        String url = "ws://127.0.0.1:" + await(gateway.start()) + '/' + STAGE;
        StackTalk.serve(url, "none", () -> meter.read(gateway.metrics(), table), user -> "none");
        s3.close();
        // The folder is the system's to clear; nothing in it can be read without the process's keys.
        System.exit(0);
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
    }
}
