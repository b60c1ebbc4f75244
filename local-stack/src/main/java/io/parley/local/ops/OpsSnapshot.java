package io.parley.local.ops;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.parley.local.ops.LatencyWindow.Percentiles;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The system at one moment. Counts are since the stack started, and never go back: who wants a rate takes the difference of
 * two snapshots. Immutable.
 *
 * @param connections open now
 * @param rooms in use: with a tick within the last ten seconds
 * @param speakers who were heard within the last two seconds
 * @param counts what was done, by name
 * @param notPlayed frames that no listener got, by why
 * @param rejected records that the job put aside, by error code
 * @param refused messages of clients that ingest refused, by error code
 * @param listeners what became of posts that did not arrive, by what became of them
 * @param failures of AWS APIs and functions, by what failed
 * @param hops how long each took, over the last ten seconds, in milliseconds; without those of which nothing is known
 * @param job the Flink job, as Flink itself sees it
 * @param usdPerHour null where nobody estimates it
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record OpsSnapshot(
        long atMs,
        long connections,
        int rooms,
        int speakers,
        Map<String, Long> counts,
        Map<String, Long> notPlayed,
        Map<String, Long> rejected,
        Map<String, Long> refused,
        Map<String, Long> listeners,
        Map<String, Long> failures,
        Map<Hop, Percentiles> hops,
        Job job,
        Double usdPerHour) {

    OpsSnapshot {
        counts = sorted(counts);
        notPlayed = sorted(notPlayed);
        rejected = sorted(rejected);
        refused = sorted(refused);
        listeners = sorted(listeners);
        failures = sorted(failures);
        hops = sorted(hops);
    }

    private static <K extends Comparable<K>, V> Map<K, V> sorted(Map<K, V> map) {
        return Collections.unmodifiableMap(new TreeMap<>(map));
    }

    /**
     * The Flink job.
     *
     * @param tasks in the order of their names; none while the job does not run
     * @param iteratorAgeMs of each shard, how far the reader is behind its tip
     * @param restarts of the job since it was submitted
     * @param roomsInMemory rooms on the job's heap, also those that are silent
     * @param ticksWaiting for the broadcast Lambda
     * @param spoolBytes of the tick log, sealed but not yet stored
     */
    record Job(
            List<Task> tasks,
            Checkpoints checkpoints,
            Map<String, Long> iteratorAgeMs,
            long restarts,
            long roomsInMemory,
            long ticksWaiting,
            long spoolBytes) {

        Job {
            tasks = List.copyOf(tasks);
            iteratorAgeMs = sorted(iteratorAgeMs);
        }
    }

    /**
     * A chain of operators. Times are milliseconds of each second, in Flink's mean over the last minute, of the subtask
     * that has most of it.
     *
     * @param busyMs null where Flink cannot tell, as of this source
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Task(String name, long parallelism, Double busyMs, Double backPressuredMs) {}

    /** @param lastMs how long the last one took */
    record Checkpoints(long completed, long failed, long lastMs, long lastBytes) {}
}
