package io.parley.benchmarks.ordering;

import io.parley.benchmarks.traffic.Voice;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;

/**
 * One run of one job: what goes in and what was seen to come out.
 *
 * <p>Source and sinks find it by its number, since everything is in one JVM. The input is read only; the tallies are
 * guarded by this.
 */
final class Run implements AutoCloseable {

    /** Of how long the watermark is behind the newest record: the hold that a room has for a gap. */
    static final int HOLD_MS = 200;

    private static final Map<Integer, Run> RUNS = new ConcurrentHashMap<>();
    private static final AtomicInteger NEXT = new AtomicInteger();

    private final int id = NEXT.getAndIncrement();
    private final List<List<Voice>> inputs = new ArrayList<>();
    private final int framesPerChunk;
    private final int count;
    private final Pace pace;

    private long firstNs = Long.MAX_VALUE;
    private long lastNs = Long.MIN_VALUE;
    private long taskCpuNs;
    private long framesOut;
    private final Map<String, Long> reasons = new TreeMap<>();
    private final Histogram waitUs = new Histogram(3);
    private final Histogram orderWaitUs = new Histogram(3);

    /**
     * The first {@code count} of the voices, shared among the sources so that each feeds the one subtask that has its
     * rooms. Sources do not go at one pace, and a subtask that follows the records' clock can follow only one.
     */
    Run(Voice[] voices, int count, int framesPerChunk, int parallelism, Pace pace) {
        this.count = Math.min(count, voices.length);
        this.framesPerChunk = framesPerChunk;
        this.pace = pace;
        for (int i = 0; i < parallelism; i++) {
            inputs.add(new ArrayList<>());
        }
        for (int i = 0; i < this.count; i++) {
            String room = voices[i].record().getRoom();
            int subtask =
                    KeyGroupRangeAssignment.assignKeyToParallelOperator(room, LocalJobs.MAX_PARALLELISM, parallelism);
            inputs.get(subtask).add(voices[i]);
        }
        RUNS.put(id, this);
    }

    static Run of(int id) {
        return RUNS.get(id);
    }

    int id() {
        return id;
    }

    int parallelism() {
        return inputs.size();
    }

    Pace pace() {
        return pace;
    }

    int framesPerChunk() {
        return framesPerChunk;
    }

    List<Voice> input(int subtask) {
        return inputs.get(subtask);
    }

    synchronized void began(long nowNs) {
        firstNs = Math.min(firstNs, nowNs);
    }

    synchronized void ended(
            long nowNs, long cpuNs, long frames, Map<String, Long> why, Histogram waits, Histogram orderWaits) {
        lastNs = Math.max(lastNs, nowNs);
        taskCpuNs += cpuNs;
        framesOut += frames;
        why.forEach((reason, n) -> reasons.merge(reason, n, Long::sum));
        waitUs.add(waits);
        orderWaitUs.add(orderWaits);
    }

    int records() {
        return count;
    }

    long framesIn() {
        return (long) count * framesPerChunk;
    }

    synchronized long framesOut() {
        return framesOut;
    }

    /** Frames that did not come out, by the reason that the job gives. */
    synchronized Map<String, Long> reasons() {
        return new TreeMap<>(reasons);
    }

    synchronized Histogram waitUs() {
        return waitUs.copy();
    }

    /** What of the wait is for order; empty for those that cannot tell. */
    synchronized Histogram orderWaitUs() {
        return orderWaitUs.copy();
    }

    /** From the first record that a source gave to the last sink's end. */
    synchronized double recordsPerSecond() {
        return count * 1e9 / (lastNs - firstNs);
    }

    /** Processor time of the operator's tasks, sinks included and sources not. */
    synchronized double cpuUsPerRecord() {
        return taskCpuNs / 1e3 / count;
    }

    @Override
    public void close() {
        RUNS.remove(id);
    }
}
