package io.parley.benchmarks.latency;

import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomOptions;
import io.parley.ingest.IngestOptions;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.demo.Demo;
import io.parley.local.demo.HopTable;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What the software takes of a frame's way: the demo's speech through the local stack, hop by hop, as a result file for
 * the latency model. Composition root: it reads the clock.
 */
@Command(name = "hops", mixinStandardHelpOptions = true, description = "The hops of the local stack, for the model.")
public final class HopsRun implements Runnable {

    static final String TABLE = "Hops";
    static final String SOFTWARE = HopTable.Hop.WITHOUT_TICK.label();

    @Option(names = "--name", description = "Writes results/NAME.md and .json.")
    private String name;

    @Option(names = "--rounds", defaultValue = "3", description = "How often each speaker says its piece.")
    private int rounds;

    @Option(names = "--warm-up", defaultValue = "20", description = "Seconds.")
    private int warmUpSeconds;

    @Option(
            names = "--with-losses",
            description = "Go on where frames were lost, which is no measurement but shows that it runs.")
    private boolean withLosses;

    public static void main(String[] arguments) {
        // Libraries leave threads that are no daemons.
        System.exit(new CommandLine(new HopsRun()).execute(arguments));
    }

    @Override
    public void run() {
        Path root = Path.of(System.getProperty("parley.root", "."));
        Map<String, String> facts = Machine.describe(
                root, "benchmarks/run.sh hops --rounds " + rounds + " --warm-up " + warmUpSeconds, Clock.systemUTC());
        HopTable hops = measure(root);
        facts.put("load average after", Machine.load());
        Report report = new Report("Hops of the local stack");
        report.facts("machine", facts);
        report.table(
                TABLE,
                String.format(
                        Locale.ROOT,
                        "Milliseconds; three speakers, two listeners, %d chunks of 100 ms, ticks of 100 ms, segments, EFO; clients,"
                                + " gateway, AWS endpoints, Lambdas and the job in one process.",
                        hops.count()),
                List.of("hop", "p10", "p50", "p90", "p99"),
                rows(hops),
                numbers(hops));
        System.out.println(report.text());
        if (name == null) {
            return;
        }
        try {
            report.write(root.resolve("benchmarks/results"), name);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HopTable measure(Path root) {
        StackOptions options = StackOptions.onFreePorts()
                .withStream(StreamReader.EFO, 1)
                .withArchive(ArchiveMode.SEGMENT, EventGranularity.UTTERANCE)
                .withRoomSettings(
                        Map.of(RoomOptions.MAX_HOLD.key(), "3000", RoomOptions.PLAYOUT_DEADLINE.key(), "10000"))
                .withFunctionSettings(Map.of(IngestOptions.MAX_MESSAGES.key(), "1000"));
        Demo.Settings settings =
                new Demo.Settings(rounds, warmUpSeconds, 100, 300, 10_000, root.resolve("benchmarks/target/heard.ogg"));
        try (LocalStack stack = LocalStack.start(options)) {
            Demo demo = new Demo(stack, settings, System.out);
            if (!demo.run() && !withLosses) {
                throw new IllegalStateException("frames were lost: no result");
            }
            return demo.hops();
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the stack did not run", e);
        }
    }

    private static List<List<String>> rows(HopTable hops) {
        List<List<String>> rows = new ArrayList<>();
        for (HopTable.Hop hop : HopTable.Hop.values()) {
            List<String> row = new ArrayList<>(List.of(hop.label()));
            for (double percentile : new double[] {10, 50, 90, 99}) {
                row.add(String.format(Locale.ROOT, "%.2f", hops.ms(hop, percentile)));
            }
            rows.add(row);
        }
        return rows;
    }

    private static Map<String, Map<String, Double>> numbers(HopTable hops) {
        Map<String, Map<String, Double>> numbers = new LinkedHashMap<>();
        for (HopTable.Hop hop : HopTable.Hop.values()) {
            Map<String, Double> row = new LinkedHashMap<>();
            for (int percentile : new int[] {10, 50, 90, 99}) {
                row.put("p" + percentile, hops.ms(hop, percentile));
            }
            numbers.put(hop.label(), row);
        }
        return numbers;
    }
}
