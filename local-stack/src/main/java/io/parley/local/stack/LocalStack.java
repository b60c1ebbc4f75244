package io.parley.local.stack;

import com.amazonaws.services.kinesisanalytics.runtime.KinesisAnalyticsRuntime;
import io.parley.broadcast.BroadcastHandler;
import io.parley.broadcast.BroadcastMetrics;
import io.parley.core.options.Option;
import io.parley.core.options.RoomOptions;
import io.parley.ingest.AudioHandler;
import io.parley.ingest.AuthorizerHandler;
import io.parley.ingest.ConnectHandler;
import io.parley.ingest.DisconnectHandler;
import io.parley.ingest.IngestMetrics;
import io.parley.ingest.MessageHandler;
import io.parley.ingest.OperatorHandler;
import io.parley.job.JobOptions;
import io.parley.local.cognito.CognitoEndpoint;
import io.parley.local.cognito.PoolUser;
import io.parley.local.cognito.UserPool;
import io.parley.local.dynamodb.DynamoDbOptions;
import io.parley.local.dynamodb.DynamoDbService;
import io.parley.local.edge.EdgeServer;
import io.parley.local.edge.EdgeService;
import io.parley.local.edge.FaultSwitch;
import io.parley.local.events.EventBridgeEndpoint;
import io.parley.local.events.EventBuses;
import io.parley.local.events.EventLog;
import io.parley.local.gateway.ConnectionsService;
import io.parley.local.gateway.GatewayOptions;
import io.parley.local.gateway.LambdaRoute;
import io.parley.local.gateway.WebSocketGateway;
import io.parley.local.kinesis.KinesisEndpoint;
import io.parley.local.kinesis.KinesisOptions;
import io.parley.local.kms.KmsService;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.lambda.LambdaEndpoint;
import io.parley.local.lambda.LocalFunction;
import io.parley.local.meter.UsageMeter;
import io.parley.local.ops.BillMeter;
import io.parley.local.ops.DeliveryMeter;
import io.parley.local.ops.JobReadings;
import io.parley.local.ops.OpsHistory;
import io.parley.local.ops.OpsPage;
import io.parley.local.ops.OpsSources;
import io.parley.local.s3.S3Service;
import io.parley.local.ssm.SsmService;
import io.parley.local.sts.StsEndpoint;
import io.parley.local.web.PageServer;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Base64;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The whole system in this JVM: the gateway, all AWS APIs on the edge port, the very handler classes as functions, and
 * the very Flink job. What AWS would be told by Terraform is set up here: a stream, a table, a bucket, a key, a bus,
 * parameters, routes and functions. Composition root: the clock is the system's.
 */
public final class LocalStack implements AutoCloseable {

    public static final String REGION = "eu-central-1";
    public static final String ACCOUNT = "000000000000";
    public static final String STAGE = "local";
    public static final String BUCKET = "parley-audio";
    public static final String TABLE = "parley-connections";
    public static final String STREAM = "parley-voice";
    public static final String BUS = "parley";
    public static final String KEY_ALIAS = "alias/parley-audio";
    public static final String TICKET_AUDIENCE = "parley-local";
    public static final String OPERATOR_FUNCTION = "parley-operator";

    private static final Logger LOG = LoggerFactory.getLogger(LocalStack.class);
    private static final String POOL = REGION + "_parley";
    private static final String CLIENT = "parley-game";
    private static final Duration TOKEN_LIFETIME = Duration.ofHours(12);
    private static final Duration TICKET_LIFETIME = Duration.ofMinutes(5);
    private static final int EVENTS_KEPT = 100_000;
    private static final Duration START_TIMEOUT = Duration.ofSeconds(30);

    private final StackOptions options;
    private final Clock clock = Clock.systemUTC();
    private final Vertx vertx = Vertx.vertx();
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final EventLog events = new EventLog(EVENTS_KEPT);
    private final Path dataDir;
    private final Map<String, PoolUser> accounts = new ConcurrentHashMap<>();
    private final Set<String> lostDisconnects = ConcurrentHashMap.newKeySet();

