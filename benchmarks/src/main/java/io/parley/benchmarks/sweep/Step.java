package io.parley.benchmarks.sweep;

import io.parley.benchmarks.load.LoadResult;
import io.parley.benchmarks.report.Spread;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * One load on one configuration.
 *
 * @param framesPerSecond frames that listeners should hear, each counted once for each of them
 * @param deliveredShare of them, 0 to 1
 * @param lateShare of the delivered, those that missed their place at the listener
 * @param p50Ms from when a chunk was due until a listener has it
 * @param lagP99Ms how late the load itself was with sending
 * @param posts received by all people in a second
 * @param stackCores processor time of the stack per second; not a number where it does not tell
 * @param cpuUsPerFrame processor time of the stack for a frame at a listener; not a number where it does not tell
 */
record Step(
        int rooms,
        double framesPerSecond,
        double deliveredShare,
        double lateShare,
        double p50Ms,
        double p95Ms,
        double p99Ms,
        double lagP99Ms,
        double posts,
        double stackCores,
        double loadCores,
        double cpuUsPerFrame) {

    /** All but one in a hundred frames have to come. */
    private static final double LEAST_DELIVERED = 0.99;

    static Step of(LoadResult result) {
        double seconds = result.settings().seconds();
        return new Step(
                result.settings().rooms(),
                result.expected() / seconds,
                (double) result.delivered() / Math.max(1, result.expected()),
                (double) result.late() / Math.max(1, result.delivered()),
                result.way().p50(),
                result.way().p95(),
                result.way().p99(),
                result.lag().p99(),
                result.posts() / seconds,
                result.stack() == null ? Double.NaN : result.stack().cpuNs() / 1e9 / seconds,
                result.loadCpuNs() / 1e9 / seconds,
                result.cpuUsADeliveredFrame());
    }

    /** Of several rounds of the same load. */
    static Step median(List<Step> steps) {
        ToDoubleFunction<ToDoubleFunction<Step>> of =
                figure -> new Spread(steps.stream().mapToDouble(figure).boxed().toList()).median();
        return new Step(
                steps.get(0).rooms(),
                of.applyAsDouble(Step::framesPerSecond),
                of.applyAsDouble(Step::deliveredShare),
                of.applyAsDouble(Step::lateShare),
                of.applyAsDouble(Step::p50Ms),
                of.applyAsDouble(Step::p95Ms),
                of.applyAsDouble(Step::p99Ms),
                of.applyAsDouble(Step::lagP99Ms),
                of.applyAsDouble(Step::posts),
                of.applyAsDouble(Step::stackCores),
                of.applyAsDouble(Step::loadCores),
                of.applyAsDouble(Step::cpuUsPerFrame));
    }

    /** A load under which the system could not even be joined. */
    static Step failed(int rooms) {
        double none = Double.NaN;
        return new Step(rooms, none, 0, 0, none, none, none, none, 0, none, none, none);
    }

    /** Whether the system carries this load: nearly all frames came, and in time. */
    boolean isCarried(double limitMs) {
        return deliveredShare >= LEAST_DELIVERED && p99Ms <= limitMs;
    }
}
