package io.parley.local.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.serialization.events.LambdaEventSerializers;
import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.gateway.GatewayMetrics.Counter;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.WebSocketFrame;
import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From the client's frame to the function, and the gateway's own frames back. */
class MessagesTest {

    private static final String AUDIO = "{\"action\":\"sendaudio\",\"n\":%d}";

    private RunningGateway running = RunningGateway.plain();

    @AfterEach
    void close() {
        running.close();
    }

    private void restart(java.util.function.UnaryOperator<GatewayOptions.Builder> settings) {
        running.close();
        running = new RunningGateway(settings);
    }

    /** "Create routes for WebSocket APIs in API Gateway"; field names by "Set up data mapping for WebSocket APIs". */
    @Test
    void invokesTheRouteWithTheDocumentedEvent() throws Exception {
        Client client = running.connect();
        running.time.pass(Duration.ofMillis(1234));
        String body = "{\"action\":\"sendaudio\",\"text\":\"\\\"Zwölf\\\" 🎤\\n\"}";
        client.send(body);

        byte[] bytes = running.audio.nextBytes();
        JsonNode context = RecordingFunction.tree(bytes).path("requestContext");
        APIGatewayV2WebSocketEvent event = LambdaEventSerializers.serializerFor(
                        APIGatewayV2WebSocketEvent.class, getClass().getClassLoader())
                .fromJson(new ByteArrayInputStream(bytes));
        assertThat(event.getBody()).isEqualTo(body);
        assertThat(event.isIsBase64Encoded()).isFalse();
        assertThat(event.getRequestContext().getRouteKey()).isEqualTo("sendaudio");
        assertThat(event.getRequestContext().getEventType()).isEqualTo("MESSAGE");
        assertThat(event.getRequestContext().getMessageDirection()).isEqualTo("IN");
        assertThat(event.getRequestContext().getConnectionId())
                .isEqualTo(running.connect
                        .next()
                        .path("requestContext")
                        .path("connectionId")
                        .asText());
        assertThat(event.getRequestContext().getConnectedAt()).isEqualTo(running.time.millis() - 1234);
        assertThat(event.getRequestContext().getRequestTimeEpoch()).isEqualTo(running.time.millis());
        assertThat(event.getRequestContext().getRequestTime()).isEqualTo("23/Nov/2026:12:00:01 +0000");
        assertThat(event.getRequestContext().getIdentity().getSourceIp()).isEqualTo("127.0.0.1");
        assertThat(event.getRequestContext().getStage()).isEqualTo("dev");
        assertThat(event.getRequestContext().getMessageId())
                .isNotEqualTo(event.getRequestContext().getRequestId());
        assertThat(context.path("extendedRequestId")).isEqualTo(context.path("requestId"));
        assertThat(context.has("authorizer")).isFalse();
    }

    /** "Create routes for WebSocket APIs in API Gateway": $default. */
    @Test
    void invokesTheDefaultRouteForAllElse() {
        running.connect().send("no json").send("{\"action\":\"unknown\"}").send("");
        assertThat(List.of(running.fallback.next(), running.fallback.next(), running.fallback.next()))
                .extracting(event -> event.path("body").asText())
                .containsExactly("no json", "{\"action\":\"unknown\"}", "");
    }

    /** "Create routes ...": without $default "the service returns an error"; its form as clients report it. */
    @Test
    void tellsForbiddenWhereNoRouteIs() {
        running.close();
        running = new RunningGateway(options -> GatewayOptions.builder("abcdef1234", "dev"));
        JsonNode frame = RunningGateway.json(running.connect().send("hello").hear());
        assertThat(frame.path("message").asText()).isEqualTo("Forbidden");
        assertThat(frame.has("action")).isFalse();
    }

    /** "Set up WebSocket API integration responses": one-way, whatever the integration returns. */
    @Test
    void sendsNothingOfWhatAFunctionReturns() {
        running.audio.answering("{\"statusCode\":500,\"body\":\"not for you\"}");
        running.fallback.failing("to have something to wait for");
        Client client = running.connect().send(AUDIO.formatted(1)).send("x");
        assertThat(client.hear()).contains("Internal server error");
        assertThat(client.heardNothing()).isTrue();
    }