    private final Map<String, FaultSwitch> faults = new HashMap<>();
    private final UsageMeter meter = new UsageMeter();

    private DynamoDbService dynamoDb;
    private WebSocketGateway gateway;
    private UserPool users;
    private TicketKey ticketKey;
    private PageServer pages;
    // Read by the page server's threads.
    private volatile DevelopmentCredentials credentials;
    private Path jobProperties;

    private LocalStack(StackOptions options) throws IOException {
        this.options = options;
        parts.push(() -> await(vertx.close(), "Vert.x", 0, ""));
        if (options.dataDir() == null) {
            dataDir = Files.createTempDirectory("parley-");
            parts.push(() -> deleteAll(dataDir));
        } else {
            dataDir = Files.createDirectories(options.dataDir());
        }
    }

    /**
     * Starts everything; returns when clients can connect and the job runs. Where the options leave the job to somebody
     * else, it returns before that: see {@link #awaitReady}.
     */
    public static LocalStack start(StackOptions options) throws Exception {
        LocalStack stack = new LocalStack(options);
        try {
            stack.start();
            return stack;
        } catch (Throwable e) {
            stack.close();
            throw e;
        }
    }

    public DevelopmentCredentials credentials() {
        return credentials;
    }

    /** What the event bus has matched; for tests and views. */
    public EventLog events() {
        return events;
    }

    /** Items in the connections table. */
    public long connectionItems() {
        return dynamoDb.itemCount(TABLE);
    }

    /**
     * What AWS would charge for, counted since the start, by the names of {@link UsageMeter}. What is paid for by
     * the hour, such as shards and KPUs, is not in it.
     */
    public Map<String, Double> usage() {
        return meter.read(gateway.metrics(), dynamoDb);
    }

    public WebSocketGateway gateway() {
        return gateway;
    }

    /** Where other parts of the stack add pages. */
    public PageServer pages() {
        return pages;
    }

    /** For tests: the gateway will not tell that this connection has ended, as API Gateway may fail to. */
    public void loseDisconnectOf(String connection) {
        lostDisconnects.add(connection);
    }

    /**
     * For tests: makes an AWS API fail for whoever calls it at the edge port.
     *
     * @param service by the name in its signatures, such as {@code s3}, {@code events}, {@code lambda}, {@code dynamodb}
     */
    public FaultSwitch faults(String service) {
        return Objects.requireNonNull(faults.get(service), service);
    }

    public Path dataDir() {
        return dataDir;
    }

