package io.parley.benchmarks.lambda;

import io.parley.benchmarks.bill.Item;
import io.parley.benchmarks.bill.PriceList;
import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.benchmarks.report.Spread;
import io.parley.local.lambda.FunctionProcess;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * How long an invocation of the audio and of the broadcast Lambda takes by the function's memory, which is by its share of
 * a processor, and what it costs. Composition root: it reads the clock.
 */
@Command(
        name = "memory",
        mixinStandardHelpOptions = true,
        description = "The deployed Lambdas by their memory: time, processor time and price of an invocation; needs"
                + " ./parley build, and a control group that limits the processor (Linux, root).")
public final class MemoryComparison implements Callable<Integer> {

    /** About as often as a function that serves one speaker, or one room, is invoked. */
    private static final Duration PACE = Duration.ofMillis(50);

    private static final double MILLION = 1e6;

    @Option(names = "--name", description = "Writes results/NAME.md and .json.")
    private String name;

    @Option(names = "--rounds", defaultValue = "3", description = "Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--memory",
            split = ",",
            defaultValue = "512,1024,1769,3008",
            description = "In MB. Default: ${DEFAULT-VALUE}")
    private List<Integer> sizes;

    @Option(
            names = "--compiler",
            split = ",",
            defaultValue = "1",
            description =
                    "Highest levels of Java's compilers: 1 as Lambda has it, 4 for all. Default: ${DEFAULT-VALUE}")
    private List<Integer> levels;

    @Option(
            names = "--listeners",
            split = ",",
            defaultValue = "10,50",
            description = "Of a tick. Default: ${DEFAULT-VALUE}")
    private List<Integer> listeners;

    @Option(
            names = "--invocations",
            defaultValue = "200",
            description = "Measured of each process. Default: ${DEFAULT-VALUE}")
    private int invocations;

    @Option(
            names = "--warm-up",
            defaultValue = "15",
            description =
                    "Seconds of invocations before, one after the other, without a limit: Java compiles what has run"
                            + " often. Default: ${DEFAULT-VALUE}")
    private int warmUpSeconds;

    @Spec
    private CommandSpec command;

    /** A table's row. */
    private record Way(int memoryMb, int level) {
        @Override
        public String toString() {
            return memoryMb + " MB, compiler " + level;
        }
    }

