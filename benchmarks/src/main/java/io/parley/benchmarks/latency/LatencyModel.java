package io.parley.benchmarks.latency;

import io.parley.benchmarks.latency.Hops.Hop;
import io.parley.benchmarks.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/** Mouth to ear on AWS, as a model: published times of hops around what the software takes. */
final class LatencyModel {

    private static final double MAY_BE_LATE = 0.01;

    private final Hops hops;
    private final Hop software;
    private final int samples;

    LatencyModel(Hops hops, Hop software, int samples) {
        this.hops = hops;
        this.software = software;
        this.samples = samples;
    }

    Report report(RandomGenerator random) {
        List<Design> designs = List.of(
                Design.original(hops),
                Design.parley(60, 60, hops, software),
                Design.parley(100, 100, hops, software),
                Design.parley(100, 200, hops, software),
                Design.parley(200, 200, hops, software));
        Map<Design, Sampled> sampled = new LinkedHashMap<>();
        designs.forEach(design -> sampled.put(design, Sampled.of(design, samples, random)));
        Report report = new Report("Mouth to ear on AWS: a model");
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put(
                "what this is",
                String.format(
                        Locale.ROOT,
                        "a model, not a measurement: %,d spurts sampled, all hops independent; benchmarks/README.md says how",
                        samples));
        facts.put("software measured in", software.source() + "; on a busy machine Parley's lines are too dark");
        report.facts("about", facts);
        mouthToEar(report, sampled);
        shares(report, sampled);
        parts(report, designs);
        return report;
    }

    private static void mouthToEar(Report report, Map<Design, Sampled> sampled) {
        List<List<String>> rows = new ArrayList<>();
        Map<String, Object> numbers = new LinkedHashMap<>();
        sampled.forEach((design, times) -> {
            double buffer = times.bufferFor(MAY_BE_LATE);
            double withIt = times.mouthToEar(0.5) - design.bufferMs() + buffer;
            rows.add(List.of(
                    design.name(),
                    ms(times.mouthToEar(0.1)),
                    ms(times.mouthToEar(0.5)),
                    ms(times.mouthToEar(0.9)),
                    ms(times.mouthToEar(0.99)),
                    ms(design.bufferMs()),
                    percent(times.late()),
                    ms(buffer),
                    ms(withIt)));
            numbers.put(
                    design.name(),
                    new TreeMap<>(Map.of(
                            "p50",
                            times.mouthToEar(0.5),
                            "p99",
                            times.mouthToEar(0.99),
                            "late",
                            times.late(),
                            "p50 with 1 % late",
                            withIt)));
        });
        report.table(
                "Mouth to ear",
                "Milliseconds. G.114 takes up to 150 for good, and more than 400 for unacceptable. The last two columns are the"
                        + " buffer with which one chunk in a hundred is late, and the median with that.",
                List.of("design", "p10", "p50", "p90", "p99", "buffer", "late", "buffer for 1 %", "p50 with it"),
                rows,
                numbers);
    }

    private static void shares(Report report, Map<Design, Sampled> sampled) {
        List<String> columns = new ArrayList<>(List.of("design"));
        for (Basis basis : Basis.values()) {
            columns.add(basis.toString());
        }
        List<List<String>> rows = new ArrayList<>();
        Map<String, Object> numbers = new LinkedHashMap<>();
        sampled.forEach((design, times) -> {
            Map<Basis, Double> shares = times.shares();
            List<String> row = new ArrayList<>(List.of(design.name()));
            for (Basis basis : Basis.values()) {
                row.add(percent(shares.getOrDefault(basis, 0.0)));
            }
            rows.add(row);
            numbers.put(design.name(), shares);
        });
        report.table("What it rests on", "Shares of the medians' sum.", columns, rows, numbers);
    }

    private void parts(Report report, List<Design> designs) {
        List<Hop> all = new ArrayList<>(hops.all());
        all.add(software);
        List<List<String>> rows = new ArrayList<>();
        for (Hop hop : all) {
            Fit fit = hop.fit();
            rows.add(List.of(
                    hop.name(),
                    String.format(Locale.ROOT, "%.1f", fit.at(0.1)),
                    String.format(Locale.ROOT, "%.1f", fit.at(0.5)),
                    String.format(Locale.ROOT, "%.1f", fit.at(0.9)),
                    String.format(Locale.ROOT, "%.1f", fit.at(0.99)),
                    designs.get(0).hops().contains(hop) ? "yes" : "",
                    designs.get(1).hops().contains(hop) ? "yes" : "",
                    hop.basis().toString(),
                    hop.date() + ", " + hop.source()));
        }
        report.table(
                "Hops",
                "Milliseconds, as fitted. Software is the whole way on one machine less the tick's wait: its copies of the"
                        + " services are in it, so a little is counted twice.",
                List.of("hop", "p10", "p50", "p90", "p99", "original", "Parley", "basis", "source"),
                rows,
                rows);
    }

    private static String ms(double ms) {
        return String.format(Locale.ROOT, "%.0f", ms);
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", share * 100);
    }
}
