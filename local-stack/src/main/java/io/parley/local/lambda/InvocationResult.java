package io.parley.local.lambda;

import java.nio.charset.StandardCharsets;

/**
 * What an invocation answered.
 *
 * @param requestId of the invocation, as the handler's context had it
 * @param payload the handler's answer, or for a failed one the error object {@code {errorMessage, errorType, stackTrace}}
 * @param failed whether the function failed; AWS then answers 200 with X-Amz-Function-Error: Unhandled
 */
public record InvocationResult(String requestId, byte[] payload, boolean failed) {

    public String text() {
        return new String(payload, StandardCharsets.UTF_8);
    }
}
