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