    /** As clients of the service report it; not on a page of the documentation. */
    @Test
    void tellsAnInternalServerErrorWhenTheFunctionFails() {
        running.audio.failing("a stack trace");
        Client client = running.connect().send(AUDIO.formatted(1));
        String frame = client.hear();
        JsonNode context = running.audio.next().path("requestContext");
        assertThat(frame)
                .isEqualTo("{\"message\": \"Internal server error\", \"connectionId\":\""
                        + context.path("connectionId").asText() + "\", \"requestId\":\""
                        + context.path("requestId").asText() + "\"}");
        assertThat(running.gateway.metrics().value(Counter.FUNCTION_ERRORS)).isOne();
    }

    /** As above: a malformed proxy answer. */
    @Test
    void tellsAnInternalServerErrorWhenTheAnswerHasNoStatus() {
        running.audio.answering("null");
        assertThat(running.connect().send(AUDIO.formatted(1)).hear()).contains("Internal server error");
    }

    /** Quotas page: 29 seconds; the text is not verified. */
    @Test
    void tellsATimeoutAfterTheIntegrationTimeout() {
        running.audio.silent();
        Client client = running.connect().send(AUDIO.formatted(1));
        running.audio.next();
        running.time.pass(Duration.ofSeconds(28));
        assertThat(client.heardNothing()).isTrue();
        running.time.pass(Duration.ofSeconds(1));
        assertThat(client.hear()).contains("Endpoint request timed out");
    }

    /** "Protect your WebSocket APIs in API Gateway"; the frame's text is not verified. */
    @Test
    void tellsTooManyRequestsOverTheRate() {
        restart(options -> options.throttle(new Throttle(10, 3)));
        Client client = running.connect();
        client.send(AUDIO.formatted(1)).send(AUDIO.formatted(2)).send(AUDIO.formatted(3));
        assertThat(client.hear()).contains("Too Many Requests");
        assertThat(running.audio.next().path("body").asText()).contains("1");
        assertThat(running.audio.next().path("body").asText()).contains("2");

        running.time.pass(Duration.ofMillis(100));
        client.send(AUDIO.formatted(4));
        assertThat(running.audio.next().path("body").asText()).contains("4");
        assertThat(running.gateway.metrics().value(Counter.MESSAGES_THROTTLED)).isOne();
    }

    /** "Binary media types for WebSocket APIs in API Gateway". */
    @Test
    void closesBinaryFramesWith1003() {
        Client client = running.connect();
        client.socket.writeBinaryMessage(Buffer.buffer("x"));
        assertThat(client.awaitClosed().code()).isEqualTo(1003);
        assertThat(running.disconnect
                        .next()
                        .path("requestContext")
                        .path("disconnectStatusCode")
                        .asInt())
                .isEqualTo(1003);
    }

    /** Quotas page: frame 32 KB; "closed with code 1009". Far beyond, the decoder's own bound does the same. */
    @ParameterizedTest
    @CsvSource({"32769", "131073", "1000000", "1048577", "3000000"})
    void closesFramesOver32KbWith1009(int bytes) {
        Client client = running.connect();
        client.socket.writeFrame(WebSocketFrame.textFrame("x".repeat(bytes), true));
        assertThat(client.awaitClosed().code()).isEqualTo(1009);
        assertThat(running.disconnect
                        .next()
                        .path("requestContext")
                        .path("disconnectStatusCode")
                        .asInt())
                .isEqualTo(1009);
        assertThat(running.fallback.waiting()).isZero();
    }

