package io.parley.local.kinesis;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.EdgeRequest;
import io.vertx.core.buffer.Buffer;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.eventstream.HeaderValue;
import software.amazon.eventstream.Message;

/**
 * SubscribeToShard's answer in the encoding {@code application/vnd.amazon.eventstream}: JSON payloads, whatever the
 * request was in. Source: the Smithy page "Amazon Event Stream Specification".
 */
final class EventFrames {

    static final String CONTENT_TYPE = "application/vnd.amazon.eventstream";
    private static final ObjectMapper JSON = new ObjectMapper();

    private EventFrames() {}

    static Buffer initialResponse() {
        return event("initial-response", EdgeRequest.object());
    }

    static Buffer subscribeToShardEvent(ObjectNode event) {
        return event("SubscribeToShardEvent", event);
    }

    static Buffer exception(String code, String message) {
        Map<String, HeaderValue> headers = headers("exception");
        headers.put(":exception-type", HeaderValue.fromString(code));
        return frame(headers, EdgeRequest.object().put("message", message));
    }

    private static Buffer event(String type, JsonNode payload) {
        Map<String, HeaderValue> headers = headers("event");
        headers.put(":event-type", HeaderValue.fromString(type));
        return frame(headers, payload);
    }

    private static Map<String, HeaderValue> headers(String messageType) {
        Map<String, HeaderValue> headers = new LinkedHashMap<>();
        headers.put(":message-type", HeaderValue.fromString(messageType));
        headers.put(":content-type", HeaderValue.fromString("application/json"));
        return headers;
    }

    private static Buffer frame(Map<String, HeaderValue> headers, JsonNode payload) {
        try {
            byte[] json = JSON.writeValueAsBytes(payload);
            ByteBuffer encoded = new Message(headers, json).toByteBuffer();
            byte[] frame = new byte[encoded.remaining()];
            encoded.get(frame);
            return Buffer.buffer(frame);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of our own could not be written", e);
        }
    }
}
