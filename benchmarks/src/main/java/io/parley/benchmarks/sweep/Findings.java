package io.parley.benchmarks.sweep;

import io.parley.benchmarks.report.Spread;
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

    /** A knee is found to half a doubling, so less than this is no difference in any case. */
    private static final double LEAST_RATIO = 1.34;

    private final List<Curve> curves;
    private final double limitMs;

    Findings(List<Curve> curves, double limitMs) {
        this.curves = curves;
        this.limitMs = limitMs;
    }

    /** Every configuration, in the order in which they were measured first. */
    List<Value> all() {
        return curves.stream()
                .map(Curve::name)
                .distinct()
                .map(name -> new Value(name, rounds(name)))
                .toList();
    }

    Optional<Value> byDefault() {
        List<Curve> rounds = rounds(Configuration.DEFAULT.key());
        return rounds.isEmpty() ? Optional.empty() : Optional.of(new Value("default", rounds));
    }

    private List<Curve> rounds(String name) {
        return curves.stream().filter(curve -> curve.name().equals(name)).toList();
    }

    /** The values of a factor that were measured, in their order, the others as by default. */
    List<Value> values(Factor factor) {
        List<Value> values = new ArrayList<>();
        for (Configuration configuration : factor.around(Configuration.DEFAULT)) {
            List<Curve> rounds = rounds(configuration.key());
            if (!rounds.isEmpty()) {
                values.add(new Value(factor.of(configuration), rounds));
            }
        }
        return values;
    }

    /** The smallest ratio of two knees that means anything here: more than any configuration differs from itself. */
    double leastRatio() {
        double noise = LEAST_RATIO;
        for (Value value : all()) {
            Spread knees = value.knees(limitMs);
            if (knees.least() > 0) {
                noise = Math.max(noise, knees.most() / knees.least());
            }
        }
        return noise;
    }

    /** The greatest load that every one of these carried in every round; 0 for none. */
    int common(List<Value> values) {
        return values.get(0).steps().stream()
                .mapToInt(Step::rooms)
                .filter(rooms -> values.stream().allMatch(value -> value.isCarried(rooms, limitMs)))
                .max()
                .orElse(0);
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
        Value byDefault = byDefault().orElseThrow();
        double rooms = byDefault.rooms(limitMs);
        Value best = values.get(0);
        Value worst = values.get(0);
        for (Value value : values) {
            best = value.rooms(limitMs) > best.rooms(limitMs) ? value : best;
            worst = value.rooms(limitMs) < worst.rooms(limitMs) ? value : worst;
        }
        StringBuilder text = new StringBuilder(factor.label()).append(": ");
        if (best.rooms(limitMs) >= leastRatio() * Math.max(1, rooms)) {
            text.append(format(
                    "%s carries %s rooms, %s (the default) %s: turn it where rooms are lacking.",
                    best.name(), best.told(limitMs), now, byDefault.told(limitMs)));
        } else if (rooms >= leastRatio() * Math.max(1, worst.rooms(limitMs))) {
            text.append(format(
                    "keep %s (the default). %s carries %s rooms instead of %s, and none more.",
                    now, worst.name(), worst.told(limitMs), byDefault.told(limitMs)));
        } else {
            text.append(format(
                    "keep %s (the default). No value carried more, or less, by more than %.2f times, which is what this machine tells"
                            + " apart.",
                    now, leastRatio()));
        }
        int common = common(values);
        if (common > 0) {
            text.append(format(" With %d room%s:", common, common == 1 ? "" : "s"));
            for (int i = 0; i < values.size(); i++) {
                Step step = values.get(i).at(common).orElseThrow();
                text.append(format(
                        "%s %s %.0f ms (p50) and %.0f ms (p99)",
                        i == 0 ? "" : ",", values.get(i).name(), step.p50Ms(), step.p99Ms()));
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
