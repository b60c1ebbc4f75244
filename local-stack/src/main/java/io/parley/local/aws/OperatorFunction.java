package io.parley.local.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.aws.AwsClients;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/** Calls the operator's Lambda ({@link io.parley.ingest.OperatorHandler}) through the Lambda API. */
public final class OperatorFunction {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaAsyncClient lambda;
    private final String function;

    /**
     * @param environment as {@link AwsClients} reads it
     * @param function name or ARN
     */
    public OperatorFunction(Map<String, String> environment, String function) {
        this.lambda = AwsClients.from(environment).lambda(TIMEOUT);
        this.function = Objects.requireNonNull(function);
    }

    /**
     * Gives what was done. Throws {@link IllegalStateException} that says why it was not, where the function said so,
     * failed, or could not be called.
     */
    public JsonNode perform(Map<String, Object> operation) {
        InvokeResponse response = invoke(operation);
        String text = response.payload() == null ? "" : response.payload().asUtf8String();
        if (response.functionError() != null) {
            throw new IllegalStateException(function + " failed: " + text);
        }
        JsonNode answer = json(text);
        if (!answer.path("done").isBoolean()) {
            throw new IllegalStateException(function + " answered " + text + ": is it the operator's function?");
        }
        if (!answer.path("done").asBoolean()) {
            throw new IllegalStateException(
                    answer.path("text").asText() + " (" + answer.path("code").asText() + ")");
        }
        return answer;
    }

    private InvokeResponse invoke(Map<String, Object> operation) {
        try {
            byte[] payload = JSON.writeValueAsBytes(operation);
            return lambda.invoke(call -> call.functionName(function).payload(SdkBytes.fromByteArray(payload)))
                    .join();
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        } catch (CompletionException e) {
            throw failure(e.getCause());
        } catch (SdkException e) {
            throw failure(e);
        }
    }

    private RuntimeException failure(Throwable cause) {
        if (cause instanceof AwsServiceException refusal && refusal.awsErrorDetails() != null) {
            return new IllegalStateException("Lambda refused to call " + function + ": "
                    + refusal.awsErrorDetails().errorMessage());
        }
        return new IllegalStateException("Lambda could not be asked to call " + function + ": " + cause.getMessage());
    }

    private static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (JsonProcessingException e) {
            return JSON.nullNode();
        }
    }
}