    /**
     * What one process took.
     *
     * @param first its first invocation, in ms
     * @param p50 of those that were measured, in ms, and so on
     * @param billed what of each Lambda would bill, which is in whole milliseconds; mean
     * @param processor of all its threads for an invocation, in ms
     * @param undone share of the work that was given up, the first invocation's too
     */
    private record Run(double first, double p50, double p99, double billed, double processor, double undone) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new MemoryComparison()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        int cores = Runtime.getRuntime().availableProcessors();
        for (int size : sizes) {
            if (size < 128 || ProcessorShare.vcpus(size) > cores) {
                throw new ParameterException(
                        command.commandLine(),
                        String.format(
                                Locale.ROOT,
                                "--memory %d: must be at least 128, and at most what %d cores can give, %.0f",
                                size,
                                cores,
                                cores / ProcessorShare.vcpus(1)));
            }
        }
        Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath();
        Map<String, String> facts = Machine.describe(
                root,
                "benchmarks/run.sh memory --memory " + list(sizes) + " --compiler " + list(levels) + " --listeners "
                        + list(listeners) + " --rounds " + rounds + " --invocations " + invocations + " --warm-up "
                        + warmUpSeconds,
                Clock.systemUTC());
        Map<String, Map<Way, List<Run>>> runs;
        try (Stage stage = Stage.open(root, listeners, Clock.systemUTC())) {
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

    private static String list(List<Integer> numbers) {
        return numbers.stream().map(String::valueOf).collect(Collectors.joining(","));
    }

    private List<Way> ways() {
        return sizes.stream()
                .flatMap(size -> levels.stream().map(level -> new Way(size, level)))
                .toList();
    }

    /** Round by round, so that what disturbs one size disturbs the others too. */
    private Map<String, Map<Way, List<Run>>> measure(List<Subject> subjects) throws Exception {
        Map<String, Map<Way, List<Run>>> runs = new LinkedHashMap<>();
        for (int round = 1; round <= rounds; round++) {
            for (Subject subject : subjects) {
                for (Way way : ways()) {
                    Run run = run(subject.startedFor("snap-start").compiledTo(way.level()), way.memoryMb());
                    System.out.printf(Locale.ROOT, "%d of %d, %s, %s: %s%n", round, rounds, subject.label(), way, run);
                    runs.computeIfAbsent(subject.label(), label -> new LinkedHashMap<>())
                            .computeIfAbsent(way, first -> new ArrayList<>())
                            .add(run);
                }
            }
        }
        return runs;
    }

    private Run run(Subject subject, int memoryMb) throws Exception {
        try (ProcessorShare share = ProcessorShare.of(memoryMb);
                FunctionProcess function = subject.start(memoryMb, Clock.systemUTC())) {
            share.add(function.process());
            share.limit();
            Subject.Invocation first = subject.invoke(function);
            share.lift();
            long warm = System.nanoTime() + TimeUnit.SECONDS.toNanos(warmUpSeconds);
            while (System.nanoTime() < warm) {
                subject.invoke(function);
            }
            share.limit();
            List<Double> times = new ArrayList<>();
            double billed = 0;
            double undone = 1 - first.done();
            Duration before = processor(function);
            long due = System.nanoTime();
            for (int i = 0; i < invocations; i++) {
                while (System.nanoTime() < due) {
                    LockSupport.parkNanos(due - System.nanoTime());
                }
                due = System.nanoTime() + PACE.toNanos();
                Subject.Invocation next = subject.invoke(function);
                times.add(next.ms());
                billed += Math.ceil(next.ms());
                undone += 1 - next.done();
            }
            double processorMs = processor(function).minus(before).toNanos() / MILLION;
            times.sort(null);
            return new Run(
                    first.ms(),
                    times.get(invocations / 2),
                    times.get(invocations * 99 / 100),
                    billed / invocations,
                    processorMs / invocations,
                    undone / (invocations + 1));
        }
    }

    private static Duration processor(FunctionProcess function) {
        return function.process()
                .info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("this system does not say how long a process computed"));
    }

    private Report report(Map<String, String> facts, Map<String, Map<Way, List<Run>>> runs) {
        Report report = new Report("The Lambdas by their memory");
        report.facts("machine", facts);
        runs.forEach((label, byWay) -> {
            List<List<String>> rows = new ArrayList<>();
            byWay.forEach((way, all) -> rows.add(List.of(
                    String.format(Locale.ROOT, "%,d", way.memoryMb()),
                    String.format(Locale.ROOT, "%.2f", ProcessorShare.vcpus(way.memoryMb())),
                    String.valueOf(way.level()),
                    spread(all, Run::first),
                    spread(all, Run::p50),
                    spread(all, Run::p99),
                    spread(all, Run::processor),
                    spread(all, run -> usdAMillion(way.memoryMb(), run.billed())),
                    String.format(
                            Locale.ROOT,
                            "%.1f %%",
                            100 * all.stream().mapToDouble(Run::undone).max().orElse(0)))));
            report.table(
                    label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1),
                    "Medians of the processes with the least and the most; ms, as the one waits who invokes. A primed start's"
                            + " first invocation by itself; the others, one in " + PACE.toMillis() + " ms, after "
                            + warmUpSeconds
                            + " s without a limit. The endpoints, in another process, answer at once: on AWS"
                            + " each call takes longer, which no memory shortens.",
                    List.of("MB", "vCPUs", "compiler", "first", "p50", "p99", "processor", "$ a million", "given up"),
                    rows,
                    byWay);
        });
        return report;
    }

    /** By list prices: the requests, and the memory for as long as each is billed. */
    private static double usdAMillion(int memoryMb, double billedMs) {
        PriceList prices = PriceList.load();
        return prices.price(Item.LAMBDA_REQUESTS).of(MILLION)
                + prices.price(Item.LAMBDA_ARM_GB_SECONDS).of(MILLION * billedMs / 1000 * memoryMb / 1024);
    }

    private static String spread(List<Run> runs, ToDoubleFunction<Run> figure) {
        Spread spread = new Spread(runs.stream().mapToDouble(figure).boxed().toList());
        return String.format(Locale.ROOT, "%.2f (%.2f to %.2f)", spread.median(), spread.least(), spread.most());
    }
}
