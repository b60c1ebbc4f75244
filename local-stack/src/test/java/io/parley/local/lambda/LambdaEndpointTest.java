package io.parley.local.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.parley.local.contract.Endpoint;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.lambda.LambdaClient;
import software.amazon.awssdk.services.lambda.model.InvalidRequestContentException;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;
import software.amazon.awssdk.services.lambda.model.RequestTooLargeException;
import software.amazon.awssdk.services.lambda.model.ResourceNotFoundException;
import software.amazon.awssdk.services.lambda.model.TooManyRequestsException;

class LambdaEndpointTest {

    private final FunctionRegistry functions =
            new FunctionRegistry(Clock.systemUTC(), "eu-central-1", "000000000000", Duration.ZERO);
    private final Endpoint endpoint = Endpoint.local(vertx -> List.of(new LambdaEndpoint(functions)));
    private final LambdaClient lambda = endpoint.client(LambdaClient.builder()
            .httpClient(UrlConnectionHttpClient.create())
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry())));

    @AfterEach
    void close() {
        lambda.close();
        endpoint.close();
        functions.close();
    }

    @Test
    void answersWithTheFunctionsPayload() {
        functions.register(LocalFunction.of("echo", () -> echo()));

        InvokeResponse response = invoke("echo", "{\"a\":[1,2]}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.payload().asUtf8String()).isEqualTo("{\"a\":[1,2]}");
        assertThat(response.functionError()).isNull();
        assertThat(response.executedVersion()).isEqualTo("$LATEST");
    }

    @Test
    void takesTheFunctionsArn() {
        functions.register(LocalFunction.of("echo", () -> echo()));

        assertThat(invoke(functions.arnOf("echo"), "7").payload().asUtf8String())
                .isEqualTo("7");
    }

    @Test
    void givesAFunctionAnEmptyObjectWhereThereIsNoPayload() {
        functions.register(LocalFunction.of("echo", () -> echo()));

        assertThat(lambda.invoke(r -> r.functionName("echo")).payload().asUtf8String())
                .isEqualTo("{}");
    }

    @Test
    void answers200WithAFunctionErrorWhereTheFunctionFails() {
        functions.register(LocalFunction.of("fails", () -> (RequestHandler<Object, Object>) (input, context) -> {
            throw new IllegalStateException("no");
        }));

        InvokeResponse response = invoke("fails", "{}");

        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.functionError()).isEqualTo("Unhandled");
        assertThat(response.payload().asUtf8String()).contains("\"errorMessage\":\"no\"");
    }

    @Test
    void takesAnEventAndAnswersAtOnce() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        CompletableFuture<Object> seen = new CompletableFuture<>();
        functions.register(LocalFunction.of("later", () -> (RequestHandler<Object, String>) (input, context) -> {
            try {
                go.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            seen.complete(input);
            return "unseen";
        }));

        InvokeResponse response = lambda.invoke(r -> r.functionName("later")
                .invocationType(InvocationType.EVENT)
                .payload(SdkBytes.fromUtf8String("{\"n\":1}")));

        assertThat(response.statusCode()).isEqualTo(202);
        assertThat(response.payload().asByteArray()).isEmpty();
        assertThat(seen).isNotDone();
        go.countDown();
        assertThat(seen.get(30, TimeUnit.SECONDS)).isEqualTo(Map.of("n", 1));
    }

    @Test
    void aDryRunRunsNothing() {
        functions.register(LocalFunction.of("never", () -> {
            throw new AssertionError("must not be made");
        }));

        assertThat(lambda.invoke(r -> r.functionName("never").invocationType(InvocationType.DRY_RUN))
                        .statusCode())
                .isEqualTo(204);
    }

    @Test
    void refusesWhatIsNotThereNotJsonOrTooLarge() {
        functions.register(LocalFunction.of("echo", () -> echo()));
        String oneMegabyte = "\"" + "x".repeat(LambdaEndpoint.MAX_EVENT_BYTES) + "\"";
        String sixMegabytes = "\"" + "x".repeat(LambdaEndpoint.MAX_SYNCHRONOUS_BYTES) + "\"";

        assertThatThrownBy(() -> invoke("nobody", "{}"))
                .isInstanceOf(ResourceNotFoundException.class)
                .hasMessageContaining("Function not found");
        assertThatThrownBy(() -> invoke("echo", "{\"a\":")).isInstanceOf(InvalidRequestContentException.class);
        assertThatThrownBy(() -> invoke("echo", "{} {}")).isInstanceOf(InvalidRequestContentException.class);
        assertThatThrownBy(() -> invoke("echo", sixMegabytes)).isInstanceOf(RequestTooLargeException.class);
        assertThatThrownBy(() -> lambda.invoke(r -> r.functionName("echo")
                        .invocationType(InvocationType.EVENT)
                        .payload(SdkBytes.fromUtf8String(oneMegabyte))))
                .isInstanceOf(RequestTooLargeException.class);
        assertThat(invoke("echo", oneMegabyte).payload().asUtf8String()).isEqualTo(oneMegabyte);
    }

    @Test
    void throttlesWith429() throws Exception {
        CountDownLatch go = new CountDownLatch(1);
        functions.register(LocalFunction.of("narrow", () -> (RequestHandler<Object, String>) (input, context) -> {
                    try {
                        go.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return "ok";
                })
                .withConcurrency(1));
        CompletableFuture<InvocationResult> first = functions.invoke("narrow", new byte[] {'7'});

        assertThatThrownBy(() -> invoke("narrow", "{}")).isInstanceOf(TooManyRequestsException.class);

        go.countDown();
        first.get(30, TimeUnit.SECONDS);
    }

    @Test
    void describesAFunction() {
        functions.register(LocalFunction.of("echo", () -> echo()).withTimeout(Duration.ofSeconds(5)));

        var described = lambda.getFunction(r -> r.functionName("echo"));

        assertThat(described.configuration().functionArn()).isEqualTo(functions.arnOf("echo"));
        assertThat(described.configuration().timeout()).isEqualTo(5);
    }

    private InvokeResponse invoke(String name, String payload) {
        return lambda.invoke(r -> r.functionName(name).payload(SdkBytes.fromUtf8String(payload)));
    }

    private static RequestStreamHandler echo() {
        return (in, out, context) -> in.transferTo(out);
    }
}
