package io.parley.local.ops;

import io.parley.job.JobMetrics;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;

/**
 * Metrics of a Flink job in this JVM, read where Flink keeps them. Counters never go back: what a task had counted when it
 * ended goes on counting, also through a restart of the job. Safe for threads.
 */
public final class JobReadings {

    /** Variables by which metrics are told apart here; others, such as the attempt, would grow without end. */
    private static final Set<String> VARIABLES =
            Set.of(ScopeFormat.SCOPE_TASK_NAME, variable(JobMetrics.REJECTED_BY_REASON), "<disposition>", "<shardId>");

    private final Map<Place, Reading> running = new ConcurrentHashMap<>();
    private final Map<Reading, Long> ended = new ConcurrentHashMap<>();

    /** Flink registers some metrics under several names. */
    private record Place(Metric metric, String name) {}

    private record Reading(String name, Map<String, String> variables) {}

    /** As Flink writes a group's key. */
    static String variable(String group) {
        return "<" + group + ">";
    }

    void added(Metric metric, String name, Map<String, String> variables) {
        Map<String, String> known = new HashMap<>(variables);
        known.keySet().retainAll(VARIABLES);
        running.put(new Place(metric, name), new Reading(name, Map.copyOf(known)));
    }

    void removed(Metric metric, String name) {
        Reading reading = running.remove(new Place(metric, name));
        if (reading != null && metric instanceof Counter counter) {
            ended.merge(reading, counter.getCount(), Long::sum);
        }
    }

    /** A counter over all subtasks. */
    long count(String name) {
        return counts(name).values().stream().mapToLong(Long::longValue).sum();
    }

    /** A counter over all subtasks, by a variable; those that do not have it are not in it. */
    Map<String, Long> countBy(String name, String variable) {
        Map<String, Long> counts = new TreeMap<>();
        counts(name).forEach((reading, count) -> {
            String value = reading.variables().get(variable);
            if (value != null) {
                counts.merge(value, count, Long::sum);
            }
        });
        return counts;
    }

    private Map<Reading, Long> counts(String name) {
        Map<Reading, Long> counts = new HashMap<>();
        ended.forEach((reading, count) -> {
            if (reading.name().equals(name)) {
                counts.put(reading, count);
            }
        });
        running.forEach((place, reading) -> {
            if (place.name().equals(name) && place.metric() instanceof Counter counter) {
                counts.merge(reading, counter.getCount(), Long::sum);
            }
        });
        return counts;
    }

    /** What all subtasks' gauges of that name show, by a variable; those that show no number are not in it. */
    Map<String, List<Double>> gaugesBy(String name, String variable) {
        Map<String, List<Double>> values = new TreeMap<>();
        running.forEach((place, reading) -> {
            if (place.name().equals(name) && place.metric() instanceof Gauge<?> gauge) {
                Double value = number(gauge);
                if (value != null) {
                    values.computeIfAbsent(reading.variables().getOrDefault(variable, ""), key -> new ArrayList<>())
                            .add(value);
                }
            }
        });
        return values;
    }

    /** How many subtasks have a gauge of that name, by a variable, whatever it shows. */
    Map<String, Long> subtasksBy(String name, String variable) {
        Map<String, Long> subtasks = new TreeMap<>();
        running.forEach((place, reading) -> {
            if (place.name().equals(name) && reading.variables().containsKey(variable)) {
                subtasks.merge(reading.variables().get(variable), 1L, Long::sum);
            }
        });
        return subtasks;
    }

    /** The sum of what all subtasks' gauges of that name show. */
    long sum(String name) {
        return Math.round(gaugesBy(name, "").values().stream()
                .flatMap(List::stream)
                .mapToDouble(Double::doubleValue)
                .sum());
    }

    private static Double number(Gauge<?> gauge) {
        Object value;
        try {
            value = gauge.getValue();
        } catch (RuntimeException e) {
            // A task that is just ending may not be able to say any more.
            return null;
        }
        return value instanceof Number number && !Double.isNaN(number.doubleValue()) ? number.doubleValue() : null;
    }
}
