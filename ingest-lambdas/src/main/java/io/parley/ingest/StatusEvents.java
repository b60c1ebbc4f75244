package io.parley.ingest;

import io.parley.core.chunk.Chunk;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.FailureLog;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.event.SendAudioEvent.Status;
import io.parley.core.options.EventGranularity;
import io.parley.core.pace.ConnectionPace;
import io.parley.core.port.EventPublisher;
import io.parley.ingest.IngestMetrics.Counter;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the event bus is told of a chunk on its way in, and of which chunks it is told. Of one connection at most one
 * PENDING and one FAILED a second, but in {@code chunk} mode every PENDING, and FAILED of whatever was PENDING. Thread
 * safe; the futures never fail, but say whether the bus has the event.
 */
final class StatusEvents {

    private static final Logger LOG = LoggerFactory.getLogger(StatusEvents.class);

    private final EventPublisher publisher;
    private final EventGranularity granularity;
    private final Clock clock;
    private final IngestMetrics metrics;
    private final ConnectionPace pendingPace = new ConnectionPace();
    private final ConnectionPace failedPace = new ConnectionPace();
    private final FailureLog failures;

    StatusEvents(EventPublisher publisher, EventGranularity granularity, Clock clock, IngestMetrics metrics) {
        this.publisher = Objects.requireNonNull(publisher);
        this.granularity = Objects.requireNonNull(granularity);
        this.clock = Objects.requireNonNull(clock);
        this.metrics = Objects.requireNonNull(metrics);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    /** Whether this chunk's way is to be reported; to ask is to use up the connection's turn. */
    boolean report(Sender sender, Chunk chunk) {
        return switch (granularity) {
            case CHUNK -> true;
            case NONE -> false;
            case UTTERANCE ->
                (chunk.spurtOffset() == 0 || chunk.isEndOfSpurt())
                        && pendingPace.tryTake(sender.connection(), clock.millis());
        };
    }

    /**
     * @param objectKey empty where the chunk is not kept
     * @param takenInMs when the chunk's ingest began: before the job can have seen it, whenever this is called
     */
    CompletableFuture<Boolean> pending(Sender sender, String room, Chunk chunk, String objectKey, long takenInMs) {
        return publish(event(Status.PENDING, sender, room, chunk, takenInMs).objectKey(objectKey));
    }

    /** A chunk that was not taken; room and chunk are null as far as they could not be read. */
    CompletableFuture<Boolean> refused(Sender sender, String room, Chunk chunk, ErrorCode reason) {
        if (!failedPace.tryTake(sender.connection(), clock.millis())) {
            return CompletableFuture.completedFuture(true);
        }
        return failed(sender, room, chunk, reason);
    }

    /** A chunk that was reported as PENDING and then failed. */
    CompletableFuture<Boolean> failed(Sender sender, String room, Chunk chunk, ErrorCode reason) {
        return publish(event(Status.FAILED, sender, room, chunk, clock.millis()).reason(reason));
    }

    private static SendAudioEvent.Builder event(
            Status status, Sender sender, String room, Chunk chunk, long timestampMs) {
        SendAudioEvent.Builder event = SendAudioEvent.of(status, timestampMs)
                .speaker(
                        room == null ? "" : room,
                        sender.participant() == null ? "" : sender.participant(),
                        sender.connection())
                .message(sender.requestId(), sender.arrivalTimeMs())
                .gateway(sender.domainName(), sender.stage());
        if (chunk != null) {
            event.chunk(chunk.codec().name().toLowerCase(Locale.ROOT), chunk.sequence(), chunk.frameCount());
        }
        return event;
    }

    private CompletableFuture<Boolean> publish(SendAudioEvent.Builder event) {
        return Started.call(() -> publisher.publish(List.of(event.build()))).handle((refused, failure) -> {
            if (failure == null && refused == 0) {
                return true;
            }
            metrics.add(Counter.EVENT_FAILURES, 1);
            failures.failed(
                    "an event was not published",
                    failure == null ? new IllegalStateException("the bus refused it") : Started.cause(failure));
            return false;
        });
    }
}
