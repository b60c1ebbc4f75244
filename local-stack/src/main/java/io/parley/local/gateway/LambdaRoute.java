package io.parley.local.gateway;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.local.lambda.FunctionRegistry;
import io.parley.local.lambda.InvocationResult;
import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** A route's function in the registry: invoked as the integration does, synchronously and without a retry. */
public final class LambdaRoute implements RouteFunction {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final FunctionRegistry functions;
    private final String name;

    public LambdaRoute(FunctionRegistry functions, String name) {
        this.functions = functions;
        this.name = name;
    }

    @Override
    public CompletionStage<byte[]> invoke(byte[] eventJson) {
        return functions.invoke(name, eventJson).thenApply(LambdaRoute::payload);
    }

    private static byte[] payload(InvocationResult result) {
        if (result.failed()) {
            throw new FunctionErrorException(errorMessage(result.payload()));
        }
        return result.payload();
    }

    private static String errorMessage(byte[] error) {
        try {
            return JSON.readTree(error).path("errorMessage").asText();
        } catch (IOException e) {
            return "the function failed without an error object";
        }
    }

    /** The function ran and failed; the message is the error object's {@code errorMessage}. */
    static final class FunctionErrorException extends RuntimeException {
        FunctionErrorException(String errorMessage) {
            super(errorMessage, null, false, false);
        }
    }
}
