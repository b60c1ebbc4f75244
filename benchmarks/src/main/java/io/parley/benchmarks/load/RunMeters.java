package io.parley.benchmarks.load;

import io.parley.local.demo.HopTable;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.HdrHistogram.Recorder;

/** What a run counts, on whichever thread. */
final class RunMeters {

    static final long MAX_US = 60_000_000;

    /** Of each chunk and listener, from when the chunk was due until it was heard. */
    final Recorder wholeWay = new Recorder(MAX_US, 3);
    /** How much later than it was due a chunk was sent: the load's own fault. */
    final Recorder lag = new Recorder(MAX_US, 3);

    final HopTable hops = new HopTable();
    final LongAdder chunksSent = new LongAdder();
    final LongAdder posts = new LongAdder();
    final LongAdder postsToListeners = new LongAdder();
    final LongAdder delivered = new LongAdder();
    final LongAdder closed = new LongAdder();
    private final Map<String, LongAdder> errors = new ConcurrentHashMap<>();

    static void record(Recorder recorder, long us) {
        recorder.recordValue(Math.max(0, Math.min(us, MAX_US)));
    }

    void error(String code) {
        errors.computeIfAbsent(code, ignored -> new LongAdder()).increment();
    }

    /** How often, by code. */
    Map<String, Long> errors() {
        Map<String, Long> counts = new TreeMap<>();
        errors.forEach((code, count) -> counts.put(code, count.sum()));
        return counts;
    }
}
