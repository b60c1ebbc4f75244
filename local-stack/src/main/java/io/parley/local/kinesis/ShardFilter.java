package io.parley.local.kinesis;

import io.parley.local.edge.AwsException;
import java.util.Set;
import java.util.function.Predicate;

/** ListShards' ShardFilter, as the API reference's page of that data type has it. Absent, every shard is listed. */
record ShardFilter(String type, String shardId, long timestampMs) {

    private static final String ALL = "FROM_TRIM_HORIZON";
    private static final Set<String> TYPES =
            Set.of("AFTER_SHARD_ID", "AT_TRIM_HORIZON", ALL, "AT_LATEST", "AT_TIMESTAMP", "FROM_TIMESTAMP");

    static ShardFilter of(CallBody call) {
        if (!call.has("ShardFilter")) {
            return new ShardFilter(ALL, "", 0);
        }
        CallBody body = call.object("ShardFilter");
        String type = body.text("Type");
        if (!TYPES.contains(type)) {
            throw AwsException.validation(
                    CallBody.detected(type, "shardFilter.type", "satisfy enum value set: " + TYPES));
        }
        String shardId = body.optionalName("ShardId");
        Long timestamp = body.optionalTime("Timestamp");
        if (type.equals("AFTER_SHARD_ID") && shardId == null) {
            throw new AwsException(400, "InvalidArgumentException", "ShardFilter AFTER_SHARD_ID needs a ShardId.");
        }
        if (type.endsWith("_TIMESTAMP") && timestamp == null) {
            throw new AwsException(400, "InvalidArgumentException", "ShardFilter " + type + " needs a Timestamp.");
        }
        return new ShardFilter(type, shardId == null ? "" : shardId, timestamp == null ? 0 : timestamp);
    }

    Predicate<KinesisShard> on(KinesisStream stream, long nowMs) {
        long horizonMs = Math.max(stream.createdMs(), nowMs - stream.retention().toMillis());
        switch (type) {
            case "AFTER_SHARD_ID":
                return shard -> shard.id().compareTo(shardId) > 0;
            case "AT_TRIM_HORIZON":
                return shard -> shard.wasOpenAt(horizonMs);
            case "AT_LATEST":
                return KinesisShard::isOpen;
            case "AT_TIMESTAMP":
                return shard -> shard.wasOpenAt(timestampMs);
            case "FROM_TIMESTAMP":
                return shard -> shard.wasOpenSince(timestampMs);
            default:
                return shard -> true;
        }
    }
}
