package io.parley.benchmarks.sweep;

import io.parley.benchmarks.report.Spread;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * A configuration, as often as it was measured.
 *
 * @param name a factor's value where only that one differs from the default; else the configuration's name
 * @param rounds at least one
 */
record Value(String name, List<Curve> rounds) {

    /** Rooms at the knee, round by round; 0 where not even the first step was carried. */
    Spread knees(double limitMs) {
        return new Spread(rounds.stream()
                .map(curve -> curve.knee(limitMs).map(Step::rooms).orElse(0).doubleValue())
                .toList());
    }

    /** Rooms at the knee: the median of the rounds. */
    double rooms(double limitMs) {
        return knees(limitMs).median();
    }

    /** The same for people, with the least and the most; "at least" where no load was found that is too much. */
    String told(double limitMs) {
        Spread knees = knees(limitMs);
        String text = number(knees.median());
        if (knees.least() < knees.most()) {
            text += " (" + number(knees.least()) + " to " + number(knees.most()) + ")";
        }
        return (hasEnd(limitMs) ? "" : "at least ") + text;
    }

    private static String number(double rooms) {
        return String.format(Locale.ROOT, rooms == Math.rint(rooms) ? "%.0f" : "%.1f", rooms);
    }

    boolean hasEnd(double limitMs) {
        return rounds.stream().allMatch(curve -> curve.hasEnd(limitMs));
    }

    boolean isCarried(int rooms, double limitMs) {
        return rounds.stream()
                .allMatch(curve ->
                        curve.at(rooms).filter(step -> step.isCarried(limitMs)).isPresent());
    }

    /** The medians of the rounds; empty where a round has no such step. */
    Optional<Step> at(int rooms) {
        List<Step> steps =
                rounds.stream().flatMap(curve -> curve.at(rooms).stream()).toList();
        return steps.size() < rounds.size() ? Optional.empty() : Optional.of(Step.median(steps));
    }

    /** The medians of those steps that every round has, by their load. */
    List<Step> steps() {
        return rounds.get(0).steps().stream()
                .flatMap(step -> at(step.rooms()).stream())
                .toList();
    }

    /** Frames that were heard a second at the knee. */
    double framesPerSecond(double limitMs) {
        return new Spread(rounds.stream()
                        .map(curve ->
                                curve.knee(limitMs).map(Step::framesPerSecond).orElse(0.0))
                        .toList())
                .median();
    }
}
