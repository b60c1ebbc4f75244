package io.parley.benchmarks.job;

import io.parley.benchmarks.load.LoadResult;
import io.parley.benchmarks.load.LoadSettings;
import io.parley.benchmarks.load.LoadTargets;
import io.parley.benchmarks.load.TalkPattern;
import io.parley.benchmarks.load.Target;
import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.benchmarks.report.Spread;
import io.parley.local.meter.UsageMeter;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * How much processor the job takes for a record and for a call of the broadcast Lambda, all that its process does for them
 * included: Flink, the clients of AWS, the collector. Composition root: it reads the clock.
 *
 * <p>A room makes as many calls whether one speaks or many do, so two loads that differ in their speakers alone give two
 * equations: processor time, less what the job takes in silence, is records x a + calls x b.
 */
@Command(
        name = "job",
        mixinStandardHelpOptions = true,
        description = "Processor time of the job, in a process of its own, for a record and for a call.")
public final class JobCost implements Callable<Integer> {

    private static final int CHUNK_MS = 100;
    private static final int FRAME_MS = 20;
    private static final int FRAME_BYTES = 60;
    private static final int SPURT_MS = 4_000;
    private static final int PLAYOUT_MS = 200;
    private static final int TRACE_EVERY = 1_000_000;

    @Option(names = "--name", description = "Writes results/NAME.md and .json.")
    private String name;

    @Option(names = "--rounds", defaultValue = "5", description = "Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--rooms", defaultValue = "8", description = "Default: ${DEFAULT-VALUE}")
    private int rooms;

    @Option(
            names = "--people",
            defaultValue = "4",
            description = "In each room, who all speak. Default: ${DEFAULT-VALUE}")
    private int people;

    @Option(names = "--duration", defaultValue = "15", description = "Seconds of each load. Default: ${DEFAULT-VALUE}")
    private int seconds;

    @Option(
            names = "--warm-up",
            defaultValue = "120",
            description = "Seconds before, for Java to compile what runs often. Default: ${DEFAULT-VALUE}")
    private int warmUpSeconds;

    @Option(
            names = "--settle",
            defaultValue = "3",
            description = "Seconds of each load before it is measured. Default: ${DEFAULT-VALUE}")
    private int settleSeconds;

    /** What the job did and took in one load. */
    private record Use(double cpuUs, double records, double calls) {}

    /**
     * One round.
     *
     * @param idleCores that the job takes in silence
     * @param usARecord of a core
     * @param usACall of a core
     */
    private record Round(double idleCores, double usARecord, double usACall, Use one, Use all) {}

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new JobCost()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath();
        Map<String, String> facts = Machine.describe(
                root,
                String.format(
                        "benchmarks/run.sh job --rounds %d --rooms %d --people %d --duration %d --warm-up %d",
                        rounds, rooms, people, seconds, warmUpSeconds),
                Clock.systemUTC());
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        List<Round> all = new ArrayList<>();
        try (Target target = LoadTargets.start(JobStackProcess.class)) {
            run(target, people, warmUpSeconds, out);
            for (int round = 1; round <= rounds; round++) {
                Round measured = round(target, round % 2 == 1, out);
                out.println(round + " of " + rounds + ": " + measured);
                all.add(measured);
            }
        }
        facts.put("load average after", Machine.load());
        Report report = report(facts, all);
        out.println(report.text());
        if (name != null) {
            report.write(root.resolve("benchmarks/results"), name);
        }
        return 0;
    }

    /** @param oneFirst so that what changes with time is not taken for what the speakers cost */
    private Round round(Target target, boolean oneFirst, PrintStream out) throws Exception {
        double idleUsASecond = run(target, 0, seconds, out).cpuUs() / seconds;
        Use first = without(idleUsASecond, run(target, oneFirst ? 1 : people, seconds, out));
        Use second = without(idleUsASecond, run(target, oneFirst ? people : 1, seconds, out));
        Use one = oneFirst ? first : second;
        Use all = oneFirst ? second : first;
        double determinant = one.records() * all.calls() - all.records() * one.calls();
        return new Round(
                idleUsASecond / 1e6,
                (one.cpuUs() * all.calls() - all.cpuUs() * one.calls()) / determinant,
                (one.records() * all.cpuUs() - all.records() * one.cpuUs()) / determinant,
                one,
                all);
    }

    private Use without(double idleUsASecond, Use use) {
        return new Use(use.cpuUs() - idleUsASecond * seconds, use.records(), use.calls());
    }

    private Use run(Target target, int speakers, int measuredSeconds, PrintStream out) throws Exception {
        LoadSettings settings = new LoadSettings(
                rooms,
                people,
                speakers,
                TalkPattern.CONSTANT,
                CHUNK_MS,
                FRAME_MS,
                SPURT_MS,
                FRAME_BYTES,
                measuredSeconds,
                settleSeconds,
                PLAYOUT_MS,
                TRACE_EVERY,
                1);
        LoadResult result = LoadTargets.run(target, settings, out);
        return new Use(
                result.stack().of(JobStackProcess.JOB_CPU_NS) / 1000,
                result.stack().of(UsageMeter.calls("kinesis", "PutRecord")),
                result.stack().of(UsageMeter.invocations("parley-broadcast")));
    }

    private Report report(Map<String, String> facts, List<Round> all) {
        Report report = new Report("What the job takes of a processor");
        report.facts("machine", facts);
        report.table(
                "The job's process",
                String.format(
                        "Rooms of %d, of whom one or all speak, in chunks of %d ms and as many ticks; archive by segments, one"
                                + " subtask, heap. Medians of the rounds. A record is all that a further one costs, its place"
                                + " in a tick and in the log too; a call is what a tick costs that has one record.",
                        people, CHUNK_MS),
                List.of("", "median", "least - most"),
                List.of(
                        row(
                                "µs of a core a record",
                                "%.0f",
                                all.stream().map(Round::usARecord).toList()),
                        row(
                                "µs of a core a call",
                                "%.0f",
                                all.stream().map(Round::usACall).toList()),
                        row(
                                "cores in silence",
                                "%.3f",
                                all.stream().map(Round::idleCores).toList())),
                all);
        return report;
    }

    private static List<String> row(String label, String format, List<Double> values) {
        Spread spread = new Spread(values);
        return List.of(
                label,
                String.format(Locale.ROOT, format, spread.median()),
                String.format(Locale.ROOT, format + " - " + format, spread.least(), spread.most()));
    }
}
