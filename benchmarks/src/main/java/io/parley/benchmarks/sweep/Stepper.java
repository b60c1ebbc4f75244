package io.parley.benchmarks.sweep;

import java.util.ArrayList;
import java.util.List;

/** Finds the knee: doubles the load until it is too much, then halves the gap once. */
final class Stepper {

    /** Measures one load. */
    interface Measurement {
        Step of(int rooms) throws Exception;
    }

    private final int first;
    private final int last;
    private final double limitMs;

    /**
     * @param first rooms of the first step
     * @param last rooms that are never exceeded
     * @param limitMs of the 99th percentile
     */
    Stepper(int first, int last, double limitMs) {
        this.first = first;
        this.last = last;
        this.limitMs = limitMs;
    }

    List<Step> run(Measurement measurement) throws Exception {
        List<Step> steps = new ArrayList<>();
        int carried = 0;
        int rooms = first;
        while (true) {
            Step step = measurement.of(rooms);
            steps.add(step);
            if (!step.isCarried(limitMs)) {
                break;
            }
            carried = rooms;
            if (rooms == last) {
                return steps;
            }
            rooms = Math.min(last, 2 * rooms);
        }
        int between = (carried + rooms) / 2;
        if (carried > 0 && between > carried && between < rooms) {
            steps.add(measurement.of(between));
        }
        return steps;
    }
}
