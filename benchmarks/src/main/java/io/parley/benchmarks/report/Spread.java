package io.parley.benchmarks.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * What several rounds gave for one thing.
 *
 * @param rounds in the order of the rounds; at least one
 */
public record Spread(List<Double> rounds) {

    public Spread {
        if (rounds.isEmpty()) {
            throw new IllegalArgumentException("rounds must not be empty");
        }
        rounds = List.copyOf(rounds);
    }

    public double median() {
        List<Double> sorted = new ArrayList<>(rounds);
        Collections.sort(sorted);
        int middle = sorted.size() / 2;
        return sorted.size() % 2 == 1 ? sorted.get(middle) : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    }

    public double least() {
        return Collections.min(rounds);
    }

    public double most() {
        return Collections.max(rounds);
    }

    /** Round by round: what disturbs a round disturbs both, so it says more than the ratio of two medians. */
    public Spread over(Spread other) {
        List<Double> ratios = new ArrayList<>();
        for (int i = 0; i < Math.min(rounds.size(), other.rounds.size()); i++) {
            ratios.add(rounds.get(i) / other.rounds.get(i));
        }
        return new Spread(ratios);
    }
}
