package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.EdgeRequest;
import java.util.List;

/** The model's parts as the API reference's data types. Times are written as the call's encoding has them. */
final class Replies {

    private Replies() {}

    static ObjectNode shard(KinesisShard shard) {
        ObjectNode tree = EdgeRequest.object().put("ShardId", shard.id());
        if (!shard.parents().isEmpty()) {
            tree.put("ParentShardId", shard.parents().get(0).id());
        }
        if (shard.parents().size() > 1) {
            tree.put("AdjacentParentShardId", shard.parents().get(1).id());
        }
        tree.set("HashKeyRange", hashKeyRange(shard.range()));
        ObjectNode numbers = tree.putObject("SequenceNumberRange");
        numbers.put("StartingSequenceNumber", shard.startingSequenceNumber().toString());
        shard.endingSequenceNumber().ifPresent(end -> numbers.put("EndingSequenceNumber", end.toString()));
        return tree;
    }

    static void childShards(ObjectNode tree, KinesisShard closed) {
        ArrayNode children = tree.putArray("ChildShards");
        for (KinesisShard child : closed.children()) {
            ObjectNode node = children.addObject().put("ShardId", child.id());
            ArrayNode parents = node.putArray("ParentShards");
            child.parents().forEach(parent -> parents.add(parent.id()));
            node.set("HashKeyRange", hashKeyRange(child.range()));
        }
    }

    static void records(ObjectNode tree, List<StoredRecord> records, CallBody call) {
        ArrayNode array = tree.putArray("Records");
        for (StoredRecord record : records) {
            ObjectNode node = array.addObject();
            node.put("SequenceNumber", record.sequenceNumber().toString());
            node.set("ApproximateArrivalTimestamp", call.time(record.arrivalMs()));
            node.put("Data", record.data());
            node.put("PartitionKey", record.partitionKey());
        }
    }

    /** What StreamDescription and StreamDescriptionSummary have in common. */
    static ObjectNode stream(KinesisStream stream, CallBody call) {
        ObjectNode tree = streamSummary(stream, call);
        tree.put("RetentionPeriodHours", stream.retention().toHours());
        tree.putArray("EnhancedMonitoring").addObject().putArray("ShardLevelMetrics");
        tree.put("EncryptionType", "NONE");
        return tree;
    }

    static ObjectNode streamSummary(KinesisStream stream, CallBody call) {
        ObjectNode tree = EdgeRequest.object();
        tree.put("StreamName", stream.name());
        tree.put("StreamARN", stream.arn());
        tree.put("StreamStatus", "ACTIVE");
        tree.putObject("StreamModeDetails").put("StreamMode", stream.mode());
        tree.set("StreamCreationTimestamp", call.time(stream.createdMs()));
        return tree;
    }

    static ObjectNode consumer(StreamConsumer consumer, CallBody call) {
        ObjectNode tree = EdgeRequest.object();
        tree.put("ConsumerName", consumer.name());
        tree.put("ConsumerARN", consumer.arn());
        tree.put("ConsumerStatus", "ACTIVE");
        tree.set("ConsumerCreationTimestamp", call.time(consumer.createdMs()));
        return tree;
    }

    private static ObjectNode hashKeyRange(HashKeyRange range) {
        return EdgeRequest.object()
                .put("StartingHashKey", range.start().toString())
                .put("EndingHashKey", range.end().toString());
    }
}
