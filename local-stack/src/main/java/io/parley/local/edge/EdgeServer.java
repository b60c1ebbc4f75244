package io.parley.local.edge;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * All AWS APIs on one loopback port, HTTP/1.1 and h2c with prior knowledge, as {@code AWS_ENDPOINT_URL} expects.
 *
 * <p>The service is found by the SigV4 credential scope of the Authorization header (or of a presigned query), then,
 * for calls that are not signed, by the prefix of X-Amz-Target or by {@link #routeUnsigned path prefix}; whatever is
 * left is S3's. Signatures are not verified: who reaches the loopback port may use it. What a web page
 * makes a browser send is refused, and so is a Host that is not loopback: no page reaches it through DNS rebinding.
 */
public final class EdgeServer {

    private static final Logger LOG = LoggerFactory.getLogger(EdgeServer.class);
    private static final Pattern SCOPE =
            Pattern.compile("Credential=[^/]+/\\d{8}/[^/]+/([^/]+)/aws4_request", Pattern.CASE_INSENSITIVE);
    private static final Map<String, String> TARGET_PREFIXES =
            Map.of("AWSCognitoIdentityProviderService", "cognito-idp");

    private final Vertx vertx;
    private final Map<String, EdgeService> services = new HashMap<>();
    private final Map<String, EdgeService> unsignedPaths = new HashMap<>();
    private HttpServer server;

    public EdgeServer(Vertx vertx, List<EdgeService> services) {
        this.vertx = vertx;
        services.forEach(service -> this.services.put(service.signingName(), service));
    }

    /** Unsigned requests whose path begins so go to that service. Call before {@link #start}. */
    public EdgeServer routeUnsigned(String pathPrefix, EdgeService service) {
        unsignedPaths.put(pathPrefix, service);
        return this;
    }

    /** Binds 127.0.0.1; port 0 takes a free one. Completes with the port. */
    public Future<Integer> start(int port) {
        HttpServerOptions options = new HttpServerOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setHttp2ClearTextEnabled(true)
                .setMaxHeaderSize(64 * 1024)
                .setTcpNoDelay(true);
        server = vertx.createHttpServer(options).requestHandler(this::accept);
        return server.listen().map(HttpServer::actualPort);
    }

    public Future<Void> stop() {
        return server == null ? Future.succeededFuture() : server.close();
    }

    private void accept(HttpServerRequest request) {
        if (!isOfAProgramHere(request)) {
            request.response().setStatusCode(403).end("This endpoint serves programs on this machine only.");
            return;
        }
        if ("100-continue".equalsIgnoreCase(request.getHeader("Expect"))) {
            request.response().writeContinue();
        }
        request.body()
                .onSuccess(body -> dispatch(request, body))
                .onFailure(e -> LOG.debug("a request body did not arrive: {}", e.toString()));
    }

    /** Browsers send at least one of these headers with what a page of another site makes them do (Fetch standard). */
    private static boolean isOfAProgramHere(HttpServerRequest request) {
        return request.authority() != null
                && LoopbackHost.is(request.authority().host())
                && !request.headers().contains("Origin")
                && !request.headers().contains("Sec-Fetch-Site");
    }

    private void dispatch(HttpServerRequest http, Buffer body) {
        EdgeRequest request = new EdgeRequest(http, body);
        EdgeService service = find(http);
        if (service == null) {
            request.fail(new AwsException(
                    404, "UnknownOperationException", "no local endpoint serves " + http.method() + " " + http.path()));
            return;
        }
        try {
            service.handle(request);
        } catch (AwsException e) {
            service.fail(request, e);
        } catch (RuntimeException e) {
            LOG.warn("{} {} failed", service.signingName(), request.operation(), e);
            request.fail(e);
        }
    }

    private EdgeService find(HttpServerRequest http) {
        String signed = http.getHeader("Authorization");
        if (signed == null && http.getParam("X-Amz-Credential") != null) {
            signed = "Credential=" + http.getParam("X-Amz-Credential");
        }
        if (signed != null) {
            Matcher scope = SCOPE.matcher(signed);
            if (scope.find()) {
                return services.get(scope.group(1));
            }
        }
        String target = http.getHeader("X-Amz-Target");
        if (target != null) {
            return services.get(TARGET_PREFIXES.get(target.substring(0, Math.max(0, target.indexOf('.')))));
        }
        for (Map.Entry<String, EdgeService> entry : unsignedPaths.entrySet()) {
            if (http.path().startsWith(entry.getKey())) {
                return entry.getValue();
            }
        }
        return services.get("s3");
    }
}
