package io.parley.benchmarks.lambda;

import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.benchmarks.report.Spread;
import io.parley.local.lambda.FunctionProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How long the audio Lambda takes to start and to take its first chunks, and the broadcast Lambda its first ticks, primed and
 * not, in turn. Composition root: it
 * reads the clock.
 */
@Command(
        name = "start",
        mixinStandardHelpOptions = true,
        description =
                "Start and first invocations of the audio and the broadcast Lambda, primed and not; needs ./parley build.")
public final class StartComparison implements Callable<Integer> {

    private static final int MEMORY_MB = 1024;
    private static final int LISTENERS = 10;
    private static final int WARM = 50;
    private static final int SETTLED = 30;

    @Option(names = "--name", description = "Writes results/NAME.md and .json.")
    private String name;

    @Option(
            names = "--rounds",
            defaultValue = "7",
            description = "After one to warm up, where there is more than one. Default: ${DEFAULT-VALUE}")
    private int rounds;

    /** How Lambda would say that it starts the process. */
    private enum Start {
        NOT_PRIMED("on-demand"),
        PRIMED("snap-start");

        private final String type;

        Start(String type) {
            this.type = type;
        }
    }

    /** What one process took, in ms. */
    private record Run(double init, double first, double second, double settled) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new StartComparison()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath();
        Map<String, String> facts =
                Machine.describe(root, "benchmarks/run.sh start --rounds " + rounds, Clock.systemUTC());
        Map<String, Map<Start, List<Run>>> runs;
        try (Stage stage = Stage.open(root, List.of(LISTENERS), Clock.systemUTC())) {
            facts.put("jars", stage.sizes());
            runs = measure(stage.subjects());
        }
        facts.put("load average after", Machine.load());
        Report report = report(facts, runs);
        System.out.println(report.text());
        if (name != null) {
            report.write(root.resolve("benchmarks/results"), name);
        }
        return 0;
    }

    private Map<String, Map<Start, List<Run>>> measure(List<Subject> subjects) throws Exception {
        Map<String, Map<Start, List<Run>>> runs = new LinkedHashMap<>();
        for (int round = rounds == 1 ? 1 : 0; round <= rounds; round++) {
            for (Subject subject : subjects) {
                for (Start start : Start.values()) {
                    Run run = run(subject.startedFor(start.type));
                    System.out.printf(
                            Locale.ROOT, "%d of %d, %s, %s: %s%n", round, rounds, subject.label(), start, run);
                    if (round > 0) {
                        runs.computeIfAbsent(subject.label(), label -> new LinkedHashMap<>())
                                .computeIfAbsent(start, ignored -> new ArrayList<>())
                                .add(run);
                    }
                }
            }
        }
        return runs;
    }

    private static Run run(Subject subject) throws Exception {
        try (FunctionProcess function = subject.start(MEMORY_MB, Clock.systemUTC())) {
            double first = subject.invoke(function).ms();
            double second = subject.invoke(function).ms();
            for (int i = 0; i < WARM; i++) {
                subject.invoke(function);
            }
            List<Double> settled = new ArrayList<>();
            for (int i = 0; i < SETTLED; i++) {
                settled.add(subject.invoke(function).ms());
            }
            return new Run(function.initMs(), first, second, new Spread(settled).median());
        }
    }

    private static Report report(Map<String, String> facts, Map<String, Map<Start, List<Run>>> runs) {
        Report report = new Report("Start of the Lambdas");
        report.facts("machine", facts);
        runs.forEach((label, byStart) -> {
            List<List<String>> rows = new ArrayList<>();
            byStart.forEach((start, all) -> rows.add(List.of(
                    start.name().toLowerCase(Locale.ROOT).replace('_', ' '),
                    spread(all.stream().map(Run::init).toList()),
                    spread(all.stream().map(Run::first).toList()),
                    spread(all.stream().map(Run::second).toList()),
                    spread(all.stream().map(Run::settled).toList()))));
            report.table(
                    label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1),
                    "Milliseconds. Each start is a process of its own, with as much processor as it likes; medians, with the"
                            + " least and the most. An invocation is measured at the one who asks. Primed is what Lambda does"
                            + " before a snapshot or ahead of need: its start is waited for by nobody.",
                    List.of("start", "until the first invocation can begin", "first", "second", "after " + (2 + WARM)),
                    rows,
                    byStart);
        });
        return report;
    }

    private static String spread(List<Double> values) {
        Spread spread = new Spread(values);
        return String.format(Locale.ROOT, "%.1f (%.1f to %.1f)", spread.median(), spread.least(), spread.most());
    }
}
