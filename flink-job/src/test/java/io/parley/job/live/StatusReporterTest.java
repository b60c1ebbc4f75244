package io.parley.job.live;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.envelope.ObjectKeys;
import io.parley.core.error.ErrorCode;
import io.parley.core.event.SendAudioEvent;
import io.parley.core.event.SendAudioEvent.Status;
import io.parley.core.options.SystemOptions;
import io.parley.core.wire.ChunkReference;
import io.parley.job.JobMetrics;
import io.parley.job.JobOptions;
import io.parley.job.ManualClock;
import io.parley.job.MemoryMetrics;
import io.parley.job.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class StatusReporterTest {

    private static final long START = 1_790_000_000_000L;

    private final MemoryEventPublisher publisher = new MemoryEventPublisher();
    private final MemoryMetrics metrics = new MemoryMetrics();
    private final ManualClock clock = new ManualClock(START);

    @Test
    void namesTheChunkAndWhereItLies() {
        reporter(new Settings()).processing("room", List.of(chunk(7)));

        SendAudioEvent event = publisher.events().get(0);
        assertThat(event.status()).isEqualTo(Status.PROCESSING);
        assertThat(event.room()).isEqualTo("room");
        assertThat(event.participant()).isEqualTo("ann");
        assertThat(event.connection()).isEqualTo("connection");
        assertThat(event.requestId()).isEqualTo("request-7");
        assertThat(event.format()).isEqualTo("opus");
        assertThat(event.sequence()).isEqualTo(7);
        assertThat(event.frameCount()).isEqualTo(5);
        assertThat(event.arrivalTimeMs()).isEqualTo(START);
        assertThat(event.timestampMs()).isEqualTo(START);
        assertThat(event.objectKey()).isEqualTo(ObjectKeys.chunk("room", "ann", "connection", START, 7));
    }

    @Test
    void namesNoObjectWhereChunksAreNotKept() {
        reporter(new Settings().with(SystemOptions.ARCHIVE_MODE, "off")).processing("room", List.of(chunk(7)));

        assertThat(publisher.events().get(0).objectKey()).isEmpty();
    }

    @Test
    void givesTheReasonOfAFailure() {
        StatusReporter reporter = reporter(new Settings());
        reporter.failed("room", List.of(chunk(1).toBuilder().setReason("late").build()));
        reporter.failed(
                "room", List.of(chunk(2).toBuilder().setReason("of the future").build()));

        assertThat(publisher.events())
                .extracting(SendAudioEvent::reason)
                .containsExactly(ErrorCode.LATE, ErrorCode.INTERNAL);
    }

    @Test
    void tellsOncePerSecondAndConnectionOfFailuresOfWhichTheBusKnowsNothing() {
        StatusReporter reporter = reporter(new Settings());
        List<ChunkReference> flood = chunks(0, 50).stream()
                .map(chunk -> chunk.toBuilder()
                        .setReason("rate_limited")
                        .setUnreported(true)
                        .build())
                .collect(Collectors.toList());
        reporter.failed("room", flood);
        reporter.failed("room", flood);
        reporter.failed(
                "room",
                List.of(flood.get(0).toBuilder().setConnection("another").build(), chunk(99)));

        assertThat(publisher.events())
                .extracting(event -> event.connection() + " " + event.sequence())
                .containsExactly("connection 0", "another 0", "connection 99");
        assertThat(metrics.count(JobMetrics.EVENTS_WITHHELD)).isEqualTo(99);
        assertThat(reporter.drained().isDone()).isTrue();

        clock.setMs(START + 1_000);
        reporter.failed("room", flood);
        assertThat(publisher.events()).hasSize(4);
    }

    @Test
    void publishesFailuresOnlyWhereEventsAreOff() {
        StatusReporter reporter = reporter(new Settings().with(SystemOptions.EVENT_GRANULARITY, "none"));
        reporter.processing("room", List.of(chunk(1)));
        reporter.completed("room", List.of(chunk(1)));
        reporter.failed("room", List.of(chunk(1)), ErrorCode.BROADCAST_FAILED);

        assertThat(publisher.events()).extracting(SendAudioEvent::status).containsExactly(Status.FAILED);
    }

    @Test
    void batchesAtMostTenAndHasAtMostFourCallsInFlight() {
        publisher.hold();
        StatusReporter reporter = reporter(new Settings());
        reporter.processing("room", chunks(0, 57));
        assertThat(publisher.batches())
                .hasSize(4)
                .allSatisfy(batch -> assertThat(batch).hasSize(10));
        publisher.release(0, 0);
        publisher.release(1, 0);

        assertThat(publisher.batches()).hasSize(6);
        assertThat(publisher.events())
                .extracting(SendAudioEvent::sequence)
                .containsExactlyElementsOf(
                        chunks(0, 57).stream().map(ChunkReference::getSequence).collect(Collectors.toList()));
    }

    @Test
    void dropsTheOldestWhenTooManyWait() {
        publisher.hold();
        StatusReporter reporter = reporter(new Settings().with(JobOptions.MAX_WAITING_EVENTS, 10));
        reporter.processing("room", chunks(0, 10));
        for (int call = 1; call < 4; call++) {
            reporter.processing("room", chunks(10 * call, 10));
        }
        assertThat(publisher.batches()).hasSize(4);
        reporter.processing("room", chunks(40, 13));
        assertThat(metrics.count(JobMetrics.EVENTS_DROPPED)).isEqualTo(3);
        publisher.release(0, 0);

        assertThat(publisher.batches().get(4))
                .extracting(SendAudioEvent::sequence)
                .startsWith(43)
                .hasSize(10);
    }

    @Test
    void countsWhatTheBusRefusedAndGoesOn() {
        publisher.hold();
        StatusReporter reporter = reporter(new Settings());
        reporter.processing("room", chunks(0, 10));
        reporter.processing("room", chunks(10, 10));
        publisher.fail(0, new IllegalStateException("no route"));
        publisher.release(1, 3);

        assertThat(metrics.count(JobMetrics.EVENTS_REFUSED)).isEqualTo(13);
        assertThat(metrics.count(JobMetrics.EVENTS_PUBLISHED)).isEqualTo(7);
        assertThat(reporter.drained()).isDone();
    }

    private StatusReporter reporter(Settings settings) {
        return new StatusReporter(publisher, settings.options(), clock, metrics);
    }

    private static List<ChunkReference> chunks(int from, int count) {
        List<ChunkReference> chunks = new ArrayList<>();
        for (int sequence = from; sequence < from + count; sequence++) {
            chunks.add(chunk(sequence));
        }
        return chunks;
    }

    private static ChunkReference chunk(int sequence) {
        return ChunkReference.newBuilder()
                .setParticipant("ann")
                .setConnection("connection")
                .setRequestId("request-" + sequence)
                .setArrivalTimeMs(START)
                .setSequence(sequence)
                .setFrameCount(5)
                .build();
    }
}
