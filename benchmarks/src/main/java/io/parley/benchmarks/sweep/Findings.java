package io.parley.benchmarks.sweep;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** What the curves say to somebody who has to choose. */
final class Findings {

    /** The default once more, at the end: by how much it differs from itself nothing is decided. */
    static final String CONTROL = "default, again";

    /** A knee is found to half a doubling, so less than this is no difference in any case. */
    private static final double LEAST_RATIO = 1.34;

    /** One value of a factor, the others as by default. */
    record Value(String value, Curve curve) {}

    private final List<Curve> curves;
    private final double limitMs;

    Findings(List<Curve> curves, double limitMs) {
        this.curves = curves;
        this.limitMs = limitMs;
    }

    Optional<Curve> byDefault() {
        return find(Configuration.DEFAULT.key());
    }

    private Optional<Curve> find(String name) {
        return curves.stream().filter(curve -> curve.name().equals(name)).findFirst();
    }

    /** The values of a factor that were measured, in their order. */
    List<Value> values(Factor factor) {
        List<Value> values = new ArrayList<>();
        for (Configuration configuration : factor.around(Configuration.DEFAULT)) {
            find(configuration.key()).ifPresent(curve -> values.add(new Value(factor.of(configuration), curve)));
        }
        return values;
    }

    /** Rooms at the knee; 0 where not even the first step was carried. */
    int rooms(Curve curve) {
        return curve.knee(limitMs).map(Step::rooms).orElse(0);
    }

    /** The smallest ratio of two knees that means anything here. */
    double leastRatio() {
        int first = byDefault().map(this::rooms).orElse(0);
        int again = find(CONTROL).map(this::rooms).orElse(first);
        double noise = first == 0 || again == 0 ? 1 : (double) Math.max(first, again) / Math.min(first, again);
        return Math.max(LEAST_RATIO, noise);
    }

    /** The greatest load that every one of these carried; 0 for none. */
    int common(List<Value> values) {
        List<Integer> carried = new ArrayList<>();
        values.get(0).curve().steps().stream()
                .filter(step -> step.isCarried(limitMs))
                .map(Step::rooms)
                .forEach(carried::add);
        for (Value value : values) {
            carried.removeIf(rooms -> value.curve()
                    .at(rooms)
                    .filter(step -> step.isCarried(limitMs))
                    .isEmpty());
        }
        return carried.isEmpty() ? 0 : carried.get(carried.size() - 1);
    }

    /** Those of every sweep, and each other setting that a curve has on its own. */
    List<Factor> factors() {
        Map<String, Set<String>> settings = new TreeMap<>();
        for (Curve curve : curves) {
            if (curve.configuration() != null && curve.configuration().others().size() == 1) {
                curve.configuration()
                        .others()
                        .forEach((key, value) -> settings.computeIfAbsent(key, ignored -> new LinkedHashSet<>())
                                .add(value));
            }
        }
        List<Factor> factors = new ArrayList<>(Factor.ALL);
        settings.forEach((key, values) -> factors.add(Factor.setting(key, List.copyOf(values))));
        return factors;
    }

    /** A sentence or two for each factor of which two values were measured. */
    List<String> recommendations() {
        List<String> sentences = new ArrayList<>();
        for (Factor factor : factors()) {
            List<Value> values = values(factor);
            if (values.size() > 1 && byDefault().isPresent()) {
                sentences.add(recommendation(factor, values));
            }
        }
        return sentences;
    }

    private String recommendation(Factor factor, List<Value> values) {
        String now = factor.of(Configuration.DEFAULT);
        int byDefault = rooms(byDefault().orElseThrow());
        Value best = values.get(0);
        Value worst = values.get(0);
        for (Value value : values) {
            best = rooms(value.curve()) > rooms(best.curve()) ? value : best;
            worst = rooms(value.curve()) < rooms(worst.curve()) ? value : worst;
        }
        StringBuilder text = new StringBuilder(factor.label()).append(": ");
        if (rooms(best.curve()) >= leastRatio() * Math.max(1, byDefault)) {
            text.append(format(
                    "%s carries %d rooms, %s (the default) %d: turn it where rooms are lacking.",
                    best.value(), rooms(best.curve()), now, byDefault));
        } else if (byDefault >= leastRatio() * Math.max(1, rooms(worst.curve()))) {
            text.append(format(
                    "keep %s. %s carries %d rooms instead of %d, and none more.",
                    now, worst.value(), rooms(worst.curve()), byDefault));
        } else {
            text.append(format(
                    "keep %s. No value carried more, or less, by more than %.2f times, which is what this machine tells"
                            + " apart.",
                    now, leastRatio()));
        }
        int common = common(values);
        if (common > 0) {
            text.append(format(" With %d rooms:", common));
            for (int i = 0; i < values.size(); i++) {
                Step step = values.get(i).curve().at(common).orElseThrow();
                text.append(format(
                        "%s %s %.0f ms (p50) and %.0f ms (p99)",
                        i == 0 ? "" : ",", values.get(i).value(), step.p50Ms(), step.p99Ms()));
                if (!Double.isNaN(step.cpuUsPerFrame())) {
                    text.append(format(" for %.0f µs a frame", step.cpuUsPerFrame()));
                }
            }
            text.append('.');
        }
        return text.toString();
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
