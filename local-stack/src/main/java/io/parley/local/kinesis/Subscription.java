package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.EdgeRequest;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * One SubscribeToShard answer: pushes what a shard takes in, as soon as it does, until its five minutes are over, the
 * shard ends, or the client goes.
 *
 * <p>All of its own state belongs to the request's Vert.x context; the other threads only {@link #wake} or
 * {@link #fail} it, which hop there. The shard is read under the endpoint's monitor and written out without it. While
 * the client does not keep up ({@code writeQueueFull}) nothing is read: records wait in the shard, not in a queue.
 */
final class Subscription {

    /** What one event may carry; far below the event-stream's own 16 MB. */
    private static final long MAX_EVENT_BYTES = 1 << 20;

    private static final int MAX_EVENT_RECORDS = 10_000;

    private final StreamStore store;
    private final StreamConsumer consumer;
    private final KinesisShard shard;
    private final HttpServerResponse response;
    private final Context context;
    private final Timers timers;
    private final CallBody json = new CallBody(EdgeRequest.object(), false);
    private final RateWindow readBytes;
    private final AtomicBoolean woken = new AtomicBoolean();
    private final Runnable tail = this::wake;

    private long ordinal;
    private long lastSentMs;
    private boolean ended;
    private boolean resting;
    private Runnable cancelHeartbeat = () -> {};
    private Runnable cancelEnd = () -> {};

    Subscription(
            StreamStore store,
            StreamConsumer consumer,
            KinesisShard shard,
            long ordinal,
            HttpServerResponse response,
            Context context,
            Timers timers) {
        this.store = store;
        this.consumer = consumer;
        this.shard = shard;
        this.ordinal = ordinal;
        this.response = response;
        this.context = context;
        this.timers = timers;
        this.readBytes = new RateWindow(store.options().readBytesPerSecond());
    }

    /** Takes the shard over for its consumer. Call with the endpoint's monitor held, then {@link #start} without. */
    void register() {
        consumer.subscribe(shard.id(), this, store.nowMs());
        shard.addTail(tail);
    }

    /** Answers the request and begins to push. Call on the request's context. */
    void start() {
        response.setStatusCode(200)
                .putHeader("Content-Type", EventFrames.CONTENT_TYPE)
                .setChunked(true)
                .closeHandler(closed -> finish())
                .exceptionHandler(failure -> finish())
                .drainHandler(drained -> push());
        send(EventFrames.initialResponse());
        cancelEnd = timers.after(store.options().subscriptionLifetime(), onContext(this::end));
        scheduleHeartbeat(store.options().heartbeat());
        wake();
    }

    /** Looks for records soon; many calls until then are one. Any thread. */
    private void wake() {
        if (woken.compareAndSet(false, true)) {
            context.runOnContext(ignored -> {
                woken.set(false);
                push();
            });
        }
    }

    /** Ends with an exception event. Any thread. */
    void fail(String code, String message) {
        context.runOnContext(ignored -> {
            if (!ended) {
                send(EventFrames.exception(code, message));
                end();
            }
        });
    }

    private void push() {
        while (!ended && !resting && !response.writeQueueFull()) {
            long nowMs = store.nowMs();
            long waitMs = readBytes.waitMs(nowMs);
            if (waitMs > 0) {
                rest(waitMs);
                return;
            }
            RecordBatch batch = read(nowMs);
            if (batch.records().isEmpty() && !batch.endOfShard()) {
                return;
            }
            readBytes.take(batch.bytes(), nowMs);
            sendEvent(batch);
            if (batch.endOfShard()) {
                end();
            }
        }
    }

    private void rest(long waitMs) {
        resting = true;
        timers.after(Duration.ofMillis(waitMs), onContext(() -> {
            resting = false;
            push();
        }));
    }

    private RecordBatch read(long nowMs) {
        synchronized (store) {
            return shard.read(
                    ordinal,
                    MAX_EVENT_RECORDS,
                    MAX_EVENT_BYTES,
                    nowMs,
                    consumer.stream().retention().toMillis());
        }
    }

    private void sendEvent(RecordBatch batch) {
        ObjectNode event = EdgeRequest.object();
        Replies.records(event, batch.records(), json);
        event.put("MillisBehindLatest", batch.millisBehindLatest());
        ordinal = batch.nextOrdinal();
        synchronized (store) {
            if (batch.endOfShard()) {
                Replies.childShards(event, shard);
            } else {
                event.put(
                        "ContinuationSequenceNumber",
                        shard.numberBefore(ordinal).toString());
            }
        }
        send(EventFrames.subscribeToShardEvent(event));
    }

    private void scheduleHeartbeat(Duration delay) {
        cancelHeartbeat = timers.after(delay, onContext(this::beat));
    }

    private void beat() {
        if (ended) {
            return;
        }
        push();
        long nowMs = store.nowMs();
        long periodMs = store.options().heartbeat().toMillis();
        if (!ended && nowMs - lastSentMs >= periodMs && !response.writeQueueFull() && !resting) {
            sendEvent(read(nowMs));
        }
        long silentMs = Math.max(0, nowMs - lastSentMs);
        if (!ended) {
            scheduleHeartbeat(Duration.ofMillis(silentMs >= periodMs ? periodMs : periodMs - silentMs));
        }
    }

    private void send(Buffer frame) {
        lastSentMs = store.nowMs();
        response.write(frame);
    }

    private void end() {
        if (!ended) {
            response.end();
            finish();
        }
    }

    private void finish() {
        if (ended) {
            return;
        }
        ended = true;
        cancelHeartbeat.run();
        cancelEnd.run();
        synchronized (store) {
            shard.removeTail(tail);
            consumer.unsubscribe(shard.id(), this);
        }
    }

    private Runnable onContext(Runnable task) {
        return () -> context.runOnContext(ignored -> task.run());
    }
}
