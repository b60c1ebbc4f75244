package io.parley.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import com.amazonaws.services.lambda.runtime.events.APIGatewayCustomAuthorizerEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent;
import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.edge.AwsException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FunctionRegistryTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Clock clock = Clock.fixed(Instant.parse("2026-11-23T12:00:00Z"), ZoneOffset.UTC);
    private final FunctionRegistry functions =
            new FunctionRegistry(clock, "eu-central-1", "000000000000", Duration.ZERO);

    @AfterEach
    void close() {
        functions.close();
    }

    @Test
    void givesAWebSocketHandlerTheGatewaysEventAndTakesItsAnswer() throws Exception {
        functions.register(LocalFunction.of("message", MessageHandler::new));

        InvocationResult result = invoke("message", """
                {"requestContext":{"connectionId":"c-1","routeKey":"sendaudio","eventType":"MESSAGE",
                  "requestTimeEpoch":1795435200123,"authorizer":{"principalId":"ada","publish":true},
                  "identity":{"sourceIp":"127.0.0.1"}},
                 "body":"{\\"action\\":\\"sendaudio\\"}","isBase64Encoded":false,"aFieldOfTomorrow":1}""");

        assertThat(result.failed()).isFalse();
        JsonNode answer = JSON.readTree(result.payload());
        assertThat(answer.path("statusCode").asInt()).isEqualTo(200);
        assertThat(answer.path("body").asText())
                .isEqualTo("c-1 sendaudio 1795435200123 ada {\"action\":\"sendaudio\"}");
    }

    @Test
    void givesAnAuthorizerItsHeadersAndReturnsItsPolicyAsAMap() throws Exception {
        functions.register(LocalFunction.of("authorizer", AuthorizingHandler::new));

        InvocationResult result = invoke("authorizer", """
                {"type":"REQUEST","methodArn":"arn:aws:execute-api:eu-central-1:000000000000:api/live/$connect",
                 "headers":{"x-api-key":"k"},"requestContext":{"connectionId":"c-1","apiId":"api"}}""");

        assertThat(JSON.readTree(result.payload()))
                .isEqualTo(
                        JSON.readTree(
                                "{\"principalId\":\"k\",\"resource\":\"arn:aws:execute-api:eu-central-1:000000000000:api/live/$connect\"}"));
    }

    @Test
    void handsAStreamHandlerTheBytesAsTheyAre() throws Exception {
        RequestStreamHandler reverse = (in, out, context) -> {
            byte[] bytes = in.readAllBytes();
            for (int i = bytes.length - 1; i >= 0; i--) {
                out.write(bytes[i]);
            }
        };
        functions.register(LocalFunction.of("reverse", () -> reverse));

        assertThat(invoke("reverse", "\u0000abc").text()).isEqualTo("cba\u0000");
    }

    @Test
    void tellsTheHandlerWhoItIsAndHowLongItHas() throws Exception {
        RequestHandler<Object, String> handler = (input, context) -> context.getFunctionName() + " "
                + context.getInvokedFunctionArn() + " " + context.getRemainingTimeInMillis();
        functions.register(LocalFunction.of("who", () -> handler).withTimeout(Duration.ofSeconds(7)));

        assertThat(invoke("who", "{}").text())
                .isEqualTo("\"who arn:aws:lambda:eu-central-1:000000000000:function:who 7000\"");
    }

    @Test
    void reportsAFailureAsTheRuntimeDoes() throws Exception {
        RequestHandler<Object, String> handler = (input, context) -> {
            throw new IllegalStateException("no room", new ArithmeticException("inner"));
        };
        functions.register(LocalFunction.of("fails", () -> handler));

        InvocationResult result = invoke("fails", "{}");

        assertThat(result.failed()).isTrue();
        JsonNode error = JSON.readTree(result.payload());
        assertThat(error.path("errorMessage").asText()).isEqualTo("no room");
        assertThat(error.path("errorType").asText()).isEqualTo("java.lang.IllegalStateException");
        assertThat(error.path("stackTrace").path(0).asText()).contains("FunctionRegistryTest");
        assertThat(error.path("stackTrace").toString()).doesNotContain("FunctionRunner");
        assertThat(error.path("cause").path("errorMessage").asText()).isEqualTo("inner");
    }

    @Test
    void reportsAHandlerThatCannotBeMade() throws Exception {
        functions.register(LocalFunction.of("unset", () -> {
            throw new IllegalStateException("VOICE_STREAM is not set");
        }));

        InvocationResult result = invoke("unset", "{}");

        assertThat(result.failed()).isTrue();
        assertThat(result.text()).contains("VOICE_STREAM is not set");
    }

    @Test
    void reportsAnEventThatIsNotOfTheHandlersType() throws Exception {
        functions.register(LocalFunction.of("message", MessageHandler::new));

        InvocationResult result = invoke("message", "[1]");

        assertThat(result.failed()).isTrue();
        assertThat(JSON.readTree(result.payload()).path("errorMessage").asText())
                .isEqualTo("An error occurred during JSON parsing");
    }

    @Test
    void timesOutAHandlerInterruptsItAndMakesANewOne() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
        functions.register(LocalFunction.of("stuck", () -> {
                    made.incrementAndGet();
                    return (RequestHandler<Map<String, Object>, String>) (input, context) -> {
                        if (input.containsKey("wait")) {
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException e) {
                                interrupted.complete(true);
                            }
                        }
                        return "done";
                    };
                })
                .withTimeout(Duration.ofMillis(500)));

        InvocationResult result = invoke("stuck", "{\"wait\":1}");

        assertThat(result.failed()).isTrue();
        assertThat(result.text()).contains("Task timed out after 0.50 seconds").contains("Sandbox.Timedout");
        assertThat(interrupted.get(30, TimeUnit.SECONDS)).isTrue();
        assertThat(invoke("stuck", "{}").text()).isEqualTo("\"done\"");
        assertThat(made).hasValue(2);
    }

    @Test
    void throttlesBeyondTheConcurrencyWithoutWaiting() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        functions.register(LocalFunction.of("narrow", () -> waiting(go)).withConcurrency(2));
        CompletableFuture<InvocationResult> first = functions.invoke("narrow", bytes("{}"));
        CompletableFuture<InvocationResult> second = functions.invoke("narrow", bytes("{}"));

        assertThatThrownBy(() -> invoke("narrow", "{}"))
                .isInstanceOf(ExecutionException.class)
                .cause()
                .isInstanceOfSatisfying(AwsException.class, e -> {
                    assertThat(e.status()).isEqualTo(429);
                    assertThat(e.code()).isEqualTo("TooManyRequestsException");
                });

        go.countDown();
        assertThat(first.get(30, TimeUnit.SECONDS).failed()).isFalse();
        assertThat(second.get(30, TimeUnit.SECONDS).failed()).isFalse();
        assertThat(invoke("narrow", "{}").failed()).isFalse();
    }

    @Test
    void aPlaceIsFreeOnceTheAnswerIsThere() throws Exception {
        functions.register(LocalFunction.of("one", () -> (RequestHandler<Object, String>) (in, c) -> "ok")
                .withConcurrency(1));

        for (int i = 0; i < 500; i++) {
            assertThat(invoke("one", "{}").text()).isEqualTo("\"ok\"");
        }
    }

    @Test
    void makesOneHandlerForEachInvocationAtATimeAndKeepsIt() throws Exception {
        AtomicInteger made = new AtomicInteger();
        CountDownLatch bothRun = new CountDownLatch(2);
        functions.register(LocalFunction.of("pair", () -> {
            made.incrementAndGet();
            return (RequestHandler<Object, String>) (input, context) -> {
                bothRun.countDown();
                await(bothRun);
                return "ok";
            };
        }));

        CompletableFuture<InvocationResult> first = functions.invoke("pair", bytes("{}"));
        CompletableFuture<InvocationResult> second = functions.invoke("pair", bytes("{}"));
        first.get(30, TimeUnit.SECONDS);
        second.get(30, TimeUnit.SECONDS);
        invoke("pair", "{}");

        assertThat(made).hasValue(2);
    }

    @Test
    void anEventWaitsForAPlace() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        functions.register(LocalFunction.of("narrow", () -> waiting(go)).withConcurrency(1));
        functions.invoke("narrow", bytes("{}"));
        CompletableFuture<InvocationResult> event = functions.invokeEvent("narrow", bytes("{}"));
        CompletableFuture<InvocationResult> another = functions.invokeEvent("narrow", bytes("{}"));

        assertThat(event).isNotDone();
        go.countDown();

        assertThat(event.get(30, TimeUnit.SECONDS).failed()).isFalse();
        assertThat(another.get(30, TimeUnit.SECONDS).failed()).isFalse();
    }

    @Test
    void anEventIsTriedThreeTimesUnderOneRequestId() throws Exception {
        AtomicInteger runs = new AtomicInteger();
        Set<String> requestIds = ConcurrentHashMap.newKeySet();
        functions.register(LocalFunction.of("fails", () -> (RequestHandler<Object, String>) (input, context) -> {
            runs.incrementAndGet();
            requestIds.add(context.getAwsRequestId());
            throw new IllegalStateException("again");
        }));

        InvocationResult last = functions.invokeEvent("fails", bytes("{}")).get(30, TimeUnit.SECONDS);

        assertThat(last.failed()).isTrue();
        assertThat(runs).hasValue(3);
        assertThat(requestIds).hasSize(1);
    }

    @Test
    void findsAFunctionByAnyFormOfItsName() {
        functions.register(LocalFunction.of("who", MessageHandler::new));

        assertThat(functions.has("who")).isTrue();
        assertThat(functions.has("who:$LATEST")).isTrue();
        assertThat(functions.has("000000000000:function:who")).isTrue();
        assertThat(functions.has(functions.arnOf("who"))).isTrue();
        assertThat(functions.has("who:7")).isFalse();
        assertThat(functions.has("111111111111:function:who")).isFalse();
        assertThat(functions.has("arn:aws:lambda:us-east-1:000000000000:function:who"))
                .isFalse();
        assertThatThrownBy(() -> invoke("nobody", "{}"))
                .hasRootCauseMessage("Function not found: arn:aws:lambda:eu-central-1:000000000000:function:nobody");
    }

    private InvocationResult invoke(String name, String payload) throws Exception {
        return functions.invoke(name, bytes(payload)).get(30, TimeUnit.SECONDS);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static RequestHandler<Object, String> waiting(CountDownLatch go) {
        return (input, context) -> {
            await(go);
            return "ok";
        };
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Types two levels up, so that they must be found through a type variable. */
    private abstract static class Answering<E> implements RequestHandler<E, APIGatewayV2WebSocketResponse> {}

    private static final class MessageHandler extends Answering<APIGatewayV2WebSocketEvent> {
        @Override
        public APIGatewayV2WebSocketResponse handleRequest(APIGatewayV2WebSocketEvent event, Context context) {
            APIGatewayV2WebSocketEvent.RequestContext request = event.getRequestContext();
            Map<?, ?> authorizer = (Map<?, ?>) request.getAuthorizer();
            APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
            response.setStatusCode(200);
            response.setBody(request.getConnectionId() + " " + request.getRouteKey() + " "
                    + request.getRequestTimeEpoch() + " " + authorizer.get("principalId") + " " + event.getBody());
            return response;
        }
    }

    private static final class AuthorizingHandler
            implements RequestHandler<APIGatewayCustomAuthorizerEvent, Map<String, Object>> {
        @Override
        public Map<String, Object> handleRequest(APIGatewayCustomAuthorizerEvent event, Context context) {
            return Map.of("principalId", event.getHeaders().get("x-api-key"), "resource", event.getMethodArn());
        }
    }
}
