package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.parley.local.edge.EdgeService;
import io.vertx.core.Vertx;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * Kinesis Data Streams as producers and consumers see it, polling and enhanced fan-out, in memory.
 *
 * <p>What it copies is in the AWS API reference of Kinesis, page by page of the operations, and in "Quotas and limits":
 * shards by MD5 of the partition key, rates per shard, partial failures of PutRecords, iterators that expire, splits and
 * merges, subscriptions of five minutes. What it does not: records are lost with the process; a shard keeps
 * {@link KinesisOptions#maxBytesPerShard} at most; every change is done when its call returns; records of at most 1 MiB;
 * no encryption, on-demand scaling, resource policies or UpdateShardCount (such a call is an UnknownOperationException).
 *
 * <p>Safe for threads: one monitor, the store, guards all of the model. Nothing under it blocks.
 */
public final class KinesisEndpoint implements EdgeService {

    private final Vertx vertx;
    private final StreamStore store;
    private final ConsumerOperations consumers;
    private final Map<String, Function<CallBody, JsonNode>> operations = new HashMap<>();

    public KinesisEndpoint(Vertx vertx, Clock clock, KinesisOptions options) {
        this(vertx, clock, Timers.of(vertx), options);
    }

    KinesisEndpoint(Vertx vertx, Clock clock, Timers timers, KinesisOptions options) {
        this.vertx = vertx;
        this.store = new StreamStore(clock, options);
        this.consumers = new ConsumerOperations(store, timers);
        StreamOperations streams = new StreamOperations(store);
        operations.put("CreateStream", streams::create);
        operations.put("DeleteStream", streams::delete);
        operations.put("DescribeStream", streams::describe);
        operations.put("DescribeStreamSummary", streams::describeSummary);
        operations.put("ListStreams", streams::list);
        operations.put("IncreaseStreamRetentionPeriod", streams::increaseRetention);
        operations.put("DecreaseStreamRetentionPeriod", streams::decreaseRetention);
        operations.put("AddTagsToStream", streams::addTags);
        operations.put("RemoveTagsFromStream", streams::removeTags);
        operations.put("ListTagsForStream", streams::listTags);
        ShardOperations shards = new ShardOperations(store);
        operations.put("ListShards", shards::list);
        operations.put("SplitShard", shards::split);
        operations.put("MergeShards", shards::merge);
        RecordOperations records = new RecordOperations(store);
        operations.put("PutRecord", records::put);
        operations.put("PutRecords", records::putAll);
        operations.put("GetShardIterator", records::shardIterator);
        operations.put("GetRecords", records::get);
        operations.put("RegisterStreamConsumer", consumers::register);
        operations.put("DeregisterStreamConsumer", consumers::deregister);
        operations.put("DescribeStreamConsumer", consumers::describe);
        operations.put("ListStreamConsumers", consumers::list);
    }

    /** A stream that is there before anyone calls. Any thread. */
    public void createStream(String name, int shards) {
        synchronized (store) {
            store.create(name, "PROVISIONED", shards);
        }
    }

    @Override
    public String signingName() {
        return "kinesis";
    }

    @Override
    public void handle(EdgeRequest request) {
        CallBody call = new CallBody(request.tree(), request.isCbor());
        if (request.operation().equals("SubscribeToShard")) {
            subscribe(request, call);
            return;
        }
        Function<CallBody, JsonNode> operation = operations.get(request.operation());
        if (operation == null) {
            throw new AwsException(
                    400,
                    "UnknownOperationException",
                    "The local Kinesis does not have the operation '" + request.operation() + "'.");
        }
        JsonNode reply;
        synchronized (store) {
            reply = operation.apply(call);
        }
        request.reply(reply);
    }

    private void subscribe(EdgeRequest request, CallBody call) {
        Subscription subscription;
        synchronized (store) {
            subscription = consumers.subscribe(call, request.response(), vertx.getOrCreateContext());
        }
        request.response().putHeader("x-amzn-RequestId", request.requestId());
        subscription.start();
    }
}
