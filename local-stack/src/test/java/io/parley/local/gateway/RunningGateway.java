package io.parley.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.edge.EdgeServer;
import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import io.vertx.core.http.WebSocketClient;
import io.vertx.core.http.WebSocketClientOptions;
import io.vertx.core.http.WebSocketConnectOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.apigatewaymanagementapi.ApiGatewayManagementApiClient;

/** A gateway and an edge on free ports with recording functions and time that stands still. */
final class RunningGateway implements AutoCloseable {

    static final String API_ID = "abcdef1234";
    static final String STAGE = "dev";
    private static final ObjectMapper JSON = new ObjectMapper();

    final ManualTime time = new ManualTime();
    final RecordingFunction connect = new RecordingFunction();
    final RecordingFunction disconnect = new RecordingFunction();
    final RecordingFunction fallback = new RecordingFunction();
    final RecordingFunction audio = new RecordingFunction();
    final WebSocketGateway gateway;
    final int port;
    final int edgePort;
    final Vertx vertx = Vertx.vertx();
    private final WebSocketClient clients = vertx.createWebSocketClient(new WebSocketClientOptions()
            .setMaxConnections(1000)
            .setMaxFrameSize(1024 * 1024)
            .setMaxMessageSize(4 * 1024 * 1024));
    private final HttpClient http = vertx.createHttpClient();
    private ApiGatewayManagementApiClient management;

    RunningGateway(UnaryOperator<GatewayOptions.Builder> settings) {
        GatewayOptions options = settings.apply(GatewayOptions.builder(API_ID, STAGE)
                        .route("$connect", connect)
                        .route("$disconnect", disconnect)
                        .route("$default", fallback)
                        .route("sendaudio", audio))
                .build();
        gateway = new WebSocketGateway(vertx, options, time, time, new SplittableRandom(1));
        port = await(gateway.start());
        edgePort = await(new EdgeServer(vertx, List.of(new ConnectionsService(gateway))).start(0));
    }

    static RunningGateway plain() {
        return new RunningGateway(options -> options);
    }

    static <T> T await(Future<T> future) {
        try {
            return future.toCompletionStage().toCompletableFuture().get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException runtime ? runtime : new IllegalStateException(e.getCause());
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    WebSocketConnectOptions upgrade() {
        return new WebSocketConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setAllowOriginHeader(false)
                .setURI("/" + STAGE);
    }

    Client connect() {
        return connect(upgrade());
    }

    Client connect(WebSocketConnectOptions upgrade) {
        Client client = new Client();
        Promise<Client> attached = Promise.promise();
        // From a loop of Vert.x, so that the handler is there before the socket can be.
        vertx.getOrCreateContext()
                .runOnContext(
                        now -> clients.connect(upgrade).map(client::attach).onComplete(attached));
        await(attached.future());
        return client;
    }

    /** The answer to an upgrade that must fail. */
    UpgradeRejectedException refused(WebSocketConnectOptions upgrade) {
        try {
            connect(upgrade);
        } catch (UpgradeRejectedException e) {
            return e;
        }
        throw new AssertionError("the upgrade was not refused");
    }

    UpgradeRejectedException refused() {
        return refused(upgrade());
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    record Answer(int status, MultiMap headers, String body) {}

    Answer http(HttpMethod method, int toPort, String path, MultiMap headers, String body) {
        Promise<Answer> answered = Promise.promise();
        // From a loop of Vert.x, so that whoever reads the response is there before it can be.
        vertx.getOrCreateContext()
                .runOnContext(now -> http.request(method, toPort, "127.0.0.1", path)
                        .compose(request -> {
                            request.headers().addAll(headers);
                            return request.send(body);
                        })
                        .compose(response -> response.body()
                                .map(bytes -> new Answer(response.statusCode(), response.headers(), bytes.toString())))
                        .onComplete(answered));
        return await(answered.future());
    }

    /** The SDK's client with the callback URL at the edge; no retries, so that a 429 is seen. */
    synchronized ApiGatewayManagementApiClient management() {
        if (management == null) {
            management = ApiGatewayManagementApiClient.builder()
                    .endpointOverride(URI.create("http://127.0.0.1:" + edgePort + "/" + STAGE))
                    .region(Region.EU_CENTRAL_1)
                    .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                    .httpClient(UrlConnectionHttpClient.create())
                    .overrideConfiguration(configuration ->
                            configuration.retryStrategy(RetryMode.LEGACY).retryStrategy(retry -> retry.maxAttempts(1)))
                    .build();
        }
        return management;
    }

    @Override
    public void close() {
        if (management != null) {
            management.close();
        }
        await(vertx.close());
    }
}
