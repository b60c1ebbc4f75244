package io.parley.local.demo;

import io.parley.client.HopTimes;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** Histograms of what each hop took, from the times that a chunk's trace carries. Safe for threads. */
public final class HopTable {

    /** The parts of the way, each from one time of the trace to the next. */
    public enum Hop {
        UPLINK("client → gateway"),
        GATEWAY("gateway → ingest"),
        INGEST("ingest → stream"),
        STREAM("stream → job"),
        TICK("job → tick (hold, tick period)"),
        BROADCAST("tick → broadcast"),
        POST("broadcast → post"),
        DOWNLINK("post → client"),
        WHOLE("whole way"),
        WITHOUT_TICK("whole way less the tick's wait");

        private final String label;

        Hop(String label) {
            this.label = label;
        }

        public String label() {
            return label;
        }
    }

    private static final long MAX_US = 60_000_000;

    private final Map<Hop, Histogram> histograms = new EnumMap<>(Hop.class);

    public HopTable() {
        for (Hop hop : Hop.values()) {
            histograms.put(hop, new Histogram(MAX_US, 3));
        }
    }

    /** Adds one chunk's way from when it was sent to when it was heard, in µs since the epoch. */
    public synchronized void add(long sentUs, HopTimes trace, long heardUs) {
        record(Hop.UPLINK, trace.gatewayUs() - sentUs);
        record(Hop.GATEWAY, trace.ingestUs() - trace.gatewayUs());
        record(Hop.INGEST, trace.streamUs() - trace.ingestUs());
        record(Hop.STREAM, trace.jobUs() - trace.streamUs());
        record(Hop.TICK, trace.tickUs() - trace.jobUs());
        record(Hop.BROADCAST, trace.broadcastUs() - trace.tickUs());
        record(Hop.POST, trace.postUs() - trace.broadcastUs());
        record(Hop.DOWNLINK, heardUs - trace.postUs());
        record(Hop.WHOLE, heardUs - sentUs);
        record(Hop.WITHOUT_TICK, heardUs - sentUs - (trace.tickUs() - trace.jobUs()));
    }

    private void record(Hop hop, long us) {
        // The gateway's clock has whole milliseconds, so a hop next to it may seem to end before it began.
        histograms.get(hop).recordValue(Math.max(0, Math.min(us, MAX_US)));
    }

    public synchronized long count() {
        return histograms.get(Hop.WHOLE).getTotalCount();
    }

    public synchronized double ms(Hop hop, double percentile) {
        return histograms.get(hop).getValueAtPercentile(percentile) / 1000.0;
    }

    public synchronized void print(PrintStream out) {
        out.printf("%-32s %8s %8s %8s %8s%n", "milliseconds", "p50", "p95", "p99", "max");
        histograms.forEach((hop, histogram) -> out.printf(
                "%-32s %8.1f %8.1f %8.1f %8.1f%n",
                hop.label(),
                histogram.getValueAtPercentile(50) / 1000.0,
                histogram.getValueAtPercentile(95) / 1000.0,
                histogram.getValueAtPercentile(99) / 1000.0,
                histogram.getMaxValue() / 1000.0));
    }
}
