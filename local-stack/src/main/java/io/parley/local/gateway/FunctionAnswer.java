package io.parley.local.gateway;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.Map;

/**
 * What a Lambda proxy integration returned.
 *
 * @param subprotocol the Sec-WebSocket-Protocol header; null where there is none
 */
record FunctionAnswer(int statusCode, String subprotocol) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Null where it is no proxy answer: not an object, or without an integer {@code statusCode}. */
    static FunctionAnswer parse(byte[] bytes) {
        JsonNode answer;
        try {
            answer = JSON.readTree(bytes);
        } catch (IOException e) {
            return null;
        }
        JsonNode status = answer.path("statusCode");
        if (!status.canConvertToInt()) {
            return null;
        }
        String subprotocol = null;
        for (Map.Entry<String, JsonNode> header : answer.path("headers").properties()) {
            if (header.getKey().equalsIgnoreCase("Sec-WebSocket-Protocol")
                    && header.getValue().isTextual()) {
                subprotocol = header.getValue().asText();
            }
        }
        return new FunctionAnswer(status.intValue(), subprotocol);
    }
}
