package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.ApiGatewayManagementApiException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GetConnectionResponse;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.LimitExceededException;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.PayloadTooLargeException;

/**
 * The management API through the SDK. Errors by the "API Gateway Management API" reference.
 *
 * <p>There is no run against moto_server: it keeps posts for any id and has no sockets.
 */
class ConnectionsServiceTest {

    private RunningGateway running = RunningGateway.plain();

    @AfterEach
    void close() {
        running.close();
    }

    private String connectedId() {
        return running.connect
                .next()
                .path("requestContext")
                .path("connectionId")
                .asText();
    }

    private void post(String connectionId, String data) {
        running.management()
                .postToConnection(request -> request.connectionId(connectionId).data(SdkBytes.fromUtf8String(data)));
    }

    /** "Use @connections commands in your backend service": POST. */
    @Test
    void postsBytesAsText() {
        Client client = running.connect();
        post(connectedId(), "{\"action\":\"tick\",\"text\":\"Zwölf 🎤\"}");
        assertThat(client.hear()).isEqualTo("{\"action\":\"tick\",\"text\":\"Zwölf 🎤\"}");
        assertThat(running.gateway.metrics().value(Counter.POSTS_SENT)).isOne();
    }

    @Test
    void reachesAClientFromItsUpgradeOn() {
        for (int i = 0; i < 200; i++) {
            Client client = running.connect();
            post(connectedId(), "welcome");
            assertThat(client.hear()).isEqualTo("welcome");
        }
    }

    @Test
    void keepsTheOrderOfPosts() {
        Client client = running.connect();
        String id = connectedId();
        for (int i = 0; i < 50; i++) {
            post(id, "post " + i);
        }
        for (int i = 0; i < 50; i++) {
            assertThat(client.hear()).isEqualTo("post " + i);
        }
    }

    /** Quotas page: a message over 32 KB is split into frames, "this applies to @connections commands". */
    @Test
    void splitsAPostIntoFramesOf32Kb() throws Exception {
        Client client = running.connect();
        BlockingQueue<Integer> finalFrames = new LinkedBlockingQueue<>();
        List<Integer> frames = new CopyOnWriteArrayList<>();
        client.socket.frameHandler(frame -> {
            frames.add(frame.binaryData().length());
            if (frame.isFinal()) {
                finalFrames.add(frames.size());
            }
        });
        String data = "z".repeat(70_000);
        post(connectedId(), data);
        assertThat(client.hear()).isEqualTo(data);
        assertThat(finalFrames.poll(10, TimeUnit.SECONDS)).isEqualTo(3);
        assertThat(frames).containsExactly(32_768, 32_768, 4_464);
    }

    /** PayloadTooLargeException, 413; quotas page: 128 KB. */
    @Test
    void refusesAPostOver128Kb() {
        Client client = running.connect();
        String id = connectedId();
        assertThatThrownBy(() -> post(id, "z".repeat(128 * 1024 + 1))).isInstanceOf(PayloadTooLargeException.class);
        post(id, "z".repeat(128 * 1024));
        assertThat(client.hear()).hasSize(128 * 1024);
    }

    /** GoneException, 410. */
    @Test
    void isGoneWhereNoConnectionIs() {
        assertThatThrownBy(() -> post("AAAAAAAAAAAAAAA=", "x"))
                .isInstanceOfSatisfying(
                        GoneException.class, e -> assertThat(e.statusCode()).isEqualTo(410));
        assertThatThrownBy(() -> running.management().getConnection(r -> r.connectionId("AAAAAAAAAAAAAAA=")))
                .isInstanceOf(GoneException.class);
        assertThatThrownBy(() -> running.management().deleteConnection(r -> r.connectionId("AAAAAAAAAAAAAAA=")))
                .isInstanceOf(GoneException.class);
        assertThat(running.gateway.metrics().value(Counter.POSTS_GONE)).isEqualTo(3);
    }

    /** "Troubleshoot 410 GoneException errors": not after the client has left. */
    @Test
    void isGoneAfterTheClientLeft() {
        Client client = running.connect();
        String id = connectedId();
        client.socket.close();
        running.disconnect.next();
        assertThatThrownBy(() -> post(id, "x")).isInstanceOf(GoneException.class);
    }

    /** "Troubleshoot 410 GoneException errors": not from the function of the $connect route. */
    @Test
    void isGoneInsideItsOwnConnectRoute() {
        CompletableFuture<Throwable> outcome = new CompletableFuture<>();
        running.connect.behaving(event -> CompletableFuture.supplyAsync(() -> {
            try {
                post(event.path("requestContext").path("connectionId").asText(), "too early");
                outcome.complete(null);
            } catch (RuntimeException e) {
                outcome.complete(e);
            }
            return "{\"statusCode\":200}".getBytes();
        }));
        Client client = running.connect();
        assertThat(outcome.join()).isInstanceOf(GoneException.class);
        post(connectedId(), "now");
        assertThat(client.hear()).isEqualTo("now");
    }

