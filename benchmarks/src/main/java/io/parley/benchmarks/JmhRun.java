package io.parley.benchmarks;

import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.CommandLineOptions;

/**
 * JMH with its own arguments, whose results are kept: {@code --name NAME} before them writes {@code results/NAME.md} and
 * {@code .json}. Composition root: it reads the clock.
 */
public final class JmhRun {

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    private JmhRun() {}

    public static void main(String[] arguments) throws Exception {
        boolean named = arguments.length > 1 && arguments[0].equals("--name");
        String[] ofJmh = named ? Arrays.copyOfRange(arguments, 2, arguments.length) : arguments;
        Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath();
        Map<String, String> facts =
                Machine.describe(root, "benchmarks/run.sh jmh " + String.join(" ", arguments), Clock.systemUTC());
        Collection<RunResult> results = new Runner(new CommandLineOptions(ofJmh)).run();
        facts.put("load average after", Machine.load());
        if (named) {
            report(facts, results).write(root.resolve("benchmarks/results"), arguments[1]);
        }
    }

    private static Report report(Map<String, String> facts, Collection<RunResult> results) {
        List<List<String>> rows = new ArrayList<>();
        List<Map<String, Object>> numbers = new ArrayList<>();
        for (RunResult result : results) {
            BenchmarkParams parameters = result.getParams();
            Result<?> score = result.getPrimaryResult();
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            String name = simple(parameters.getBenchmark());
            String of = parameters.getParamsKeys().stream()
                    .map(key -> key + " " + parameters.getParam(key))
                    .collect(Collectors.joining(", "));
            rows.add(List.of(
                    name,
                    of,
                    number(score.getScore()),
                    number(score.getScoreError()),
                    score.getScoreUnit(),
                    allocated == null ? "" : number(allocated.getScore())));
            Map<String, Object> row = new LinkedHashMap<>();
            row.put("benchmark", name);
            row.put("parameters", of);
            row.put("score", score.getScore());
            row.put("error", score.getScoreError());
            row.put("unit", score.getScoreUnit());
            row.put("bytesAllocated", allocated == null ? null : allocated.getScore());
            numbers.add(row);
        }
        Report report = new Report("JMH");
        report.facts("machine", facts);
        report.table(
                "Operations",
                "What an operation is, benchmarks/README.md says; the error is JMH's, of 99.9 %.",
                List.of("benchmark", "of", "score", "± error", "unit", "bytes allocated"),
                rows,
                numbers);
        return report;
    }

    /** Class and method. */
    private static String simple(String benchmark) {
        String[] parts = benchmark.split("\\.");
        return parts[parts.length - 2] + '.' + parts[parts.length - 1];
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.3f" : "%,.0f", value);
    }
}
