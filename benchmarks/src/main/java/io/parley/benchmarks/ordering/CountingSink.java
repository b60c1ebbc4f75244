package io.parley.benchmarks.ordering;

import java.lang.management.ManagementFactory;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.functions.sink.RichSinkFunction;

/** Throws away what comes, and tells the run how many frames it was and, at real pace, how long they waited. */
@SuppressWarnings("deprecation") // sinks as functions, see ReplaySource
abstract class CountingSink<T> extends RichSinkFunction<T> {

    private static final long serialVersionUID = 1L;

    private final int run;

    transient Run shared;
    transient boolean real;
    transient long frames;
    transient Map<String, Long> reasons;
    private transient Histogram waitUs;
    private transient Histogram orderWaitUs;
    private transient long openedCpuNs;

    CountingSink(int run) {
        this.run = run;
    }

    @Override
    public void open(Configuration configuration) {
        shared = Run.of(run);
        real = shared.pace() == Pace.REAL;
        reasons = new TreeMap<>();
        waitUs = new Histogram(3);
        orderWaitUs = new Histogram(3);
        openedCpuNs = cpuNs();
    }

    @Override
    public void finish() {
        shared.ended(System.nanoTime(), cpuNs() - openedCpuNs, frames, reasons, waitUs, orderWaitUs);
    }

    /** Of this task's thread, on which the operator before this sink runs too. */
    private static long cpuNs() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    final void waited(long us) {
        waitUs.recordValue(Math.max(0, us));
    }

    final void waitedForOrder(long us) {
        orderWaitUs.recordValue(Math.max(0, us));
    }

    final void count(String reason, long n) {
        reasons.merge(reason, n, Long::sum);
    }
}
