package io.parley.local.kinesis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A registered consumer of a stream and its subscriptions by shard. Not safe for threads: see {@link KinesisShard}. */
final class StreamConsumer {

    private final String name;
    private final KinesisStream stream;
    private final long createdMs;
    private final Map<String, Subscription> subscriptions = new HashMap<>();
    private final Map<String, Long> subscribedMs = new HashMap<>();

    StreamConsumer(String name, KinesisStream stream, long createdMs) {
        this.name = name;
        this.stream = stream;
        this.createdMs = createdMs;
    }

    String name() {
        return name;
    }

    KinesisStream stream() {
        return stream;
    }

    long createdMs() {
        return createdMs;
    }

    String arn() {
        return stream.arn() + "/consumer/" + name + ":" + createdMs / 1_000;
    }

    /** Whether this consumer subscribed to the shard, successfully, within that time. */
    boolean subscribedWithin(String shardId, long pauseMs, long nowMs) {
        Long last = subscribedMs.get(shardId);
        return last != null && nowMs - last < pauseMs;
    }

    /** Takes over the shard; an earlier subscription fails with ResourceInUseException, as AWS has it. */
    void subscribe(String shardId, Subscription subscription, long nowMs) {
        subscribedMs.put(shardId, nowMs);
        Subscription earlier = subscriptions.put(shardId, subscription);
        if (earlier != null) {
            earlier.fail("ResourceInUseException", "Another subscription took over shard " + shardId + ".");
        }
    }

    void unsubscribe(String shardId, Subscription subscription) {
        subscriptions.remove(shardId, subscription);
    }

    void endAll(String code, String message) {
        List<Subscription> all = new ArrayList<>(subscriptions.values());
        subscriptions.clear();
        all.forEach(subscription -> subscription.fail(code, message));
    }
}
