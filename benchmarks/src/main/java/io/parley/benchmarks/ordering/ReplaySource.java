package io.parley.benchmarks.ordering;

import io.parley.benchmarks.traffic.Voice;
import io.parley.core.wire.StreamRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.streaming.api.functions.source.RichParallelSourceFunction;
import org.apache.flink.streaming.api.watermark.Watermark;

/**
 * Gives a run's records once, in the order of their delivery. With watermarks, a record's timestamp is its arrival at
 * the gateway, and the watermark is {@link Run#HOLD_MS} behind the newest of them. Without, the timestamp is when the
 * record is delivered, in µs.
 *
 * @param <T> the form that the variant wants them in
 */
@SuppressWarnings("deprecation") // The simplest source there is; what it costs is the same for every variant.
final class ReplaySource<T> extends RichParallelSourceFunction<T> {

    private static final long serialVersionUID = 1L;

    private final int run;
    private final Form<T> form;
    private final boolean watermarks;
    private volatile boolean cancelled;

    ReplaySource(int run, Form<T> form, boolean watermarks) {
        this.run = run;
        this.form = form;
        this.watermarks = watermarks;
    }

    @Override
    public void run(SourceContext<T> context) {
        Run shared = Run.of(run);
        List<Voice> voices = shared.input(getRuntimeContext().getTaskInfo().getIndexOfThisSubtask());
        boolean real = shared.pace() == Pace.REAL;
        long newestMs = Long.MIN_VALUE / 2;
        long markedMs = newestMs;
        long startUs = WallClock.nowUs();
        shared.began(System.nanoTime());
        for (int i = 0; i < voices.size() && !cancelled; i++) {
            Voice voice = voices.get(i);
            StreamRecord record = voice.record();
            if (real) {
                record = awaitTurn(
                        record, startUs + voice.deliveredUs() - voices.get(0).deliveredUs());
            }
            long atMs = record.getArrivalTimeMs();
            context.collectWithTimestamp(form.of(record, voice.chunk()), watermarks ? atMs : voice.deliveredUs());
            newestMs = Math.max(newestMs, atMs);
            if (watermarks && newestMs >= markedMs + Math.max(1, shared.pace().watermarkStepMs)) {
                context.emitWatermark(new Watermark(newestMs - Run.HOLD_MS - 1));
                markedMs = newestMs;
            }
        }
    }

    /** The record as if it had come to the gateway just now. */
    private static StreamRecord awaitTurn(StreamRecord record, long dueUs) {
        long nowUs = WallClock.nowUs();
        while (nowUs < dueUs) {
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(dueUs - nowUs));
            nowUs = WallClock.nowUs();
        }
        return record.toBuilder()
                .setArrivalTimeMs(nowUs / 1000)
                .setTrace(record.getTrace().toBuilder().setStreamUs(nowUs))
                .build();
    }

    @Override
    public void cancel() {
        cancelled = true;
    }
}
