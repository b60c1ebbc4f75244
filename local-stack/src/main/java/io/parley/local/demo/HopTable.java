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
    public void add(long sentUs, HopTimes trace, long heardUs) {
        add(
                sentUs,
                new long[] {
                    trace.gatewayUs(),
                    trace.ingestUs(),
                    trace.streamUs(),
                    trace.jobUs(),
                    trace.tickUs(),
                    trace.broadcastUs(),
                    trace.postUs()
                },
                heardUs);
    }

    /** @param at as in a message's {@code at}: gateway, ingest, stream, job, tick, broadcast, post */
    public synchronized void add(long sentUs, long[] at, long heardUs) {
        record(Hop.UPLINK, at[0] - sentUs);
        record(Hop.GATEWAY, at[1] - at[0]);
        record(Hop.INGEST, at[2] - at[1]);
        record(Hop.STREAM, at[3] - at[2]);
        record(Hop.TICK, at[4] - at[3]);
        record(Hop.BROADCAST, at[5] - at[4]);
        record(Hop.POST, at[6] - at[5]);
        record(Hop.DOWNLINK, heardUs - at[6]);
        record(Hop.WHOLE, heardUs - sentUs);
        record(Hop.WITHOUT_TICK, heardUs - sentUs - (at[4] - at[3]));
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
