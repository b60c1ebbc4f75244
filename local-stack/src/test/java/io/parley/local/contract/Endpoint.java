package io.parley.local.contract;

import io.parley.local.edge.EdgeServer;
import io.parley.local.edge.EdgeService;
import io.vertx.core.Vertx;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.client.builder.AwsClientBuilder;
import software.amazon.awssdk.regions.Region;

/**
 * Who answers a contract test: our own endpoints ({@link #local}), or moto_server ({@link #moto}).
 *
 * <p>A contract test is an abstract class with the tests and two nested or sibling classes, one for each; so the same
 * sentences are held against what we wrote and what others believe AWS does.
 */
public final class Endpoint implements AutoCloseable {

    private final URI uri;
    private final Runnable close;

    private Endpoint(URI uri, Runnable close) {
        this.uri = uri;
        this.close = close;
    }

    /** An edge server of its own on a free port with these services. */
    public static Endpoint local(Function<Vertx, List<EdgeService>> services) {
        return local(services, edge -> {});
    }

    /** The same, told of unsigned paths before it starts. */
    public static Endpoint local(Function<Vertx, List<EdgeService>> services, Consumer<EdgeServer> unsignedPaths) {
        Vertx vertx = Vertx.vertx();
        EdgeServer edge = new EdgeServer(vertx, services.apply(vertx));
        unsignedPaths.accept(edge);
        try {
            int port = edge.start(0).toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
            return new Endpoint(
                    URI.create("http://127.0.0.1:" + port),
                    () -> vertx.close()
                            .toCompletionStage()
                            .toCompletableFuture()
                            .join());
        } catch (Exception e) {
            throw new IllegalStateException("the edge server did not start", e);
        }
    }

    /** The shared moto_server; skips the test with one line where it is not installed, fails if it is required. */
    public static Endpoint moto() {
        if (!MotoServer.isInstalled()) {
            return Absence.skipUnlessRequired("emulator", "moto_server is not installed");
        }
        return new Endpoint(MotoServer.endpoint(), () -> {});
    }

    public URI uri() {
        return uri;
    }

    /** Points any SDK client builder here, with credentials that mean nothing. */
    public <B extends AwsClientBuilder<B, C>, C> C client(B builder) {
        return builder.endpointOverride(uri)
                .region(Region.EU_CENTRAL_1)
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build();
    }

    /** The environment of a function that calls here. */
    public Map<String, String> environment() {
        return Map.of(
                "AWS_REGION",
                Region.EU_CENTRAL_1.id(),
                "AWS_ENDPOINT_URL",
                uri.toString(),
                "AWS_ACCESS_KEY_ID",
                "local",
                "AWS_SECRET_ACCESS_KEY",
                "local");
    }

    @Override
    public void close() {
        close.run();
    }
}
