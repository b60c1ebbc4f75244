package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import java.math.BigInteger;
import java.util.List;

/** ListShards, SplitShard, MergeShards. Resharding is done when the call returns. Call with the endpoint's monitor held. */
final class ShardOperations {

    private static final int MAX_RESULTS = 10_000;
    private static final int DEFAULT_RESULTS = 1_000;

    private final StreamStore store;

    ShardOperations(StreamStore store) {
        this.store = store;
    }

    ObjectNode list(CallBody call) {
        long nowMs = store.nowMs();
        int limit = call.integer("MaxResults", DEFAULT_RESULTS, 1, MAX_RESULTS);
        ShardPage start = startOf(call, nowMs);
        KinesisStream stream = store.byName(start.stream());
        List<KinesisShard> shards = stream.shards(nowMs).stream()
                .filter(shard -> shard.id().compareTo(start.afterShard()) > 0)
                .filter(start.filter().on(stream, nowMs))
                .toList();
        ObjectNode reply = EdgeRequest.object();
        ArrayNode page = reply.putArray("Shards");
        shards.stream().limit(limit).map(Replies::shard).forEach(page::add);
        if (shards.size() > limit) {
            String last = shards.get(limit - 1).id();
            reply.put("NextToken", new ShardPage(start.stream(), last, start.filter(), nowMs).toString());
        }
        return reply;
    }

    ObjectNode split(CallBody call) {
        KinesisStream stream = store.named(call);
        KinesisShard shard = stream.shard(call.name("ShardToSplit"), store.nowMs());
        call.text("NewStartingHashKey");
        BigInteger newStart = call.optionalHashKey("NewStartingHashKey");
        stream.split(shard, newStart, store.nowMs());
        return EdgeRequest.object();
    }

    ObjectNode merge(CallBody call) {
        KinesisStream stream = store.named(call);
        KinesisShard shard = stream.shard(call.name("ShardToMerge"), store.nowMs());
        KinesisShard adjacent = stream.shard(call.name("AdjacentShardToMerge"), store.nowMs());
        stream.merge(shard, adjacent, store.nowMs());
        return EdgeRequest.object();
    }

    private ShardPage startOf(CallBody call, long nowMs) {
        if (!call.has("NextToken")) {
            String after = call.optionalName("ExclusiveStartShardId");
            String stream = store.named(call).name();
            return new ShardPage(stream, after == null ? "" : after, ShardFilter.of(call), nowMs);
        }
        if (call.has("StreamName") || call.has("ExclusiveStartShardId") || call.has("ShardFilter")) {
            throw new AwsException(
                    400,
                    "InvalidArgumentException",
                    "NextToken and StreamName, ExclusiveStartShardId or ShardFilter cannot be provided together.");
        }
        return ShardPage.parse(call.text("NextToken"), nowMs);
    }
}
