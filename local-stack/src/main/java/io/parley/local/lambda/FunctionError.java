package io.parley.local.lambda;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** The error object that the Java runtime reports for a failed function. */
final class FunctionError {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int MAX_CAUSES = 8;

    private FunctionError() {}

    static byte[] of(Throwable failure) {
        return bytes(tree(failure, MAX_CAUSES));
    }

    /** An error of the service rather than of the code: no stack trace. */
    static byte[] of(String type, String message) {
        return bytes(JSON.createObjectNode().put("errorType", type).put("errorMessage", message));
    }

    private static ObjectNode tree(Throwable failure, int causes) {
        ObjectNode error = JSON.createObjectNode();
        error.put("errorMessage", failure.getMessage());
        error.put("errorType", failure.getClass().getName());
        ArrayNode trace = error.putArray("stackTrace");
        for (StackTraceElement element : failure.getStackTrace()) {
            String frame = element.getClassName();
            if (frame.equals(TypedHandler.class.getName()) || frame.startsWith(FunctionRunner.class.getName())) {
                // Below are the runtime's own frames, which it does not report either.
                break;
            }
            trace.add(element.toString());
        }
        if (failure.getCause() != null && causes > 0) {
            error.set("cause", tree(failure.getCause(), causes - 1));
        }
        return error;
    }

    private static byte[] bytes(ObjectNode error) {
        try {
            return JSON.writeValueAsBytes(error);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of our own could not be written", e);
        }
    }
}
