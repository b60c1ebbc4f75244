package io.parley.core.metric;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class EmbeddedMetricsTest {

    private final AtomicLong nowMs = new AtomicLong(1_790_000_000_000L);
    private final List<String> lines = new ArrayList<>();
    private final EmbeddedMetrics metrics = new EmbeddedMetrics("ingest", new SteppingClock(), lines::add);
    private final AtomicLong chunks = new AtomicLong();

    @Test
    void reportsAtOnceAndThenOnceAMinuteWhatCameSince() {
        metrics.counter("chunksTaken", chunks::get);
        chunks.set(3);
        metrics.report();
        chunks.set(5);
        metrics.report();
        assertThat(lines)
                .containsExactly(
                        "{\"_aws\":{\"Timestamp\":1790000000000,\"CloudWatchMetrics\":[{\"Namespace\":\"Parley\","
                                + "\"Dimensions\":[[\"function\"]],\"Metrics\":[{\"Name\":\"chunksTaken\",\"Unit\":\"Count\"}]}]},"
                                + "\"function\":\"ingest\",\"chunksTaken\":3}");

        nowMs.addAndGet(EmbeddedMetrics.REPORT_EVERY_MS);
        metrics.report();
        assertThat(lines).hasSize(2).last().asString().endsWith(",\"chunksTaken\":2}");
    }

    @Test
    void leavesOutWhatIsZeroAndWritesNoLineOfNothing() {
        metrics.counter("chunksTaken", chunks::get);
        metrics.counter("floods", () -> 1);
        metrics.report();
        assertThat(lines).singleElement().asString().contains("floods").doesNotContain("chunksTaken");

        nowMs.addAndGet(EmbeddedMetrics.REPORT_EVERY_MS);
        metrics.report();
        assertThat(lines).hasSize(1);
    }

    @Test
    void givesTimesOneByOneAndOnce() {
        EmbeddedMetrics.Timings timings = metrics.timings("ingestMs");
        timings.add(4);
        timings.add(9);
        metrics.report();
        assertThat(lines)
                .singleElement()
                .asString()
                .contains("{\"Name\":\"ingestMs\",\"Unit\":\"Milliseconds\"}")
                .endsWith(",\"ingestMs\":[4,9]}");

        nowMs.addAndGet(EmbeddedMetrics.REPORT_EVERY_MS);
        metrics.report();
        assertThat(lines).hasSize(1);
    }

    @Test
    void givesNoMoreTimesThanTheFormatTakes() {
        EmbeddedMetrics.Timings timings = metrics.timings("ingestMs");
        for (int i = 0; i < 250; i++) {
            timings.add(7);
        }
        metrics.report();
        assertThat(lines).singleElement().asString().endsWith("[" + "7,".repeat(99) + "7]}");
    }

    @Test
    void refusesANameThatWouldBreakTheLine() {
        assertThatThrownBy(() -> metrics.timings("a\"b")).isInstanceOf(IllegalArgumentException.class);
    }

    private final class SteppingClock extends Clock {

        @Override
        public ZoneId getZone() {
            throw new UnsupportedOperationException();
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Instant instant() {
            return Instant.ofEpochMilli(nowMs.get());
        }
    }
}
