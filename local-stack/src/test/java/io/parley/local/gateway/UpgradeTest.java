package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.UpgradeRejectedException;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.apigatewaymanagementapi.model.GoneException;

/** What happens before, and instead of, the 101. */
class UpgradeTest {

    private static final String ALLOW = "{\"principalId\":\"user-1\",\"policyDocument\":{\"Version\":\"2012-10-17\","
            + "\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"execute-api:Invoke\",\"Resource\":\"*\"}]},"
            + "\"context\":{\"tier\":2},\"usageIdentifierKey\":\"key-1\"}";
    private static final String DENY = ALLOW.replace("Allow", "Deny");

    private final RecordingFunction authorizer = new RecordingFunction().answering(ALLOW);
    private RunningGateway running;

    @AfterEach
    void close() {
        running.close();
    }

    /** "Manage connected users and client apps": the upgrade is pending until $connect has completed. */
    @Test
    void completesTheUpgradeOnlyAfterTheConnectRoute() {
        running = RunningGateway.plain();
        CompletableFuture<byte[]> answer = new CompletableFuture<>();
        running.connect.behaving(event -> answer);
        CompletableFuture<Client> client = CompletableFuture.supplyAsync(running::connect);

        String id = running.connect
                .next()
                .path("requestContext")
                .path("connectionId")
                .asText();
        assertThat(client).isNotDone();
        assertThatThrownBy(() -> running.management().getConnection(r -> r.connectionId(id)))
                .isInstanceOf(GoneException.class);

        answer.complete("{\"statusCode\":200}".getBytes());
        client.join();
        running.management().getConnection(r -> r.connectionId(id));
        assertThat(running.gateway.metrics().open()).isOne();
    }

    /** "Control access to WebSocket APIs with AWS Lambda REQUEST authorizers": the sample event. */
    @Test
    void givesTheAuthorizerTheDocumentedEvent() throws Exception {
        running = new RunningGateway(options -> options.authorizer(authorizer));
        running.connect(running.upgrade()
                .setURI("/dev?a=1&a=2")
                .addHeader("Authorization", "Bearer t")
                .addHeader("User-Agent", "game/1"));

        byte[] bytes = authorizer.nextBytes();
        JsonNode event = RecordingFunction.tree(bytes);
        assertThat(event.path("type").asText()).isEqualTo("REQUEST");
        assertThat(event.path("methodArn").asText())
                .isEqualTo("arn:aws:execute-api:eu-central-1:000000000000:abcdef1234/dev/$connect");
        assertThat(event.path("queryStringParameters").path("a").asText()).isEqualTo("2");
        assertThat(event.path("multiValueQueryStringParameters").path("a")).hasSize(2);
        JsonNode context = event.path("requestContext");
        assertThat(context.path("routeKey").asText()).isEqualTo("$connect");
        assertThat(context.path("eventType").asText()).isEqualTo("CONNECT");
        assertThat(context.path("requestTime").asText()).isEqualTo("23/Nov/2026:12:00:00 +0000");
        assertThat(context.path("requestTimeEpoch").asLong()).isEqualTo(running.time.millis());
        assertThat(context.path("domainName").asText()).isEqualTo("abcdef1234.execute-api.eu-central-1.amazonaws.com");
        assertThat(context.path("stage").asText()).isEqualTo("dev");
        assertThat(context.path("apiId").asText()).isEqualTo("abcdef1234");
        assertThat(context.path("identity").path("sourceIp").asText()).isEqualTo("127.0.0.1");
        assertThat(context.path("identity").path("userAgent").asText()).isEqualTo("game/1");
        assertThat(context.path("connectionId").asText()).hasSize(16).endsWith("=");
        assertThat(context.has("authorizer")).isFalse();

        APIGatewayCustomAuthorizerEvent typed = LambdaEventSerializers.serializerFor(
                        APIGatewayCustomAuthorizerEvent.class, getClass().getClassLoader())
                .fromJson(new ByteArrayInputStream(bytes));
        assertThat(typed.getType()).isEqualTo("REQUEST");
        assertThat(typed.getHeaders()).containsEntry("Authorization", "Bearer t");
        assertThat(typed.getRequestContext().getApiId()).isEqualTo("abcdef1234");
    }