    private void start() throws Exception {
        FunctionRegistry functions = new FunctionRegistry(clock, REGION, ACCOUNT, meter::invoked);
        parts.push(functions);
        KinesisEndpoint kinesis = new KinesisEndpoint(
                vertx, clock, KinesisOptions.likeAws(REGION, ACCOUNT).withReadsPerSecond(1_000));
        kinesis.createStream(STREAM, options.shards());
        S3Service s3 = new S3Service(vertx, dataDir.resolve("s3"), clock);
        parts.push(s3);
        s3.createBucket(BUCKET, REGION);
        KmsService kms = new KmsService(vertx, dataDir.resolve("kms"), clock, REGION, ACCOUNT);
        parts.push(kms);
        kms.createKey(KEY_ALIAS);
        dynamoDb = new DynamoDbService(vertx, clock, DynamoDbOptions.DEFAULT);
        parts.push(dynamoDb);
        dynamoDb.createTable(TABLE, "expiresAt");
        SsmService ssm = new SsmService(clock, REGION);
        EventBuses buses = new EventBuses(clock, REGION, ACCOUNT, functions, events);
        buses.createBus(BUS);
        buses.putRule(BUS, "send-audio", "{\"detail-type\":[\"SendAudioEvent\"]}");
        buses.putTarget(
                BUS, "send-audio", "log", "arn:aws:logs:" + REGION + ":" + ACCOUNT + ":log-group:/parley/events");

        int[] edgePort = new int[1];
        users = new UserPool(clock, POOL, CLIENT, () -> "http://127.0.0.1:" + edgePort[0]);
        CognitoEndpoint cognito = new CognitoEndpoint(users);
        String apiKey = random(24);
        // Before the gateway, which must know from which origins its pages come.
        pages = new PageServer(vertx);
        VoicePage.serve(pages, this, vertx);
        int httpPort = await(pages.start(options.httpPort()), "the web pages", options.httpPort(), "--http-port");
        parts.push(() -> await(pages.stop(), "the web pages", 0, ""));
        List<String> origins = List.of("http://127.0.0.1:" + httpPort, "http://localhost:" + httpPort);
        GatewayOptions.Builder api = GatewayOptions.builder("parleylocal", STAGE)
                .region(REGION)
                .accountId(ACCOUNT)
                .port(options.port())
                .impairment(options.impairment())
                .dropDisconnects(lostDisconnects::contains)
                .apiKeyRequired()
                .apiKey("development", apiKey)
                .authorizer(new LambdaRoute(functions, "parley-authorizer"))
                .route("$connect", new LambdaRoute(functions, "parley-connect"))
                .route("$disconnect", new LambdaRoute(functions, "parley-disconnect"))
                .route("$default", new LambdaRoute(functions, "parley-message"));
        for (String route : List.of("join", "leave", "ping", "probe")) {
            api.route(route, new LambdaRoute(functions, "parley-message"));
        }
        for (String route : List.of("sendaudio", "audio")) {
            api.route(route, new LambdaRoute(functions, "parley-audio"));
        }
        origins.forEach(api::allowedOrigin);
        gateway = new WebSocketGateway(vertx, api.build(), clock);

        for (EdgeService service : List.of(
                kinesis,
                s3,
                kms,
                dynamoDb,
                ssm,
                new EventBridgeEndpoint(buses),
                new LambdaEndpoint(functions),
                cognito,
                new StsEndpoint(ACCOUNT),
                new ConnectionsService(gateway))) {
            faults.put(service.signingName(), new FaultSwitch(meter.metered(service)));
        }
        EdgeServer edge = new EdgeServer(vertx, List.copyOf(faults.values()));
        edge.routeUnsigned(cognito.path(), faults("cognito-idp"));
        edgePort[0] = await(edge.start(options.edgePort()), "the AWS APIs", options.edgePort(), "--edge-port");
        parts.push(() -> await(edge.stop(), "the AWS APIs", 0, ""));
        String edgeUrl = "http://127.0.0.1:" + edgePort[0];

        Path ticketKeyFile = dataDir.resolve("tickets").resolve("development-key.jwk");
        if (!Files.exists(ticketKeyFile)) {
            TicketKey.generate("development-" + random(6)).write(ticketKeyFile);
        }
        ticketKey = TicketKey.read(ticketKeyFile, null);
        Map<String, String> environment = environment(edgeUrl, origins);
        Consumer<String> metrics = LoggerFactory.getLogger("io.parley.metrics")::info;
        IngestMetrics ingest = new IngestMetrics("ingest", clock, metrics);
        BroadcastMetrics broadcast = new BroadcastMetrics("broadcast", clock, metrics);
        DeliveryMeter deliveries = new DeliveryMeter(clock);
        register(
                functions,
                "parley-authorizer",
                (settings, time) -> new AuthorizerHandler(settings, time, ingest),
                environment);
        register(functions, "parley-connect", ConnectHandler::new, environment);
        register(functions, "parley-disconnect", DisconnectHandler::new, environment);
        register(
                functions,
                "parley-message",
                (settings, time) -> new MessageHandler(settings, time, ingest),
                environment);
        register(functions, "parley-audio", (settings, time) -> new AudioHandler(settings, time, ingest), environment);
        register(functions, OPERATOR_FUNCTION, OperatorHandler::new, environment);
        register(
                functions,
                "parley-broadcast",
                (settings, time) -> new BroadcastHandler(settings, time, broadcast, deliveries),
                environment);

        int gatewayPort = await(gateway.start(), "the WebSocket gateway", options.port(), "--port");
        parts.push(() -> await(gateway.stop(), "the WebSocket gateway", 0, ""));
        String url = "ws://127.0.0.1:" + gatewayPort + "/" + STAGE;

        pages.allowSocket(url);

        jobProperties = jobSettings(edgeUrl);
        JobReadings jobReadings = new JobReadings();
        String flinkUrl = options.job() ? startJob(jobReadings) : "";
        BillMeter bill = BillMeter.find(
                        this::usage, options.shards(), options.archiveMode().keepsChunks())
                .orElse(null);
        OpsHistory history = new OpsHistory(
                        new OpsSources(gateway.metrics(), ingest, broadcast, deliveries, jobReadings, bill), clock)
                .start();
        parts.push(history);
        OpsPage.serve(pages, history, flinkUrl);

        accounts.put("moderator", users.createUser("moderator", random(12), "moderators"));
        credentials = new DevelopmentCredentials(
                url,
                edgeUrl,
                flinkUrl,
                origins.get(0),
                apiKey,
                token("alice"),
                token("bob"),
                token("moderator"),
                CLIENT,
                account("alice").password(),
                Map.of(
                        "alice", participant("alice"),
                        "bob", participant("bob"),
                        "moderator", participant("moderator")),
                environment.get("ROOM_POLICY"),
                TICKET_AUDIENCE,
                ticketKeyFile.toString(),
                OPERATOR_FUNCTION);
        describe(ssm, url, apiKey);
        if (options.job()) {
            awaitReady();
        }
    }

