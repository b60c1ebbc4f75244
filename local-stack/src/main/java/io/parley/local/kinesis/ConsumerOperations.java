package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import io.vertx.core.Context;
import io.vertx.core.http.HttpServerResponse;
import java.util.List;

/** Enhanced fan-out: consumers, ACTIVE at once, and their subscriptions. Call with the endpoint's monitor held. */
final class ConsumerOperations {

    /** From the RegisterStreamConsumer page of the API reference. */
    private static final int MAX_CONSUMERS = 20;

    private final StreamStore store;
    private final Timers timers;

    ConsumerOperations(StreamStore store, Timers timers) {
        this.store = store;
        this.timers = timers;
    }

    ObjectNode register(CallBody call) {
        KinesisStream stream = store.byArn(call.text("StreamARN"));
        String name = call.name("ConsumerName");
        if (stream.consumers().containsKey(name)) {
            throw new AwsException(
                    400, "ResourceInUseException", "Consumer " + name + " of the " + stream.inWords() + " exists.");
        }
        if (stream.consumers().size() == MAX_CONSUMERS) {
            throw new AwsException(
                    400,
                    "LimitExceededException",
                    "The " + stream.inWords() + " has " + MAX_CONSUMERS + " consumers, which is the most it may have.");
        }
        StreamConsumer consumer = new StreamConsumer(name, stream, store.nowMs());
        stream.consumers().put(name, consumer);
        ObjectNode reply = EdgeRequest.object();
        reply.set("Consumer", Replies.consumer(consumer, call));
        return reply;
    }

    ObjectNode deregister(CallBody call) {
        StreamConsumer consumer = store.consumer(call);
        consumer.stream().consumers().remove(consumer.name());
        consumer.endAll("ResourceNotFoundException", "Consumer " + consumer.arn() + " was deregistered.");
        return EdgeRequest.object();
    }

    ObjectNode describe(CallBody call) {
        StreamConsumer consumer = store.consumer(call);
        ObjectNode reply = EdgeRequest.object();
        reply.set(
                "ConsumerDescription",
                Replies.consumer(consumer, call)
                        .put("StreamARN", consumer.stream().arn()));
        return reply;
    }

    ObjectNode list(CallBody call) {
        KinesisStream stream = store.byArn(call.text("StreamARN"));
        int limit = call.integer("MaxResults", 100, 1, 10_000);
        String after = call.optionalText("NextToken");
        List<StreamConsumer> consumers = stream.consumers().values().stream()
                .filter(consumer -> after == null || consumer.name().compareTo(after) > 0)
                .toList();
        ObjectNode reply = EdgeRequest.object();
        ArrayNode page = reply.putArray("Consumers");
        consumers.stream().limit(limit).forEach(consumer -> page.add(Replies.consumer(consumer, call)));
        if (consumers.size() > limit) {
            reply.put("NextToken", consumers.get(limit - 1).name());
        }
        return reply;
    }

    /** Registers the subscription; the caller starts it. */
    Subscription subscribe(CallBody call, HttpServerResponse response, Context context) {
        StreamConsumer consumer = store.consumerByArn(call.text("ConsumerARN"));
        KinesisStream stream = consumer.stream();
        long nowMs = store.nowMs();
        KinesisShard shard = stream.shard(call.name("ShardId"), nowMs);
        long ordinal = StartingPosition.resolve(
                call.object("StartingPosition"), "Type", "SequenceNumber", stream, shard, nowMs);
        long pauseMs = store.options().resubscribePause().toMillis();
        if (consumer.subscribedWithin(shard.id(), pauseMs, nowMs)) {
            throw new AwsException(
                    400,
                    "ResourceInUseException",
                    "Consumer " + consumer.arn() + " subscribed to shard " + shard.id() + " less than " + pauseMs
                            + " ms ago.");
        }
        Subscription subscription = new Subscription(store, consumer, shard, ordinal, response, context, timers);
        subscription.register();
        return subscription;
    }
}
