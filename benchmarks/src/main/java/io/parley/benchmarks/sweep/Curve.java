package io.parley.benchmarks.sweep;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What one configuration did under growing load.
 *
 * @param name of the configuration; another one where somebody else runs the system
 * @param configuration null where somebody else runs the system
 * @param steps by their load
 * @param load the machine's load average when it ended
 * @param commit what was measured
 * @param round the first, second, ... time that this configuration was measured
 */
record Curve(String name, Configuration configuration, List<Step> steps, String load, String commit, int round) {

    Curve {
        round = Math.max(1, round);
        steps = steps.stream().sorted(Comparator.comparingInt(Step::rooms)).toList();
    }

    /** The greatest load that was carried, and each smaller one too. */
    Optional<Step> knee(double limitMs) {
        Step knee = null;
        for (Step step : steps) {
            if (!step.isCarried(limitMs)) {
                break;
            }
            knee = step;
        }
        return Optional.ofNullable(knee);
    }

    /** Whether a load was found that is too much: else the knee lies higher. */
    boolean hasEnd(double limitMs) {
        return steps.stream().anyMatch(step -> !step.isCarried(limitMs));
    }

    Optional<Step> at(int rooms) {
        return steps.stream().filter(step -> step.rooms() == rooms).findFirst();
    }
}
