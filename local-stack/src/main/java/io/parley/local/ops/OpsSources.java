package io.parley.local.ops;

import io.parley.broadcast.BroadcastMetrics;
import io.parley.core.error.ErrorCode;
import io.parley.ingest.IngestMetrics;
import io.parley.job.JobMetrics;
import io.parley.local.gateway.GatewayMetrics;
import io.parley.local.ops.DeliveryMeter.RoomActivity;
import io.parley.local.ops.OpsSnapshot.Checkpoints;
import io.parley.local.ops.OpsSnapshot.Job;
import io.parley.local.ops.OpsSnapshot.Task;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.TreeMap;
import org.apache.flink.runtime.metrics.MetricNames;
import org.apache.flink.runtime.metrics.scope.ScopeFormat;

/**
 * Everything that counts in a running stack; reading it costs those who count nothing.
 *
 * @param bill null where nobody estimates what the traffic would cost
 */
public record OpsSources(
        GatewayMetrics gateway,
        IngestMetrics ingest,
        BroadcastMetrics broadcast,
        DeliveryMeter deliveries,
        JobReadings job,
        BillMeter bill) {

    /** The rooms in use, the busiest first. */
    List<RoomActivity> rooms() {
        return deliveries.rooms();
    }

    /** Called by one thread, once a second: it ends a second of the latencies. */
    OpsSnapshot read(long nowMs, List<RoomActivity> rooms) {
        return new OpsSnapshot(
                nowMs,
                gateway.open(),
                rooms.size(),
                rooms.stream().mapToInt(RoomActivity::speakers).sum(),
                counts(),
                notPlayed(),
                job.countBy(JobMetrics.RECORDS_REJECTED, JobReadings.variable(JobMetrics.REJECTED_BY_REASON)),
                refused(),
                listeners(),
                failures(),
                deliveries.roll(),
                jobNow(),
                bill == null ? null : bill.usdPerHour(nowMs));
    }

    private Map<String, Long> counts() {
        return Map.of(
                "framesTaken", ingest.count(IngestMetrics.Counter.FRAMES_TAKEN),
                "framesPlayed", job.count(JobMetrics.FRAMES_LIVE),
                "ticks", job.count(JobMetrics.TICKS_CLOSED),
                "posts", gateway.value(GatewayMetrics.Counter.POSTS_SENT),
                "messagesIn", gateway.value(GatewayMetrics.Counter.MESSAGES_IN),
                "bytesIn", gateway.value(GatewayMetrics.Counter.BYTES_IN),
                "bytesOut", gateway.value(GatewayMetrics.Counter.BYTES_OUT));
    }

    private Map<String, Long> notPlayed() {
        Map<String, Long> frames = new TreeMap<>(job.countBy(JobMetrics.FRAMES_NOT_PLAYED, "<disposition>"));
        // Protobuf's names for what never is.
        frames.keySet().removeIf(name -> name.equals("unrecognized") || name.endsWith("unspecified"));
        frames.put("lost", job.count(JobMetrics.FRAMES_LOST));
        return frames;
    }

    private Map<String, Long> refused() {
        Map<String, Long> refusals = new TreeMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            if (ingest.refusals(code) > 0) {
                refusals.put(code.code(), ingest.refusals(code));
            }
        }
        return refusals;
    }

    private Map<String, Long> listeners() {
        return Map.of(
                "gone", broadcast.count(BroadcastMetrics.Counter.GONE),
                "slow", gateway.value(GatewayMetrics.Counter.POSTS_LIMITED),
                "retried", broadcast.count(BroadcastMetrics.Counter.RETRIED),
                "dropped", broadcast.count(BroadcastMetrics.Counter.DROPPED),
                "tooLarge", broadcast.count(BroadcastMetrics.Counter.TOO_LARGE),
                "droppedInLanes", job.count(JobMetrics.TICKS_DROPPED) + job.count(JobMetrics.POSTS_DROPPED));
    }

    private Map<String, Long> failures() {
        Map<String, Long> failures = new LinkedHashMap<>();
        failures.put("voiceStream", ingest.count(IngestMetrics.Counter.STREAM_FAILURES));
        failures.put("archive", ingest.count(IngestMetrics.Counter.ARCHIVE_FAILURES));
        failures.put(
                "eventBus", ingest.count(IngestMetrics.Counter.EVENT_FAILURES) + job.count(JobMetrics.EVENTS_REFUSED));
        failures.put("functions", gateway.value(GatewayMetrics.Counter.FUNCTION_ERRORS));
        failures.put("broadcast", job.count(JobMetrics.CALLS_FAILED) + job.count(JobMetrics.CALLS_EXPIRED));
        failures.put("tickLog", job.count(JobMetrics.SEGMENT_UPLOADS_FAILED));
        return failures;
    }

    private Job jobNow() {
        Map<String, Long> ages = new TreeMap<>();
        job.gaugesBy("millisBehindLatest", "<shardId>")
                .forEach((shard, values) ->
                        ages.put(shard, Math.round(most(values).orElse(0))));
        ages.remove("");
        return new Job(
                tasks(),
                new Checkpoints(
                        job.sum("numberOfCompletedCheckpoints"),
                        job.sum("numberOfFailedCheckpoints"),
                        job.sum("lastCheckpointDuration"),
                        job.sum("lastCheckpointSize")),
                ages,
                job.sum(MetricNames.NUM_RESTARTS),
                job.sum(JobMetrics.HOT_ROOMS),
                job.sum(JobMetrics.TICKS_WAITING),
                job.sum(JobMetrics.SPOOL_BYTES));
    }

    private List<Task> tasks() {
        Map<String, List<Double>> busy = job.gaugesBy(MetricNames.TASK_BUSY_TIME, ScopeFormat.SCOPE_TASK_NAME);
        Map<String, List<Double>> backPressured =
                job.gaugesBy(MetricNames.TASK_BACK_PRESSURED_TIME, ScopeFormat.SCOPE_TASK_NAME);
        List<Task> tasks = new ArrayList<>();
        job.subtasksBy(MetricNames.TASK_BUSY_TIME, ScopeFormat.SCOPE_TASK_NAME)
                .forEach((name, parallelism) ->
                        tasks.add(new Task(name, parallelism, boxed(busy.get(name)), boxed(backPressured.get(name)))));
        return tasks;
    }

    private static OptionalDouble most(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).max();
    }

    private static Double boxed(List<Double> values) {
        return values == null ? null : most(values).orElse(0);
    }
}
