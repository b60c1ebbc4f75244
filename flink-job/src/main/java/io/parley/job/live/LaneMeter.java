package io.parley.job.live;

import io.parley.core.error.FailureLog;
import io.parley.job.ExportedMetrics;
import io.parley.job.JobMetrics;
import io.parley.job.MicroClock;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.apache.flink.runtime.metrics.DescriptiveStatisticsHistogram;
import org.slf4j.LoggerFactory;

/** Counts what the lanes of a subtask do, and says when they drop something. Thread safe. */
final class LaneMeter {

    private static final int WINDOW = 1024;

    private final Counter calls;
    private final Counter callsFailed;
    private final Counter callsExpired;
    private final Counter ticksDropped;
    private final Counter postsDropped;
    private final Histogram callMs;
    private final FailureLog failures;
    private final FailureLog drops;

    LaneMeter(MetricGroup group, MicroClock clock) {
        calls = group.counter(JobMetrics.CALLS, new ThreadSafeSimpleCounter());
        callsFailed = group.counter(JobMetrics.CALLS_FAILED, new ThreadSafeSimpleCounter());
        callsExpired = group.counter(JobMetrics.CALLS_EXPIRED, new ThreadSafeSimpleCounter());
        ticksDropped = group.counter(JobMetrics.TICKS_DROPPED, new ThreadSafeSimpleCounter());
        postsDropped = group.counter(JobMetrics.POSTS_DROPPED, new ThreadSafeSimpleCounter());
        callMs = group.histogram(JobMetrics.CALL_MS, new DescriptiveStatisticsHistogram(WINDOW));
        ExportedMetrics exported = new ExportedMetrics(group);
        exported.tail(JobMetrics.CALL_TAIL, callMs);
        exported.rate(JobMetrics.TICKS_DROPPED_RATE, ticksDropped);
        failures = new FailureLog(clock::nowMs, LoggerFactory.getLogger(Lane.class)::warn);
        drops = new FailureLog(clock::nowMs, LoggerFactory.getLogger(Lane.class)::warn);
    }

    void called() {
        calls.inc();
    }

    void answered(long tookUs) {
        callMs.update(tookUs / 1000);
    }

    void failed(String why) {
        callsFailed.inc();
        failures.failed(why);
    }

    void expired() {
        callsExpired.inc();
        failures.failed("a call reached the broadcast Lambda too late");
    }

    void ticksDropped(int count) {
        ticksDropped.inc(count);
        drops.failed(count + " ticks were dropped, because they waited too long for the broadcast Lambda");
    }

    void postsDropped(int count) {
        postsDropped.inc(count);
    }
}
