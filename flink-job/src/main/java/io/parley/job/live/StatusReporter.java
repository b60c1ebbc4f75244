package io.parley.job.live;

import io.parley.core.chunk.Codec;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.event.SendAudioEvent.Status;
import io.parley.core.pace.ConnectionPace;
import io.parley.core.port.EventPublisher;
import io.parley.core.wire.ChunkReference;
import io.parley.job.JobMetrics;
import io.parley.job.JobOptions;
import io.parley.job.MicroClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.slf4j.LoggerFactory;

/**
 * Tells the event bus what became of chunks, by and by: at most ten events a call (the limit of PutEvents), a few
 * calls in flight, the rest in a bounded queue that drops its oldest. Never blocks, never throws, tries nothing twice.
 * That a chunk failed of which the bus knows nothing is told once a second for each connection: the bill of a flood.
 *
 * <p>Events of one chunk are queued in their order, but the bus promises none. Thread safe: the queue and the number
 * of calls are guarded by this object, which is never held while a call is made.
 */
final class StatusReporter {

    private static final int MAX_BATCH = 10;
    private static final int MAX_CALLS = 4;

    private final EventPublisher publisher;
    private final JobOptions options;
    private final boolean keepsChunks;
    private final int maxWaiting;
    private final MicroClock clock;
    private final FailureLog log;
    private final Counter published;
    private final Counter refused;
    private final Counter dropped;
    private final Counter withheld;

    private final ArrayDeque<SendAudioEvent> waiting = new ArrayDeque<>();
    /** Of chunks that the bus knows nothing of, one event a second for each connection. */
    private final ConnectionPace pace = new ConnectionPace();

    private int calls;
    /** Whether a thread is making calls; keeps answers that come at once from nesting. */
    private boolean publishing;
    /** Completed when nothing waits and no call is in flight. */
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);

    StatusReporter(EventPublisher publisher, JobOptions options, MicroClock clock, MetricGroup metrics) {
        this.publisher = publisher;
        this.options = options;
        this.keepsChunks = options.archiveMode().keepsChunks();
        this.maxWaiting = options.get(JobOptions.MAX_WAITING_EVENTS);
        this.clock = clock;
        this.log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(StatusReporter.class)::warn);
        this.published = metrics.counter(JobMetrics.EVENTS_PUBLISHED, new ThreadSafeSimpleCounter());
        this.refused = metrics.counter(JobMetrics.EVENTS_REFUSED, new ThreadSafeSimpleCounter());
        this.dropped = metrics.counter(JobMetrics.EVENTS_DROPPED, new ThreadSafeSimpleCounter());
        this.withheld = metrics.counter(JobMetrics.EVENTS_WITHHELD, new ThreadSafeSimpleCounter());
    }

    void processing(String room, List<ChunkReference> chunks) {
        report(Status.PROCESSING, room, chunks, null);
    }

    void completed(String room, List<ChunkReference> chunks) {
        report(Status.COMPLETED, room, chunks, null);
    }

    /** Each with the reason that it carries. */
    void failed(String room, List<ChunkReference> chunks) {
        report(Status.FAILED, room, chunks, null);
    }

    void failed(String room, List<ChunkReference> chunks, ErrorCode reason) {
        report(Status.FAILED, room, chunks, reason);
    }

    /** Completes when all that was reported before is done with. */
    synchronized CompletableFuture<Void> drained() {
        return idle;
    }

    private void report(Status status, String room, List<ChunkReference> chunks, ErrorCode reason) {
        if (chunks.isEmpty() || !options.publishes(status)) {
            return;
        }
        long nowMs = clock.nowMs();
        synchronized (this) {
            for (int i = 0; i < chunks.size(); i++) {
                if (chunks.get(i).getUnreported() && !pace.tryTake(chunks.get(i).getConnection(), nowMs)) {
                    withheld.inc();
                    continue;
                }
                waiting.add(event(status, room, chunks.get(i), reason, nowMs));
                if (waiting.size() > maxWaiting) {
                    waiting.remove();
                    dropped.inc();
                }
            }
            if (!waiting.isEmpty() && idle.isDone()) {
                idle = new CompletableFuture<>();
            }
        }
        publish();
    }

    private void publish() {
        synchronized (this) {
            if (publishing) {
                return; // the loop below, of whichever thread, goes on
            }
            publishing = true;
        }
        for (List<SendAudioEvent> batch = next(); batch != null; batch = next()) {
            List<SendAudioEvent> sent = batch;
            call(sent).whenComplete((refusals, failure) -> {
                if (failure != null) {
                    refused.inc(sent.size());
                    log.failed("the event bus could not be reached: " + failure);
                } else {
                    published.inc((long) sent.size() - refusals);
                    refused.inc(refusals);
                    if (refusals > 0) {
                        log.failed("the event bus refused " + refusals + " of " + sent.size() + " events");
                    }
                }
                release();
                publish();
            });
        }
    }

    private CompletionStage<Integer> call(List<SendAudioEvent> batch) {
        try {
            return publisher.publish(batch);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private synchronized List<SendAudioEvent> next() {
        if (waiting.isEmpty() || calls == MAX_CALLS) {
            publishing = false;
            return null;
        }
        List<SendAudioEvent> batch = new ArrayList<>(Math.min(MAX_BATCH, waiting.size()));
        while (batch.size() < MAX_BATCH && !waiting.isEmpty()) {
            batch.add(waiting.remove());
        }
        calls++;
        return batch;
    }

    private synchronized void release() {
        calls--;
        if (calls == 0 && waiting.isEmpty()) {
            idle.complete(null);
        }
    }

    private SendAudioEvent event(Status status, String room, ChunkReference chunk, ErrorCode reason, long nowMs) {
        SendAudioEvent.Builder event = SendAudioEvent.of(status, nowMs)
                .speaker(room, chunk.getParticipant(), chunk.getConnection())
                .chunk(format(chunk.getCodec()), chunk.getSequence(), chunk.getFrameCount())
                .message(chunk.getRequestId(), chunk.getArrivalTimeMs());
        if (keepsChunks) {
            event.objectKey(ObjectKeys.chunk(
                    room,
                    chunk.getParticipant(),
                    chunk.getConnection(),
                    chunk.getArrivalTimeMs(),
                    chunk.getSequence()));
        }
        if (status == Status.FAILED) {
            event.reason(reason != null ? reason : reason(chunk.getReason()));
        }
        return event.build();
    }

    private static String format(int codec) {
        Codec known = Codec.byId(codec);
        return known == null ? "" : known.name().toLowerCase(Locale.ROOT);
    }

    private static ErrorCode reason(String code) {
        for (ErrorCode known : ErrorCode.values()) {
            if (known.code().equals(code)) {
                return known;
            }
        }
        return ErrorCode.INTERNAL;
    }
}
