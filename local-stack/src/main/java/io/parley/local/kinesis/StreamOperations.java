package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The calls about streams as a whole. Streams are ACTIVE at once and gone at once: there is no CREATING, UPDATING or
 * DELETING to wait through. Call with the endpoint's monitor held.
 */
final class StreamOperations {

    private static final int MAX_SHARDS = 1_000;
    private static final int ON_DEMAND_SHARDS = 4;
    private static final int MIN_RETENTION_HOURS = 24;
    private static final int MAX_RETENTION_HOURS = 8_760;
    private static final int MAX_TAGS = 50;

    private final StreamStore store;

    StreamOperations(StreamStore store) {
        this.store = store;
    }

    ObjectNode create(CallBody call) {
        String name = call.name("StreamName");
        String mode =
                call.has("StreamModeDetails") ? call.object("StreamModeDetails").text("StreamMode") : "PROVISIONED";
        if (!mode.equals("PROVISIONED") && !mode.equals("ON_DEMAND")) {
            throw AwsException.validation(CallBody.detected(
                    mode, "streamModeDetails.streamMode", "satisfy enum value set: [PROVISIONED, ON_DEMAND]"));
        }
        if (mode.equals("PROVISIONED") && !call.has("ShardCount")) {
            throw AwsException.validation("ShardCount is required for a stream in PROVISIONED mode.");
        }
        int shards = call.integer("ShardCount", ON_DEMAND_SHARDS, 1, MAX_SHARDS);
        Map<String, String> tags = call.has("Tags") ? call.texts("Tags", MAX_TAGS) : Map.of();
        store.create(name, mode, shards).tags().putAll(tags);
        return EdgeRequest.object();
    }

    ObjectNode delete(CallBody call) {
        KinesisStream stream = store.named(call);
        if (!stream.consumers().isEmpty() && !call.flag("EnforceConsumerDeletion")) {
            throw new AwsException(
                    400,
                    "ResourceInUseException",
                    "The " + stream.inWords() + " has registered consumers: "
                            + String.join(", ", stream.consumers().keySet())
                            + ". Deregister them or set EnforceConsumerDeletion.");
        }
        store.delete(stream);
        return EdgeRequest.object();
    }

    ObjectNode describe(CallBody call) {
        KinesisStream stream = store.named(call);
        String after = call.optionalName("ExclusiveStartShardId");
        int limit = call.integer("Limit", 100, 1, 10_000);
        List<KinesisShard> shards = stream.shards(store.nowMs()).stream()
                .filter(shard -> after == null || shard.id().compareTo(after) > 0)
                .toList();
        ObjectNode reply = EdgeRequest.object();
        ObjectNode description = reply.putObject("StreamDescription").setAll(Replies.stream(stream, call));
        ArrayNode page = description.putArray("Shards");
        shards.stream().limit(limit).map(Replies::shard).forEach(page::add);
        description.put("HasMoreShards", shards.size() > limit);
        return reply;
    }

    ObjectNode describeSummary(CallBody call) {
        KinesisStream stream = store.named(call);
        ObjectNode reply = EdgeRequest.object();
        reply.putObject("StreamDescriptionSummary")
                .<ObjectNode>setAll(Replies.stream(stream, call))
                .put("OpenShardCount", stream.openShards())
                .put("ConsumerCount", stream.consumers().size());
        return reply;
    }

    ObjectNode list(CallBody call) {
        String after = call.has("NextToken") ? call.text("NextToken") : call.optionalName("ExclusiveStartStreamName");
        int limit = call.integer("Limit", 100, 1, 10_000);
        List<KinesisStream> streams = store.after(after == null ? "" : after);
        ObjectNode reply = EdgeRequest.object();
        ArrayNode names = reply.putArray("StreamNames");
        ArrayNode summaries = reply.putArray("StreamSummaries");
        for (KinesisStream stream : streams.subList(0, Math.min(limit, streams.size()))) {
            names.add(stream.name());
            summaries.add(Replies.streamSummary(stream, call));
        }
        reply.put("HasMoreStreams", streams.size() > limit);
        if (streams.size() > limit) {
            reply.put("NextToken", streams.get(limit - 1).name());
        }
        return reply;
    }

    ObjectNode increaseRetention(CallBody call) {
        KinesisStream stream = store.named(call);
        int hours = retentionHours(call);
        if (hours < stream.retention().toHours()) {
            throw invalid("Requested retention period (" + hours + " hours) for the " + stream.inWords()
                    + " can not be shorter than the existing one ("
                    + stream.retention().toHours() + " hours).");
        }
        stream.keepFor(Duration.ofHours(hours));
        return EdgeRequest.object();
    }

    ObjectNode decreaseRetention(CallBody call) {
        KinesisStream stream = store.named(call);
        int hours = retentionHours(call);
        if (hours > stream.retention().toHours()) {
            throw invalid("Requested retention period (" + hours + " hours) for the " + stream.inWords()
                    + " can not be longer than the existing one ("
                    + stream.retention().toHours() + " hours).");
        }
        stream.keepFor(Duration.ofHours(hours));
        return EdgeRequest.object();
    }

    ObjectNode addTags(CallBody call) {
        KinesisStream stream = store.named(call);
        Map<String, String> added = call.texts("Tags", MAX_TAGS);
        long more = added.keySet().stream()
                .filter(key -> !stream.tags().containsKey(key))
                .count();
        if (stream.tags().size() + more > MAX_TAGS) {
            throw invalid("The " + stream.inWords() + " would have more than " + MAX_TAGS + " tags.");
        }
        stream.tags().putAll(added);
        return EdgeRequest.object();
    }

    ObjectNode removeTags(CallBody call) {
        KinesisStream stream = store.named(call);
        call.tree("TagKeys").forEach(key -> stream.tags().remove(key.asText()));
        return EdgeRequest.object();
    }

    ObjectNode listTags(CallBody call) {
        KinesisStream stream = store.named(call);
        String after = call.optionalText("ExclusiveStartTagKey");
        int limit = call.integer("Limit", MAX_TAGS, 1, MAX_TAGS);
        List<Map.Entry<String, String>> tags = stream.tags().entrySet().stream()
                .filter(tag -> after == null || tag.getKey().compareTo(after) > 0)
                .toList();
        ObjectNode reply = EdgeRequest.object();
        ArrayNode page = reply.putArray("Tags");
        tags.stream()
                .limit(limit)
                .forEach(tag -> page.addObject().put("Key", tag.getKey()).put("Value", tag.getValue()));
        return reply.put("HasMoreTags", tags.size() > limit);
    }

    private static int retentionHours(CallBody call) {
        int hours = call.integer("RetentionPeriodHours", 0, Integer.MIN_VALUE, Integer.MAX_VALUE);
        if (hours < MIN_RETENTION_HOURS || hours > MAX_RETENTION_HOURS) {
            throw invalid("Requested retention period (" + hours + " hours) must be from " + MIN_RETENTION_HOURS
                    + " to " + MAX_RETENTION_HOURS + " hours.");
        }
        return hours;
    }

    private static AwsException invalid(String message) {
        return new AwsException(400, "InvalidArgumentException", message);
    }
}
