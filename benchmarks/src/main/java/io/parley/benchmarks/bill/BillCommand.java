package io.parley.benchmarks.bill;

import io.parley.benchmarks.bill.BillRun.Counted;
import io.parley.benchmarks.bill.BillRun.Scale;
import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.local.cli.ParleySubcommand;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley bill}. */
@Command(
        name = "bill",
        mixinStandardHelpOptions = true,
        description = {
            "Count what AWS would charge for a room: every call of a run on the local stack times list prices,",
            "beside the design that Parley replaces, which is really run, and beside other services' list prices."
        },
        sortOptions = false)
public final class BillCommand implements ParleySubcommand {

    private static final List<Integer> SPEAKERS = List.of(0, 1, 2, 4, 8, 10);

    /** What part of the measurement. */
    enum Part {
        NAIVE,
        BILLS,
        SETTINGS,
        SPEAKERS
    }

    @Option(names = "--rooms", paramLabel = "N", defaultValue = "1", description = "Default: ${DEFAULT-VALUE}.")
    private int rooms;

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
            defaultValue = "40",
            description = "Counted of each configuration (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "Before each (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--share",
            paramLabel = "ROOMS",
            defaultValue = "100",
            description = "Among how many rooms the deployment's own costs are shared (default: ${DEFAULT-VALUE}).")
    private int share;

    @Option(
            names = "--parts",
            paramLabel = "PART",
            split = ",",
            defaultValue = "NAIVE,BILLS,SETTINGS,SPEAKERS",
            description = "naive, bills, settings, speakers (default: all).")
    private List<Part> parts;

    @Option(
            names = "--out",
            paramLabel = "FOLDER",
            description = "Write NAME.md and NAME.json there (default: print only).")
    private Path folder;

    @Option(names = "--name", paramLabel = "NAME", defaultValue = "bill", description = "Default: ${DEFAULT-VALUE}.")
    private String name;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        if (rooms < 1 || speakers < 1 || people <= speakers || seconds < 1 || warmUpSeconds < 0 || share < 1) {
            throw new ParameterException(
                    command.commandLine(),
                    "--rooms, --speakers, --duration and --share must be at least 1, and --people more than --speakers");
        }
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        BillRun run = new BillRun(new Scale(rooms, people, speakers, seconds, warmUpSeconds), out);
        Map<String, Counted> counted = new LinkedHashMap<>();
        if (parts.contains(Part.NAIVE)) {
            count("naive", run::countNaive, counted, out);
        }
        List<BillCase> cases = new ArrayList<>();
        if (parts.contains(Part.BILLS)) {
            cases.addAll(BillCase.BILLS);
        }
        if (parts.contains(Part.SETTINGS)) {
            cases.addAll(BillCase.SETTINGS);
        }
        for (BillCase each : cases) {
            count(each.name(), () -> run.count(each), counted, out);
        }
        Map<Integer, Double> posts =
                parts.contains(Part.SPEAKERS) ? run.postsBySpeakers(BillCase.BILLS.get(1), SPEAKERS) : Map.of();
        Report report = new BillReport(people, speakers, share, PriceList.load(), PeerPrice.load())
                .report(counted, posts, facts());
        out.println();
        out.println(report.text());
        if (folder != null) {
            report.write(folder, name);
            out.println("written to " + folder.resolve(name + ".md"));
        }
        return 0;
    }

    /** One configuration that could not be counted does not take the others with it. */
    private static void count(String name, Callable<Counted> run, Map<String, Counted> counted, PrintStream out) {
        try {
            counted.put(name, run.call());
        } catch (Exception e) {
            out.println(name + " was not counted: " + e.getMessage());
        }
    }

    private Map<String, String> facts() {
        Map<String, String> facts = Machine.describe(Path.of(System.getProperty("parley.home", ".")));
        facts.put("load average", Machine.load() + " at the end");
        facts.put(
                "load",
                rooms + " room(s) of " + people + ", " + speakers + " speaking all the time in utterances of "
                        + Talk.UTTERANCE_SECONDS + " s; " + seconds + " s of each configuration");
        return facts;
    }
}