    /** "Use @connections commands in your backend service": GET. */
    @Test
    void tellsAboutAConnection() {
        Client client = running.connect(running.upgrade().addHeader("User-Agent", "game/1"));
        String id = connectedId();
        Instant connectedAt = running.time.instant();
        running.time.pass(Duration.ofSeconds(5));
        client.send("x");
        running.fallback.next();
        running.time.pass(Duration.ofSeconds(5));

        GetConnectionResponse connection = running.management().getConnection(r -> r.connectionId(id));
        assertThat(connection.connectedAt()).isEqualTo(connectedAt);
        assertThat(connection.lastActiveAt()).isEqualTo(connectedAt.plusSeconds(5));
        assertThat(connection.identity().sourceIp()).isEqualTo("127.0.0.1");
        assertThat(connection.identity().userAgent()).isEqualTo("game/1");

        post(id, "posts are activity too");
        assertThat(running.management().getConnection(r -> r.connectionId(id)).lastActiveAt())
                .isEqualTo(running.time.instant());
    }

    /** "Use @connections commands in your backend service": DELETE; the code 1000 as seen in $disconnect events. */
    @Test
    void closesWith1000AndIsGoneAtOnce() {
        Client client = running.connect();
        String id = connectedId();
        assertThat(running.management()
                        .deleteConnection(r -> r.connectionId(id))
                        .sdkHttpResponse()
                        .statusCode())
                .isEqualTo(204);
        assertThatThrownBy(() -> post(id, "x")).isInstanceOf(GoneException.class);
        assertThat(client.awaitClosed().code()).isEqualTo(1000);
        assertThat(running.disconnect
                        .next()
                        .path("requestContext")
                        .path("disconnectStatusCode")
                        .asInt())
                .isEqualTo(1000);
        assertThat(running.disconnect.waiting()).isZero();
    }

    /** LimitExceededException: "or the WebSocket client side buffer is full". */
    @Test
    void limitsPostsToAClientThatDoesNotRead() {
        Client client = running.connect();
        String id = connectedId();
        client.socket.pause();
        String data = "z".repeat(100_000);
        assertThatThrownBy(() -> {
                    // The kernel's buffers hold some; far less than this.
                    for (int i = 0; i < 2_000; i++) {
                        post(id, data);
                    }
                })
                .isInstanceOf(LimitExceededException.class);

        Client other = running.connect();
        post(connectedId(), "not disturbed");
        assertThat(other.hear()).isEqualTo("not disturbed");

        client.socket.resume();
        assertThat(client.hear()).isEqualTo(data);
    }

    /** LimitExceededException: "more than the allowed number of requests per unit of time". */
    @Test
    void limitsTheRateOfCallsWhereAsked() {
        running.close();
        running = new RunningGateway(options -> options.managementThrottle(new Throttle(1, 2)));
        running.connect();
        String id = connectedId();
        post(id, "1");
        post(id, "2");
        assertThatThrownBy(() -> post(id, "3"))
                .isInstanceOfSatisfying(
                        LimitExceededException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(429));
        running.time.pass(Duration.ofSeconds(1));
        post(id, "4");
    }

    /** Not verified. */
    @Test
    void refusesDataThatIsNotUtf8() {
        running.connect();
        String id = connectedId();
        assertThatThrownBy(() -> running.management()
                        .postToConnection(r ->
                                r.connectionId(id).data(SdkBytes.fromByteArray(new byte[] {(byte) 0xC3, (byte) 0x28}))))
                .isInstanceOfSatisfying(
                        ApiGatewayManagementApiException.class,
                        e -> assertThat(e.statusCode()).isEqualTo(400));
    }

    /** ForbiddenException, 403; here for another stage. */
    @Test
    void refusesAnotherStage() {
        MultiMap signed = MultiMap.caseInsensitiveMultiMap()
                .add(
                        "Authorization",
                        "AWS4-HMAC-SHA256 Credential=a/20261123/eu-central-1/execute-api/aws4_request, Signature=x");
        RunningGateway.Answer answer =
                running.http(HttpMethod.POST, running.edgePort, "/prod/@connections/x", signed, "x");
        assertThat(answer.status()).isEqualTo(403);
        assertThat(answer.headers().get("x-amzn-ErrorType")).isEqualTo("ForbiddenException");
    }

    /** The gateway's own port answers too, but only what is signed, and never a web page. */
    @Test
    void answersOnTheGatewaysOwnPort() {
        Client client = running.connect();
        String path = "/dev/@connections/" + connectedId().replace("=", "%3D");
        MultiMap signed = MultiMap.caseInsensitiveMultiMap().add("Authorization", "AWS4-HMAC-SHA256 x");
        MultiMap unsigned = MultiMap.caseInsensitiveMultiMap();
        MultiMap page = MultiMap.caseInsensitiveMultiMap().addAll(signed).add("Origin", "http://127.0.0.1");

        assertThat(running.http(HttpMethod.POST, running.port, path, unsigned, "x")
                        .status())
                .isEqualTo(403);
        assertThat(running.http(HttpMethod.POST, running.port, path, page, "x").status())
                .isEqualTo(403);
        assertThat(running.http(HttpMethod.POST, running.port, path, signed, "hello")
                        .status())
                .isEqualTo(200);
        assertThat(client.hear()).isEqualTo("hello");
    }
}
