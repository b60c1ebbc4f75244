package io.parley.job.room;

import com.google.protobuf.ByteString;
import io.parley.core.tick.LiveFrames;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import io.parley.job.ExportedMetrics;
import io.parley.job.JobMetrics;
import java.util.Locale;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;

/** Counts what goes through the ordering operator. Per-frame code; runs on the task's thread. */
final class TickMeter {

    private static final int WINDOW = 1024;

    private final Histogram arrivalLag;
    private final Histogram timerDelay;
    private final Counter ticks;
    private final Counter live;
    private final Counter lost;
    private final Counter[] notPlayed = new Counter[LogFrame.Disposition.values().length];

    TickMeter(MetricGroup group) {
        arrivalLag = group.histogram(JobMetrics.ARRIVAL_LAG_MS, new DescriptiveStatisticsHistogram(WINDOW));
        timerDelay = group.histogram(JobMetrics.TIMER_DELAY_MS, new DescriptiveStatisticsHistogram(WINDOW));
        ticks = group.counter(JobMetrics.TICKS_CLOSED);
        live = group.counter(JobMetrics.FRAMES_LIVE);
        lost = group.counter(JobMetrics.FRAMES_LOST);
        for (LogFrame.Disposition disposition : LogFrame.Disposition.values()) {
            notPlayed[disposition.ordinal()] = group.addGroup(
                            "disposition", disposition.name().toLowerCase(Locale.ROOT))
                    .counter(JobMetrics.FRAMES_NOT_PLAYED);
        }
        ExportedMetrics exported = new ExportedMetrics(group);
        exported.tail(JobMetrics.ARRIVAL_LAG_TAIL, arrivalLag);
        exported.tail(JobMetrics.TIMER_DELAY_TAIL, timerDelay);
        exported.rate(JobMetrics.FRAMES_LIVE_RATE, live);
        exported.rate(JobMetrics.FRAMES_LOST_RATE, lost);
        exported.rate(JobMetrics.FRAMES_LATE_RATE, notPlayed[LogFrame.Disposition.LATE.ordinal()]);
        exported.rate(JobMetrics.FRAMES_STALE_RATE, notPlayed[LogFrame.Disposition.STALE.ordinal()]);
        exported.rate(JobMetrics.FRAMES_SUPPRESSED_RATE, notPlayed[LogFrame.Disposition.SUPPRESSED.ordinal()]);
    }

    void arrived(long lagMs) {
        arrivalLag.update(lagMs);
    }

    void woke(long delayMs) {
        timerDelay.update(delayMs);
    }

    long wakes() {
        return timerDelay.getCount();
    }

    void left(RoomOutput output) {
        if (!output.hasTick()) {
            return;
        }
        Tick tick = output.getTick();
        ticks.inc();
        live.inc(frames(tick.getFrames()));
        for (int i = 0; i < tick.getEventsCount(); i++) {
            if (tick.getEvents(i).getKind() == Event.Kind.LOST) {
                lost.inc(tick.getEvents(i).getCount());
            }
        }
        for (int i = 0; i < tick.getLogOnly().getFramesCount(); i++) {
            notPlayed[tick.getLogOnly().getFrames(i).getDisposition().ordinal()].inc();
        }
    }

    static int frames(ByteString bytes) {
        LiveFrames.Runs runs = new LiveFrames.Runs(bytes);
        int count = 0;
        while (runs.next()) {
            count += runs.frames();
        }
        return count;
    }
}
