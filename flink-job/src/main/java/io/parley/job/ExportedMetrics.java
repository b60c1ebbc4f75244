package io.parley.job;

import java.util.function.LongSupplier;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Histogram;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;

/**
 * What of an operator's metrics reaches CloudWatch: Managed Flink takes those below the group {@code kinesisanalytics}
 * ("Use custom metrics with Amazon Managed Service for Apache Flink"). It takes no histograms, and of each subtask four
 * samples a minute ("Metrics and dimensions in Managed Service for Apache Flink"), so that totals could not be added up.
 * Therefore a counter goes as a rate and a histogram as a gauge. Few on purpose, and without dimensions: each is charged.
 */
public final class ExportedMetrics {

    public static final String GROUP = "kinesisanalytics";

    private static final double TAIL = 0.99;

    private final MetricGroup group;

    public ExportedMetrics(MetricGroup operator) {
        group = operator.addGroup(GROUP);
    }

    /** How much of it a second, over the last minute. */
    public void rate(String name, Counter counter) {
        group.meter(name, new MeterView(counter));
    }

    /** What one in a hundred of the histogram's window exceeds; 0 where there is nothing in it. */
    public void tail(String name, Histogram histogram) {
        group.gauge(
                name,
                () -> histogram.getCount() == 0
                        ? 0L
                        : (long) histogram.getStatistics().getQuantile(TAIL));
    }

    public void gauge(String name, LongSupplier value) {
        group.gauge(name, value::getAsLong);
    }
}
