package io.parley.local.events;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * One entry of PutEvents, checked as EventBridge does.
 *
 * <p>A bad entry fails by itself with a code and leaves its neighbours alone. (The API reference says that a request in
 * which no entry is complete fails as a whole; that could not be tried, so that here, as in other emulators, each such
 * entry fails by itself.)
 */
final class EventEntry {

    /** Longest DetailType ("PutEventsRequestEntry", EventBridge API reference). */
    private static final int MAX_DETAIL_TYPE_CHARACTERS = 128;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    private final JsonNode entry;

    EventEntry(JsonNode entry) {
        this.entry = entry;
    }

    /** Bytes by the rule of "Calculating PutEvents event entry size", EventBridge user guide. */
    int size() {
        int size = entry.hasNonNull("Time") ? 14 : 0;
        size += bytes(entry.path("Source")) + bytes(entry.path("DetailType")) + bytes(entry.path("Detail"));
        for (JsonNode resource : entry.path("Resources")) {
            size += bytes(resource);
        }
        return size;
    }

    /** The name in EventBusName, which may be an ARN; {@code default} where there is none. */
    String busName() {
        return EventBuses.busName(entry.path("EventBusName").asText(null));
    }

    /** The event as rules and targets see it; throws the entry's error, of which code and message are answered. */
    ObjectNode envelope(String id, String account, String region, Instant now) {
        String source = required("Source");
        String detailType = required("DetailType");
        String detail = required("Detail");
        if (source.startsWith("aws.")) {
            throw new AwsException(400, "NotAuthorizedForSourceException", "Not authorized for the source.");
        }
        if (detailType.length() > MAX_DETAIL_TYPE_CHARACTERS) {
            throw invalid(
                    "DetailType",
                    "DetailType has " + detailType.length() + " characters, at most " + MAX_DETAIL_TYPE_CHARACTERS
                            + " are allowed");
        }
        ObjectNode envelope = EdgeRequest.object();
        envelope.put("version", "0");
        envelope.put("id", id);
        envelope.put("detail-type", detailType);
        envelope.put("source", source);
        envelope.put("account", account);
        envelope.put("time", time(now).truncatedTo(ChronoUnit.SECONDS).toString());
        envelope.put("region", region);
        ArrayNode resources = envelope.putArray("resources");
        entry.path("Resources").forEach(resources::add);
        envelope.set("detail", object(detail));
        return envelope;
    }

    private Instant time(Instant now) {
        JsonNode time = entry.path("Time");
        return time.isNumber() ? Instant.ofEpochMilli(Math.round(time.asDouble() * 1000)) : now;
    }

    private static JsonNode object(String detail) {
        JsonNode tree;
        try {
            tree = JSON.readTree(detail);
        } catch (JsonProcessingException e) {
            tree = null;
        }
        if (tree == null || !tree.isObject()) {
            throw new AwsException(400, "MalformedDetail", "Detail is malformed.");
        }
        return tree;
    }

    private String required(String member) {
        String value = entry.path(member).asText("");
        if (value.isEmpty()) {
            throw invalid(member, member + " is a required argument.");
        }
        return value;
    }

    private static AwsException invalid(String member, String reason) {
        return new AwsException(400, "InvalidArgument", "Parameter " + member + " is not valid. Reason: " + reason);
    }

    private static int bytes(JsonNode text) {
        return text.isTextual() ? text.textValue().getBytes(StandardCharsets.UTF_8).length : 0;
    }
}
