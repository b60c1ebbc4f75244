package io.parley.local.kinesis;

import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.StartingPosition;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEvent;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardEventStream;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardRequest;
import software.amazon.awssdk.services.kinesis.model.SubscribeToShardResponseHandler;

/** One SubscribeToShard call of a test: its events in a queue. */
final class ShardSubscriber implements Subscriber<SubscribeToShardEventStream> {

    private final BlockingQueue<SubscribeToShardEvent> events = new LinkedBlockingQueue<>();
    private final CompletableFuture<Subscription> started = new CompletableFuture<>();
    private final CompletableFuture<Void> completion;
    private final long demand;

    ShardSubscriber(
            KinesisAsyncClient kinesis, String consumerArn, String shard, StartingPosition position, long demand) {
        this.demand = demand;
        this.completion = kinesis.subscribeToShard(
                SubscribeToShardRequest.builder()
                        .consumerARN(consumerArn)
                        .shardId(shard)
                        .startingPosition(position)
                        .build(),
                SubscribeToShardResponseHandler.builder()
                        .onEventStream(publisher -> publisher.subscribe(this))
                        .build());
        completion.whenComplete((done, failure) -> {
            if (failure != null) {
                started.completeExceptionally(failure);
            }
        });
    }

    ShardSubscriber awaitStart() {
        started.join();
        return this;
    }

    CompletableFuture<Void> completion() {
        return completion;
    }

    void request(long more) {
        started.join().request(more);
    }

    void cancel() {
        started.thenAccept(Subscription::cancel);
        completion.cancel(true);
    }

    boolean hasEvent() {
        return !events.isEmpty();
    }

    SubscribeToShardEvent next() {
        try {
            SubscribeToShardEvent event = events.poll(30, TimeUnit.SECONDS);
            if (event == null) {
                throw new AssertionError("no event came; the call is " + completion);
            }
            return event;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The records of the next event that has any. */
    List<Record> nextRecords() {
        List<Record> records = next().records();
        while (records.isEmpty()) {
            records = next().records();
        }
        return records;
    }

    @Override
    public void onSubscribe(Subscription subscription) {
        started.complete(subscription);
        if (demand > 0) {
            subscription.request(demand);
        }
    }

    @Override
    public void onNext(SubscribeToShardEventStream event) {
        if (event instanceof SubscribeToShardEvent) {
            events.add((SubscribeToShardEvent) event);
        }
    }

    @Override
    public void onError(Throwable failure) {
        started.completeExceptionally(failure);
    }

    @Override
    public void onComplete() {
        // The call's future says so.
    }
}