    /** Starts the job in this JVM; gives the URL of its web UI. */
    private String startJob(JobReadings readings) throws Exception {
        int port = options.flinkPort() == 0 ? FreePort.find() : options.flinkPort();
        FreePort.check(port, "Flink's web UI", "--flink-port");
        parts.push(FlinkJob.start(
                JobOptions.of(KinesisAnalyticsRuntime.getApplicationProperties(jobProperties.toString())),
                port,
                dataDir.resolve("flink").resolve("checkpoints"),
                readings,
                options.flinkSettings()));
        return "http://127.0.0.1:" + port;
    }

    /**
     * Returns when a client has gone the whole way, through the job too. For whoever runs the job elsewhere; it fails
     * if that takes longer than a minute and a half.
     */
    public void awaitReady() throws Exception {
        Readiness.await(
                credentials.url(),
                credentials.apiKey(),
                token("readiness"),
                room -> CompletableFuture.completedFuture(
                        ticket("readiness", room, NewTicket.Grant.PUBLISH, NewTicket.Grant.LISTEN)));
    }

    /** The file of property groups with which {@code VoiceJob --properties} is the job of this stack. */
    public Path jobProperties() {
        return jobProperties;
    }

    /** A fresh token of a user, who is made if need be. */
    public String token(String username) {
        return users.accessToken(account(username).username(), TOKEN_LIFETIME);
    }

    /** The id of a user, who is made if need be. */
    public String participant(String username) {
        return account(username).sub();
    }

    /** A fresh room ticket of a user, who is made if need be. */
    public String ticket(String username, String room, NewTicket.Grant... grants) {
        return new NewTicket(
                        "parley-local",
                        TICKET_AUDIENCE,
                        participant(username),
                        room,
                        Set.of(grants),
                        TICKET_LIFETIME,
                        null)
                .sign(ticketKey, clock);
    }

    private PoolUser account(String username) {
        return accounts.computeIfAbsent(username, name -> users.createUser(name, random(12), "players"));
    }

    private Map<String, String> environment(String edgeUrl, List<String> origins) {
        Map<String, String> environment = new HashMap<>();
        environment.put("AWS_REGION", REGION);
        environment.put("AWS_ENDPOINT_URL", edgeUrl);
        environment.put("AWS_ACCESS_KEY_ID", "local");
        environment.put("AWS_SECRET_ACCESS_KEY", "local");
        environment.put("CONNECTIONS_TABLE", TABLE);
        environment.put("AUDIO_BUCKET", BUCKET);
        environment.put("AUDIO_KEY_ID", KEY_ALIAS);
        environment.put("EVENT_BUS_NAME", BUS);
        environment.put("VOICE_STREAM", STREAM);
        environment.put("CALLBACK_URL", edgeUrl + "/" + STAGE);
        environment.put("TOKEN_ISSUER", users.issuer());
        environment.put("TOKEN_CLIENT_ID", CLIENT);
        environment.put("ARCHIVE_MODE", Option.name(options.archiveMode()));
        environment.put("EVENT_GRANULARITY", Option.name(options.eventGranularity()));
        environment.put("ALLOWED_ORIGINS", String.join(",", origins));
        environment.put("ROOM_POLICY", "open");
        environment.put("TICKET_AUDIENCE", TICKET_AUDIENCE);
        environment.put("TICKET_JWKS", ticketKey.publicKeys());
        environment.putAll(options.functionSettings());
        return environment;
    }