    /** "Output from an API Gateway Lambda authorizer": context values reach the integration as strings. */
    @Test
    void passesTheAuthorizersContextToTheConnectRoute() throws Exception {
        running = new RunningGateway(options -> options.authorizer(authorizer));
        running.connect();

        APIGatewayV2WebSocketEvent event = LambdaEventSerializers.serializerFor(
                        APIGatewayV2WebSocketEvent.class, getClass().getClassLoader())
                .fromJson(new ByteArrayInputStream(running.connect.nextBytes()));
        assertThat(event.getRequestContext().getAuthorizer()).isEqualTo(Map.of("principalId", "user-1", "tier", "2"));
        assertThat(event.getRequestContext().getEventType()).isEqualTo("CONNECT");
        assertThat(event.getHeaders()).containsKeys("X-Forwarded-For", "upgrade");
        assertThat(event.getQueryStringParameters()).isNull();
    }

    /** "Manage connected users and client apps": a failed authorization is a 401 or 403. */
    @Test
    void refusesWith401WhenTheAuthorizerSaysUnauthorized() {
        running = new RunningGateway(options -> options.authorizer(authorizer.failing("Unauthorized")));

        UpgradeRejectedException refusal = running.refused();
        assertThat(refusal.getStatus()).isEqualTo(401);
        assertThat(RunningGateway.json(refusal.getBody().toString())
                        .path("message")
                        .asText())
                .isEqualTo("Unauthorized");
        assertThat(running.connect.waiting()).isZero();
    }

    /** As above. */
    @Test
    void refusesWith403WhenThePolicyDenies() {
        running = new RunningGateway(options -> options.authorizer(authorizer.answering(DENY)));

        UpgradeRejectedException refusal = running.refused();
        assertThat(refusal.getStatus()).isEqualTo(403);
        assertThat(refusal.getHeaders().get("x-amzn-ErrorType")).isEqualTo("ForbiddenException");
        assertThat(running.connect.waiting()).isZero();
        assertThat(running.gateway.metrics().value(Counter.REQUESTS_REFUSED)).isOne();
    }

    /** "Gateway response types": AUTHORIZER_FAILURE and AUTHORIZER_CONFIGURATION_ERROR are 500. */
    @ParameterizedTest
    @ValueSource(strings = {"{}", "null", "nonsense"})
    void refusesWith500WhenTheAuthorizersAnswerIsMalformed(String answer) {
        running = new RunningGateway(options -> options.authorizer(authorizer.answering(answer)));
        assertThat(running.refused().getStatus()).isEqualTo(500);
    }

    /** As above. */
    @Test
    void refusesWith500WhenTheAuthorizerFails() {
        running = new RunningGateway(options -> options.authorizer(authorizer.failing("boom")));
        UpgradeRejectedException refusal = running.refused();
        assertThat(refusal.getStatus()).isEqualTo(500);
        assertThat(refusal.getBody().toString()).doesNotContain("boom");
    }

    /** "Choose an API key source in API Gateway": AUTHORIZER takes usageIdentifierKey, not the header. */
    @Test
    void takesTheApiKeyFromTheAuthorizer() {
        running = new RunningGateway(
                options -> options.authorizer(authorizer).apiKeyRequired().apiKey("player", "key-1"));
        running.connect();

        authorizer.answering(ALLOW.replace("key-1", "key-2"));
        assertThat(running.refused(running.upgrade().addHeader("x-api-key", "key-1"))
                        .getStatus())
                .isEqualTo(403);
        authorizer.answering(ALLOW.replace("usageIdentifierKey", "other"));
        assertThat(running.refused().getStatus()).isEqualTo(403);
        assertThat(running.connect.waiting()).isOne();
    }

    /** "Choose an API key source in API Gateway": HEADER. */
    @Test
    void takesTheApiKeyFromTheHeaderWithoutAnAuthorizer() {
        running = new RunningGateway(options -> options.apiKeyRequired().apiKey("player", "key-1"));

        running.connect(running.upgrade().addHeader("x-api-key", "key-1"));
        assertThat(running.refused().getStatus()).isEqualTo(403);
        assertThat(running.refused(running.upgrade().addHeader("x-api-key", "key-2"))
                        .getStatus())
                .isEqualTo(403);
    }

    /** "Set up a $connect route that requires a WebSocket subprotocol": its 400 is what the client sees. */
    @ParameterizedTest
    @ValueSource(ints = {302, 400, 401, 403, 418, 500})
    void refusesWithTheStatusThatTheConnectRouteAnswers(int status) {
        running = RunningGateway.plain();
        running.connect.answering("{\"statusCode\":" + status + "}");
        assertThat(running.refused().getStatus()).isEqualTo(status);
    }

