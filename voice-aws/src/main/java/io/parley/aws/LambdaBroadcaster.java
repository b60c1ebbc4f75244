package io.parley.aws;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.lambda.LambdaAsyncClient;
import software.amazon.awssdk.services.lambda.model.InvocationType;
import software.amazon.awssdk.services.lambda.model.InvokeRequest;
import software.amazon.awssdk.services.lambda.model.InvokeResponse;

/**
 * Hands broadcast requests to the broadcast Lambda through Lambda's Invoke and brings back its answer. Never blocks,
 * never tries again. The payloads are {@code {"request":"<base64>"}} and {@code {"answer":"<base64>"}}. Thread safe.
 */
public final class LambdaBroadcaster {

    private static final byte[] HEAD = "{\"request\":\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] TAIL = "\"}".getBytes(StandardCharsets.US_ASCII);
    private static final ObjectMapper JSON = new ObjectMapper();

    private final LambdaAsyncClient lambda;
    private final String function;

    /** @param function name or ARN */
    public LambdaBroadcaster(LambdaAsyncClient lambda, String function) {
        this.lambda = Objects.requireNonNull(lambda);
        this.function = Objects.requireNonNull(function);
    }

    /**
     * Completes with what the function answered. Fails with a {@link io.parley.core.error.ParleyException} of
     * {@code UNAVAILABLE} when Lambda is throttled or out of reach, and with an {@link IllegalStateException} when the
     * function failed or its answer cannot be read.
     */
    public CompletionStage<BroadcastAnswer> broadcast(BroadcastRequest request) {
        return lambda.invoke(InvokeRequest.builder()
                        .functionName(function)
                        .invocationType(InvocationType.REQUEST_RESPONSE)
                        .payload(SdkBytes.fromByteArrayUnsafe(payload(request)))
                        .build())
                .handle((response, failure) -> {
                    if (failure != null) {
                        throw ServiceFailure.translate("lambda", failure);
                    }
                    return answer(response);
                });
    }

    static byte[] payload(BroadcastRequest request) {
        byte[] encoded = Base64.getEncoder().encode(request.toByteArray());
        byte[] payload = new byte[HEAD.length + encoded.length + TAIL.length];
        System.arraycopy(HEAD, 0, payload, 0, HEAD.length);
        System.arraycopy(encoded, 0, payload, HEAD.length, encoded.length);
        System.arraycopy(TAIL, 0, payload, HEAD.length + encoded.length, TAIL.length);
        return payload;
    }

    private BroadcastAnswer answer(InvokeResponse response) {
        String text = response.payload() == null ? "" : response.payload().asUtf8String();
        if (response.functionError() != null) {
            throw new IllegalStateException(function + " failed (" + response.functionError() + "): " + text);
        }
        try {
            JsonNode answer = JSON.readTree(text).path("answer");
            if (!answer.isTextual()) {
                throw new IllegalStateException(function + " gave no answer, but " + text);
            }
            return BroadcastAnswer.parseFrom(Base64.getDecoder().decode(answer.textValue()));
        } catch (JsonProcessingException | InvalidProtocolBufferException | IllegalArgumentException e) {
            throw new IllegalStateException(function + " gave an answer that cannot be read: " + e.getMessage(), e);
        }
    }
}
