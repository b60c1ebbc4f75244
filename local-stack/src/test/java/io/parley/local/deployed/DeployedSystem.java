package io.parley.local.deployed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.edge.EdgeServer;
import io.parley.local.gateway.ConnectionsService;
import io.parley.local.gateway.GatewayMetrics;
import io.parley.local.gateway.GatewayOptions;
import io.parley.local.gateway.RouteFunction;
import io.parley.local.gateway.WebSocketGateway;
import io.parley.local.lambda.FunctionProcess;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import software.amazon.awssdk.services.iam.IamClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The deployed functions at work: each in a process of its own ({@link FunctionProcess}), behind the local stack's
 * gateway with the deployed routes, on the emulator's table, stream, bucket, key and bus.
 *
 * <p>What is not as deployed, since it leads to AWS: {@code CALLBACK_URL}, which leads to {@link SignedConnections}, and
 * {@code JWKS_URL}, which is not set on AWS and leads to the emulator's user pool. The tokens' issuer is as deployed.
 */
final class DeployedSystem implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 60;
    /** Of each function, all of which run at once. */
    private static final int HEAP_MB = 256;

    private final Deployment deployment;
    private final Path folder;
    private final IamClient iam;
    private final Vertx vertx = Vertx.vertx();
    private final Map<String, FunctionProcess> running = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<Call>> calls = new HashMap<>();
    private final Map<String, byte[]> lastEvents = new HashMap<>();
    private final Set<String> lostDisconnects = ConcurrentHashMap.newKeySet();
    private final Map<String, DeployedFunction> functions = new HashMap<>();
    private final Map<String, Principal> roles = new HashMap<>();
    private final Map<String, RolePolicy> policies = new HashMap<>();
    private final DeployedApi api;
    private WebSocketGateway gateway;
    private SignedConnections connections;
    private URI callbackUrl;
    private String url;
    private int starts;

    private record Call(byte[] event, CompletableFuture<byte[]> answer) {}

    private DeployedSystem(Deployment deployment, Path folder) {
        this.deployment = deployment;
        this.folder = folder;
        iam = deployment.admin().client(IamClient.builder());
        api = DeployedApi.of(deployment.apiId(), deployment.admin());
    }

    /**
     * Starts all functions.
     *
     * @param folder an empty one, for their code and what they print
     */
    static DeployedSystem start(Deployment deployment, Path folder) throws Exception {
        DeployedSystem system = new DeployedSystem(deployment, folder);
        try {
            system.open();
            for (String key : Deployment.FUNCTIONS) {
                system.restart(key);
            }
            return system;
        } catch (Exception | Error e) {
            system.close();
            throw e;
        }
    }

    private void open() throws Exception {
        try (LambdaClient lambda = deployment.admin().client(LambdaClient.builder());
                S3Client s3 = deployment.admin().client(S3Client.builder())) {
            DeployedCode code = new DeployedCode(s3, deployment.codeBucket(), folder);
            for (String key : Deployment.FUNCTIONS) {
                DeployedFunction function = DeployedFunction.of(deployment.aliasArn(key), lambda, code);
                functions.put(key, function);
                calls.put(key, new LinkedBlockingQueue<>());
                roles.put(key, deployment.assume(function.roleName()));
                policies.put(key, new RolePolicy(iam, function.roleName()));
            }
        }
        GatewayOptions.Builder options = GatewayOptions.builder(api.id(), api.stage())
                .region(deployment.region())
                .accountId(deployment.account())
                .authorizer(route(api.authorizer()))
                .apiKeyRequired()
                .apiKey("deployed", api.apiKey())
                .dropDisconnects(lostDisconnects::contains);
        api.routes().forEach((key, aliasArn) -> options.route(key, route(aliasArn)));
        gateway = new WebSocketGateway(vertx, options.build(), Clock.systemUTC());
        url = "ws://127.0.0.1:" + await(gateway.start()) + "/" + api.stage();
        connections = new SignedConnections(
                vertx,
                new ConnectionsService(gateway),
                "arn:aws:execute-api:" + deployment.region() + ":" + deployment.account() + ":" + api.id());
        for (String key : Deployment.FUNCTIONS) {
            connections.admit(roles.get(key), policy(key));
        }
        int port = await(new EdgeServer(vertx, List.of(connections)).start(0));
        callbackUrl = URI.create("http://127.0.0.1:" + port + "/" + api.stage());
    }

    private RouteFunction route(String aliasArn) {
        String key = Deployment.FUNCTIONS.stream()
                .filter(name -> deployment.aliasArn(name).equals(aliasArn))
                .findFirst()
                .orElseThrow(() -> new AssertionError("a route invokes " + aliasArn));
        return event -> {
            CompletableFuture<byte[]> answer = running.get(key).invoke(event);
            calls.get(key).add(new Call(event, answer));
            return answer;
        };
    }

    private static <T> T await(Future<T> future) throws Exception {
        return future.toCompletionStage().toCompletableFuture().get(SECONDS, TimeUnit.SECONDS);
    }

    /** Starts the function anew: it remembers nothing of before. */
    void restart(String key) throws Exception {
        FunctionProcess before = running.remove(key);
        if (before != null) {
            before.close();
        }
        Map<String, String> redirected = Map.of(
                "CALLBACK_URL", callbackUrl.toString(),
                "JWKS_URL", deployment.jwksUrl(),
                "AWS_ENDPOINT_URL", deployment.endpoint().toString(),
                "JAVA_TOOL_OPTIONS", "-D" + Principal.WITHOUT_CBOR + "=false");
        running.put(
                key,
                FunctionProcess.start(
                        functions.get(key).code(roles.get(key), redirected),
                        HEAP_MB,
                        folder.resolve("%02d-%s.log".formatted(starts++, key)),
                        Clock.systemUTC()));
    }

    /**
     * What the function answers to the gateway's next call of those that this has not given yet. By then the function has
     * done all that it does.
     */
    JsonNode answer(String key) throws Exception {
        return answer(key, event -> true);
    }

    /** The same, of the calls about that connection; the others are forgotten. */
    JsonNode answer(String key, String connection) throws Exception {
        return answer(
                key, event -> event.at("/requestContext/connectionId").asText().equals(connection));
    }

    private JsonNode answer(String key, Predicate<JsonNode> fits) throws Exception {
        while (true) {
            Call call = calls.get(key).poll(SECONDS, TimeUnit.SECONDS);
            assertThat(call).as("a call of " + key).isNotNull();
            if (fits.test(JSON.readTree(call.event()))) {
                lastEvents.put(key, call.event());
                try {
                    return JSON.readTree(call.answer().get(SECONDS, TimeUnit.SECONDS));
                } catch (ExecutionException e) {
                    throw new AssertionError(key + " failed", e);
                }
            }
        }
    }

    /** The event of the call whose answer was given last. */
    byte[] lastEvent(String key) {
        return lastEvents.get(key);
    }

    /** Forgets the calls so far. */
    void forgetCalls() {
        calls.values().forEach(BlockingQueue::clear);
    }

    /** Nobody is told when that connection ends: the gateway gives no guarantee of that. */
    void loseDisconnectOf(String connection) {
        lostDisconnects.add(connection);
    }

    /** Invokes a function past the gateway. */
    byte[] invoke(String key, byte[] payload) throws Exception {
        try {
            return running.get(key).invoke(payload).get(SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(key + " failed", e);
        }
    }

    DeployedFunction function(String key) {
        return functions.get(key);
    }

    /** The function's role, with the credentials that the function has. */
    Principal role(String key) {
        return roles.get(key);
    }

    RolePolicy policy(String key) {
        return policies.get(key);
    }

    DeployedApi api() {
        return api;
    }

    SignedConnections connections() {
        return connections;
    }

    GatewayMetrics gateway() {
        return gateway.metrics();
    }

    /** Of the WebSocket. */
    String url() {
        return url;
    }

    /** Where {@code @connections} is. */
    URI callbackUrl() {
        return callbackUrl;
    }

    @Override
    public void close() throws Exception {
        for (FunctionProcess function : running.values()) {
            function.close();
        }
        await(vertx.close());
        iam.close();
    }
}