    /** Quotas page: message 128 KB in frames of 32 KB. */
    @Test
    void takesAMessageOf128KbInFramesOf32Kb() {
        Client client = running.connect();
        String frame = "y".repeat(32 * 1024);
        client.socket.writeFrame(WebSocketFrame.textFrame(frame, false));
        for (int i = 1; i <= 3; i++) {
            client.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(frame), i == 3));
        }
        assertThat(running.fallback.next().path("body").asText()).hasSize(128 * 1024);

        client.socket.writeFrame(WebSocketFrame.textFrame(frame, false));
        for (int i = 1; i <= 3; i++) {
            client.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer(frame), false));
        }
        client.socket.writeFrame(WebSocketFrame.continuationFrame(Buffer.buffer("z"), true));
        assertThat(client.awaitClosed().code()).isEqualTo(1009);
    }

    /** RFC 6455, 8.1. */
    @Test
    void closesTextThatIsNotUtf8With1007() {
        Client client = running.connect();
        client.socket.writeFrame(WebSocketFrame.textFrame("", false));
        client.socket.writeFrame(
                WebSocketFrame.continuationFrame(Buffer.buffer(new byte[] {'a', (byte) 0xC3, (byte) 0x28}), true));
        assertThat(client.awaitClosed().code()).isEqualTo(1007);
    }

    /** Not verified, but what asynchronous integrations make of it: no message waits for an earlier one. */
    @Test
    void invokesMessagesOfOneConnectionBesideEachOther() {
        running.audio.silent();
        Client client = running.connect();
        for (int i = 0; i < 10; i++) {
            client.send(AUDIO.formatted(i));
        }
        for (int i = 0; i < 10; i++) {
            running.audio.next();
        }
    }

    /** A bound of ours: a function that hangs must not make one client's messages pile up without end. */
    @Test
    void stopsReadingWhileTooManyMessagesArePending() {
        GatewayLimits limits = GatewayLimits.ofApiGateway();
        restart(options -> options.limits(
                new GatewayLimits(limits.idleTimeout(), limits.maxDuration(), limits.integrationTimeout(), 2, 1024)));
        List<CompletableFuture<byte[]>> answers = new ArrayList<>();
        running.audio.behaving(event -> {
            CompletableFuture<byte[]> answer = new CompletableFuture<>();
            answers.add(answer);
            return answer;
        });
        Client client = running.connect();
        Client other = running.connect();
        for (int i = 0; i < 5; i++) {
            client.send(AUDIO.formatted(i));
        }
        running.audio.next();
        running.audio.next();
        // What the other client sends later has been handled, so the third message would have been too.
        other.send("x");
        running.fallback.next();
        assertThat(running.audio.waiting()).isZero();

        answers.get(0).complete("{\"statusCode\":200}".getBytes());
        assertThat(running.audio.next().path("body").asText()).isEqualTo(AUDIO.formatted(2));
        answers.get(1).complete("{\"statusCode\":200}".getBytes());
        assertThat(running.audio.next().path("body").asText()).isEqualTo(AUDIO.formatted(3));
    }

    @Test
    void impairsAudioOnlyAndAsTheSeedSays() {
        Impairment impairment = new Impairment(0.3, 100, 200, 0.3, 9);
        restart(options -> options.impairment(impairment));
        running.connect();
        Client second = running.connect();
        List<Long> expectedDelays = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            second.send(AUDIO.formatted(i));
            for (long delay : impairment.arrivals(1, i)) {
                expectedDelays.add(delay);
            }
        }
        second.send("not audio");
        assertThat(running.fallback.next().path("body").asText()).isEqualTo("not audio");
        assertThat(running.audio.waiting()).isZero();

        for (int ms = 1; ms <= 300; ms++) {
            running.time.pass(Duration.ofMillis(1));
            for (long delay : expectedDelays) {
                if (delay == ms) {
                    assertThat(running.audio
                                    .next()
                                    .path("requestContext")
                                    .path("requestTimeEpoch")
                                    .asLong())
                            .isEqualTo(running.time.millis());
                }
            }
            assertThat(running.audio.waiting()).isZero();
        }
        assertThat(expectedDelays).hasSizeBetween(30, 60);
        assertThat(running.gateway.metrics().value(Counter.MESSAGES_LOST_BY_IMPAIRMENT))
                .isPositive();
        assertThat(running.gateway.metrics().value(Counter.MESSAGES_DOUBLED_BY_IMPAIRMENT))
                .isPositive();
    }
}