    /** Not verified: the documentation says only that the connection will not be made. */
    @Test
    void refusesWith502WhenTheConnectRouteFails() {
        running = RunningGateway.plain();
        running.connect.failing("secret detail");
        UpgradeRejectedException refusal = running.refused();
        assertThat(refusal.getStatus()).isEqualTo(502);
        assertThat(refusal.getBody().toString()).doesNotContain("secret");

        running.connect.answering("{\"body\":\"no status\"}");
        assertThat(running.refused().getStatus()).isEqualTo(502);
        running.connect.behaving(event -> {
            throw new IllegalStateException("thrown, not returned");
        });
        assertThat(running.refused().getStatus()).isEqualTo(502);
    }

    /** Quotas page: 29 seconds; the status is not verified. */
    @Test
    void refusesWith504WhenTheConnectRouteDoesNotAnswer() {
        running = RunningGateway.plain();
        running.connect.silent();
        CompletableFuture<UpgradeRejectedException> refusal = CompletableFuture.supplyAsync(running::refused);
        running.connect.next();
        running.time.pass(Duration.ofSeconds(29));
        assertThat(refusal.join().getStatus()).isEqualTo(504);
    }

    /** "Set up a $connect route that requires a WebSocket subprotocol". */
    @Test
    void namesTheSubprotocolThatTheConnectRouteChose() {
        running = RunningGateway.plain();
        running.connect.answering("{\"statusCode\":200,\"headers\":{\"sec-websocket-protocol\":\"parley.v1\"}}");
        Client client =
                running.connect(running.upgrade().addSubProtocol("bearer.x").addSubProtocol("parley.v1"));

        assertThat(client.socket.subProtocol()).isEqualTo("parley.v1");
        assertThat(client.upgradeHeaders.getAll("Sec-WebSocket-Protocol")).containsExactly("parley.v1");
        assertThat(running.connect
                        .next()
                        .path("headers")
                        .path("sec-websocket-protocol")
                        .asText())
                .isEqualTo("bearer.x,parley.v1");
    }

    /** As above: without the header in the answer there is none on the upgrade. */
    @Test
    void namesNoSubprotocolWhenTheConnectRouteChoseNone() {
        running = RunningGateway.plain();
        Client client = running.connect();
        assertThat(client.upgradeHeaders.contains("Sec-WebSocket-Protocol")).isFalse();
    }

    /** "Protect your WebSocket APIs in API Gateway": 429. */
    @Test
    void refusesWith429OverTheStagesRate() {
        running = new RunningGateway(options -> options.throttle(new Throttle(1, 1)));
        running.connect();
        assertThat(running.refused().getStatus()).isEqualTo(429);
        running.time.pass(Duration.ofSeconds(1));
        running.connect();
    }

    /** Not of API Gateway: it keeps web pages off the loopback port. */
    @Test
    void refusesOriginsThatAreNotAllowed() {
        running = new RunningGateway(options -> options.allowedOrigin("http://localhost:8080"));
        running.connect(running.upgrade().setAllowOriginHeader(true).addHeader("Origin", "http://localhost:8080"));
        assertThat(running.refused(
                                running.upgrade().setAllowOriginHeader(true).addHeader("Origin", "http://evil.example"))
                        .getStatus())
                .isEqualTo(403);
        assertThat(running.connect.waiting()).isOne();
    }

    /** Not of API Gateway: against DNS rebinding. */
    @Test
    void refusesHostsThatAreNotThisMachine() {
        running = RunningGateway.plain();
        assertThat(running.refused(running.upgrade().addHeader("Host", "evil.example:80"))
                        .getStatus())
                .isEqualTo(403);
        assertThat(running.connect.waiting()).isZero();
    }

    /** "Invoke WebSocket APIs": the URL ends in the stage; the status for another is not verified. */
    @Test
    void refusesOtherStages() {
        running = RunningGateway.plain();
        assertThat(running.refused(running.upgrade().setURI("/prod")).getStatus())
                .isEqualTo(403);
        assertThat(running.refused(running.upgrade().setURI("/")).getStatus()).isEqualTo(403);
    }

    /** Not verified. */
    @Test
    void refusesPlainRequests() {
        running = RunningGateway.plain();
        assertThat(running.http(HttpMethod.GET, running.port, "/dev", MultiMap.caseInsensitiveMultiMap(), "")
                        .status())
                .isEqualTo(426);
    }
}
