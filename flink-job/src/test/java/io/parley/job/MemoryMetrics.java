package io.parley.job;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Meter;
import org.apache.flink.metrics.MeterView;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.View;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;

/** A metric group that can be asked. */
public final class MemoryMetrics extends UnregisteredMetricsGroup {

    private final Map<String, Counter> counters = new HashMap<>();
    private final Map<String, Gauge<?>> gauges = new HashMap<>();
    private final Map<String, Meter> meters = new HashMap<>();
    private final Map<String, MemoryMetrics> groups = new HashMap<>();

    @Override
    public Counter counter(String name) {
        return counters.computeIfAbsent(name, super::counter);
    }

    @Override
    public <C extends Counter> C counter(String name, C counter) {
        counters.put(name, counter);
        return counter;
    }

    @Override
    public <T, G extends Gauge<T>> G gauge(String name, G gauge) {
        gauges.put(name, gauge);
        return gauge;
    }

    @Override
    public <M extends Meter> M meter(String name, M meter) {
        meters.put(name, meter);
        return meter;
    }

    @Override
    public MetricGroup addGroup(String name) {
        return group(name);
    }

    public MemoryMetrics group(String name) {
        return groups.computeIfAbsent(name, key -> new MemoryMetrics());
    }

    /** The names of all meters and gauges. */
    public Set<String> names() {
        Set<String> names = new HashSet<>(meters.keySet());
        names.addAll(gauges.keySet());
        return names;
    }

    /** A meter's rate, as if a minute had passed in which nothing more was counted. */
    public double rate(String name) {
        MeterView meter = (MeterView) meters.get(name);
        for (int i = 0; i < 60 / View.UPDATE_INTERVAL_SECONDS; i++) {
            meter.update();
        }
        return meter.getRate();
    }

    public long count(String name) {
        return counters.get(name).getCount();
    }

    public Object gauge(String name) {
        return gauges.get(name).getValue();
    }
}