    /** One handler object for all invocations: the handlers are safe for threads, and share their AWS clients so. */
    private void register(
            FunctionRegistry functions, String name, HandlerFactory factory, Map<String, String> environment) {
        Object handler = factory.create(environment, clock);
        functions.register(LocalFunction.of(name, () -> handler).withConcurrency(256));
    }

    /** What the job reads on AWS from its property groups, it reads here from a file of the same JSON. */
    private Path jobSettings(String edgeUrl) throws IOException {
        return new JobSettings()
                .group(
                        "parley.source",
                        Map.of(
                                "stream.name",
                                STREAM,
                                "stream.reader",
                                Option.name(options.reader()),
                                "stream.poll-interval-ms",
                                "20",
                                // The stream is made afresh: nothing old is in it, and what is said before the job has
                                // subscribed is not missed.
                                "stream.initial-position",
                                "trim-horizon"))
                .group(
                        "parley.aws",
                        Map.of(
                                "aws.region",
                                REGION,
                                "aws.endpoint",
                                edgeUrl,
                                "aws.access-key-id",
                                "local",
                                "aws.secret-access-key",
                                "local"))
                .group("parley.rooms", options.roomSettings())
                .group(
                        "parley.broadcast",
                        Map.of(
                                "broadcast.function",
                                "parley-broadcast",
                                "broadcast.call-timeout-ms",
                                String.valueOf(callTimeoutMs())))
                .group(
                        "parley.log",
                        Map.of(
                                "ARCHIVE_MODE",
                                Option.name(options.archiveMode()),
                                "AUDIO_BUCKET",
                                BUCKET,
                                "AUDIO_KEY_ID",
                                KEY_ALIAS))
                .group(
                        "parley.events",
                        Map.of("EVENT_GRANULARITY", Option.name(options.eventGranularity()), "EVENT_BUS_NAME", BUS))
                .group("parley.job", Map.of("job.parallelism", "1"))
                .override(options.jobSettings())
                .write(dataDir.resolve("flink").resolve("job-properties.json"));
    }

    /** The same share of the playout deadline as the defaults have: who allows for pauses here, allows for them there. */
    private int callTimeoutMs() {
        return RoomOptions.of(options.roomSettings()).playoutDeadlineMs() * 4 / 5;
    }

    /** The parameters under which the original system's tools look for a deployment. */
    private static void describe(SsmService ssm, String url, String apiKey) {
        String prefix = "/game-server/" + STAGE;
        ssm.put(prefix + "/cognito/user-pool-id", POOL);
        ssm.put(prefix + "/cognito/user-pool-client-id", CLIENT);
        ssm.put(prefix + "/websocket/api-id", "parleylocal");
        ssm.put(prefix + "/websocket/stage-url", url);
        ssm.put(prefix + "/websocket/api-key", apiKey);
    }

    private static String random(int bytes) {
        byte[] random = new byte[bytes];
        new SecureRandom().nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(random);
    }

    private static <T> T await(Future<T> future, String what, int port, String option) throws Exception {
        try {
            return future.toCompletionStage().toCompletableFuture().get(START_TIMEOUT.toSeconds(), TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof BindException) {
                throw new PortTakenException(what, port, option);
            }
            throw e;
        }
    }

    private static void deleteAll(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    /** Stops the parts in the opposite order of their start; a part that does not stop does not keep the others. */
    @Override
    public void close() {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("a part of the stack did not stop: {}", e.toString());
            }
        }
    }

    private interface HandlerFactory {
        Object create(Map<String, String> environment, Clock clock);
    }
}
