package io.parley.job.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import io.parley.job.ExportedMetrics;
import io.parley.job.JobMetrics;
import io.parley.job.MemoryMetrics;
import org.junit.jupiter.api.Test;

class TickMeterTest {

    @Test
    void cloudWatchIsToldWhyFramesWereNotHeard() {
        MemoryMetrics operator = new MemoryMetrics();
        LogOnly.Builder notPlayed = LogOnly.newBuilder();
        for (int i = 0; i < 60; i++) {
            notPlayed.addFrames(LogFrame.newBuilder().setDisposition(LogFrame.Disposition.LATE));
            notPlayed.addFrames(LogFrame.newBuilder().setDisposition(LogFrame.Disposition.SUPPRESSED));
            notPlayed.addFrames(LogFrame.newBuilder().setDisposition(LogFrame.Disposition.SUPPRESSED));
        }
        new TickMeter(operator)
                .left(RoomOutput.newBuilder()
                        .setTick(Tick.newBuilder()
                                .addEvents(Event.newBuilder()
                                        .setKind(Event.Kind.LOST)
                                        .setCount(180))
                                .setLogOnly(notPlayed))
                        .build());

        MemoryMetrics cloudWatch = operator.group(ExportedMetrics.GROUP);
        assertThat(cloudWatch.names())
                .containsExactlyInAnyOrder(
                        JobMetrics.ARRIVAL_LAG_TAIL,
                        JobMetrics.TIMER_DELAY_TAIL,
                        JobMetrics.FRAMES_LIVE_RATE,
                        JobMetrics.FRAMES_LOST_RATE,
                        JobMetrics.FRAMES_LATE_RATE,
                        JobMetrics.FRAMES_STALE_RATE,
                        JobMetrics.FRAMES_SUPPRESSED_RATE);
        assertThat(cloudWatch.rate(JobMetrics.FRAMES_LATE_RATE)).isEqualTo(1.0);
        assertThat(cloudWatch.rate(JobMetrics.FRAMES_SUPPRESSED_RATE)).isEqualTo(2.0);
        assertThat(cloudWatch.rate(JobMetrics.FRAMES_LOST_RATE)).isEqualTo(3.0);
        assertThat(cloudWatch.rate(JobMetrics.FRAMES_STALE_RATE)).isZero();
    }
}
