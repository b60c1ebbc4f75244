package io.parley.benchmarks.sweep;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Which configurations are run, in which order. */
final class SweepPlan {

    private SweepPlan() {}

    /** One factor at a time around the default, then those two together that work on each other. */
    static List<Configuration> small() {
        Set<Configuration> all = new LinkedHashSet<>();
        all.add(Configuration.DEFAULT);
        for (Factor factor : Factor.ALL) {
            all.addAll(factor.around(Configuration.DEFAULT));
        }
        all.addAll(product(List.of(Factor.PARALLELISM, Factor.SHARDS)));
        return List.copyOf(all);
    }

    /** Every value of each with every value of the others. */
    static List<Configuration> full() {
        Set<Configuration> all = new LinkedHashSet<>(small());
        all.addAll(product(Factor.ALL));
        return List.copyOf(all);
    }

    /** The default, and each value of one other setting. */
    static List<Configuration> of(Factor setting) {
        return setting.around(Configuration.DEFAULT);
    }

    /** A configuration to be measured for the first, second, ... time. */
    record Turn(Configuration configuration, int round) {}

    /**
     * Each configuration in each round, round after round, so that what changes with time does so for all. The default is
     * measured twice in any case: by how much it differs from itself, nothing is told.
     */
    static List<Turn> turns(List<Configuration> plan, int rounds) {
        List<Turn> turns = new ArrayList<>();
        for (int round = 1; round <= rounds; round++) {
            for (Configuration configuration : plan) {
                turns.add(new Turn(configuration, round));
            }
        }
        if (rounds == 1) {
            turns.add(new Turn(Configuration.DEFAULT, 2));
        }
        return turns;
    }

    private static List<Configuration> product(List<Factor> factors) {
        List<Configuration> all = List.of(Configuration.DEFAULT);
        for (Factor factor : factors) {
            List<Configuration> more = new ArrayList<>();
            all.forEach(configuration -> more.addAll(factor.around(configuration)));
            all = more;
        }
        return all;
    }
}
