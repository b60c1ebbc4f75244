package io.parley.local.ops;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * Flink makes its reporters itself, from its configuration: this one finds the {@link JobReadings} that it is for by the
 * name that {@link #attach} wrote there. It only remembers where metrics are; it asks for their values when they are wanted.
 */
public final class JobReporter implements MetricReporter {

    private static final String PREFIX = "metrics.reporter.parley.";
    private static final String READINGS = "readings";

    private static final Map<String, JobReadings> ATTACHED = new ConcurrentHashMap<>();

    /** Lets a job that is started with this configuration in this JVM tell its metrics. Closing ends that. */
    public static AutoCloseable attach(Configuration configuration, JobReadings readings) {
        String name = Integer.toHexString(System.identityHashCode(readings));
        ATTACHED.put(name, readings);
        configuration.setString(PREFIX + "factory.class", Factory.class.getName());
        configuration.setString(PREFIX + READINGS, name);
        return () -> ATTACHED.remove(name);
    }

    /** What Flink looks for as a service. */
    public static final class Factory implements MetricReporterFactory {
        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new JobReporter();
        }
    }

    private JobReadings readings;

    private JobReporter() {}

    @Override
    public void open(MetricConfig config) {
        readings = ATTACHED.getOrDefault(config.getString(READINGS, ""), new JobReadings());
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        readings.added(metric, name, group.getAllVariables());
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        readings.removed(metric, name);
    }

    @Override
    public void close() {}
}
