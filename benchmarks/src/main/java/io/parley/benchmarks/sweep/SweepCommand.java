package io.parley.benchmarks.sweep;

import io.parley.benchmarks.load.DeploymentArguments;
import io.parley.benchmarks.load.LoadTargets;
import io.parley.benchmarks.load.Target;
import io.parley.benchmarks.report.Machine;
import io.parley.core.options.OptionException;
import io.parley.local.cli.ParleySubcommand;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley sweep}. */
@Command(
        name = "sweep",
        mixinStandardHelpOptions = true,
        description = {
            "Raise the load on one configuration after the other until it is too much, and say which setting helps.",
            "What was measured is kept: a sweep that was interrupted goes on where it was.",
            "With --url the deployment is measured as it is, as one more curve in the same report."
        },
        sortOptions = false)
public final class SweepCommand implements ParleySubcommand {

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            defaultValue = "target/sweep",
            description = "For NAME.json, .csv, .md and .html (default: ${DEFAULT-VALUE}).")
    private Path folder;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "sweep", description = "Default: ${DEFAULT-VALUE}.")
    private String name;

    @Option(
            names = "--full",
            description = "Every value of each setting with every value of the others, which takes half a day.")
    private boolean full;

    @Option(
            names = "--vary",
            paramLabel = "KEY=VALUE,VALUE...",
            description = "Instead of the usual settings another one of docs/tuning.md, such as"
                    + " job.checkpoint-interval-ms=1000,60000 or ARCHIVE_MODE=segment,off; may be repeated.")
    private Map<String, String> varied = new LinkedHashMap<>();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "1",
            description = "Measure each configuration so many times, round after round; the default twice in any case"
                    + " (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(names = "--report", description = "Measure nothing; write the report of what was measured.")
    private boolean reportOnly;

    @Option(
            names = "--max-runs",
            paramLabel = "N",
            defaultValue = "30",
            description =
                    "Configurations this time; the rest the next time (default: ${DEFAULT-VALUE}; with --full: all).")
    private int maxRuns;

    @Option(
            names = "--max-minutes",
            paramLabel = "N",
            defaultValue = "60",
            description = "No run begins after that (default: ${DEFAULT-VALUE}; with --full: all).")
    private int maxMinutes;

    @Option(
            names = "--people",
            paramLabel = "N",
            defaultValue = "10",
            description = "In each room (default: ${DEFAULT-VALUE}).")
    private int people;

    @Option(
            names = "--speakers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Of them, all the time (default: ${DEFAULT-VALUE}).")
    private int speakers;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Measured of each step (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "5",
            description = "Before each step (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--first-rooms",
            paramLabel = "N",
            defaultValue = "2",
            description = "Rooms of the first step; each next one has twice as many (default: ${DEFAULT-VALUE}).")
    private int firstRooms;

    @Option(
            names = "--last-rooms",
            paramLabel = "N",
            defaultValue = "64",
            description = "No step has more (default: ${DEFAULT-VALUE}).")
    private int lastRooms;

    @Option(
            names = "--limit-ms",
            paramLabel = "MS",
            defaultValue = "500",
            description =
                    "Too much is what makes the 99th percentile of the whole way longer (default: ${DEFAULT-VALUE}).")
    private int limitMs;

    @Option(
            names = "--impair",
            paramLabel = "loss=,delay=,jitter=,duplicate=,seed=",
            defaultValue = "",
            description = "A bad network between clients and gateway, the same for all configurations.")
    private String impair;

    @Mixin
    private DeploymentArguments deployment;

    @Option(
            names = "--as",
            paramLabel = "NAME",
            defaultValue = "deployment",
            description = "With --url: what its curve is called, such as 'parallelism 4, 2 shards'.")
    private String label;

    @Option(
            names = "--chunk-ms",
            paramLabel = "MS",
            defaultValue = "100",
            description = "With --url: speech in one message (default: ${DEFAULT-VALUE}).")
    private int chunkMs;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        SweepSettings settings;
        SweepStore store;
        List<Configuration> plan = new ArrayList<>();
        try {
            varied.forEach((key, values) ->
                    plan.addAll(SweepPlan.of(Factor.setting(key, List.of(values.split(",", -1))))));
            if (varied.isEmpty()) {
                plan.addAll(full ? SweepPlan.full() : SweepPlan.small());
            }
            plan.forEach(Configuration::stack);
            if (rounds < 1) {
                throw new IllegalArgumentException("--rounds is " + rounds + ", but must be at least 1");
            }
            settings =
                    new SweepSettings(people, speakers, seconds, warmUpSeconds, firstRooms, lastRooms, limitMs, impair);
            settings.load(firstRooms, chunkMs);
            store = SweepStore.open(folder.resolve(name + ".json"), settings);
        } catch (IllegalArgumentException | OptionException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        if (deployment.isGiven()) {
            try (Target target = deployment.target(lastRooms * people, command.commandLine())) {
                measure(new Measured(label, null, chunkMs, 1), target, settings, store, out);
            }
        } else if (!reportOnly) {
            sweep(plan, settings, store, out);
        }
        SweepReport report = new SweepReport(settings, store.curves(), facts(store));
        report.write(folder, name);
        out.println();
        out.println(report.text());
        out.println("With charts: " + folder.resolve(name + ".html"));
        return 0;
    }

    /** @param configuration null where somebody else runs the system */
    private record Measured(String name, Configuration configuration, int chunkMs, int round) {}

    private void sweep(List<Configuration> plan, SweepSettings settings, SweepStore store, PrintStream out)
            throws IOException {
        long end = System.nanoTime() + Duration.ofMinutes(maxMinutes).toNanos();
        int runs = 0;
        List<SweepPlan.Turn> turns = SweepPlan.turns(plan, rounds);
        for (int i = 0; i < turns.size(); i++) {
            Configuration configuration = turns.get(i).configuration();
            int round = turns.get(i).round();
            if (store.has(configuration.key(), round)) {
                continue;
            }
            if (!full && (runs == maxRuns || System.nanoTime() > end)) {
                out.printf("%d of %d runs are left for the next time.%n", turns.size() - i, turns.size());
                return;
            }
            runs++;
            out.printf(
                    "%n[%d of %d] %s%s%n",
                    i + 1, turns.size(), configuration.key(), round == 1 ? "" : ", round " + round);
            try (Target target = LoadTargets.start(configuration.stack().withImpairment(settings.impairment()))) {
                measure(
                        new Measured(configuration.key(), configuration, configuration.chunkMs(), round),
                        target,
                        settings,
                        store,
                        out);
            } catch (Exception e) {
                // One configuration that does not start does not take the others with it.
                out.println(configuration.key() + " was not measured: " + e.getMessage());
            }
        }
    }

    private static void measure(
            Measured measured, Target target, SweepSettings settings, SweepStore store, PrintStream out)
            throws Exception {
        // A process that has just started is slower than one that runs, and what it cannot take piles up.
        out.println("warming up with " + settings.firstRooms() + " rooms");
        LoadTargets.run(target, settings.load(settings.firstRooms(), measured.chunkMs()), out);
        Stepper stepper = new Stepper(settings.firstRooms(), settings.lastRooms(), settings.limitMs());
        List<Step> steps = stepper.run(rooms -> {
            Step step;
            try {
                step = Step.of(LoadTargets.run(target, settings.load(rooms, measured.chunkMs()), out));
            } catch (IllegalStateException e) {
                out.println(rooms + " rooms could not be filled: " + e.getMessage());
                step = Step.failed(rooms);
            }
            out.println(String.format(
                    Locale.ROOT,
                    "%3d rooms: %.1f %% delivered, p50 %.0f ms, p99 %.0f ms%s",
                    rooms,
                    100 * step.deliveredShare(),
                    step.p50Ms(),
                    step.p99Ms(),
                    step.isCarried(settings.limitMs()) ? "" : ": too much"));
            return step;
        });
        Map<String, String> facts = Machine.describe(home());
        store.put(new Curve(
                measured.name(),
                measured.configuration(),
                steps,
                Machine.load(),
                facts.get("commit"),
                measured.round()));
    }

    private static Map<String, String> facts(SweepStore store) {
        Map<String, String> facts = Machine.describe(home());
        facts.put(
                "commit",
                String.join(
                        ", ",
                        store.curves().stream().map(Curve::commit).distinct().toList()));
        facts.put(
                "load average",
                store.curves().stream()
                                .map(Curve::load)
                                .max(Comparator.comparing(
                                        load -> load.matches("[0-9.]+") ? Double.parseDouble(load) : 0))
                                .orElse("unknown")
                        + " at most after a configuration, its own load included");
        return facts;
    }

    private static Path home() {
        return Path.of(System.getProperty("parley.home", "."));
    }
}
