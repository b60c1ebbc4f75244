package io.parley.benchmarks.fanout;

import io.parley.benchmarks.pairs.Pairs;
import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.benchmarks.traffic.Ticks;
import io.parley.core.wire.Tick;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Parley's fan-out of one tick beside a plain WebSocket relay that writes a text as long to as many listeners.
 * Composition root: it reads the clock.
 */
@Command(
        name = "fanout",
        mixinStandardHelpOptions = true,
        description = "Parley's fan-out beside a plain WebSocket relay: from the tick until all listeners have it.")
public final class FanOutComparison implements Callable<Integer> {

    private static final int SPEAKERS = 2;

    @Option(names = "--name", description = "Writes results/NAME.md and .json.")
    private String name;

    @Option(
            names = "--listeners",
            split = ",",
            defaultValue = "10,50",
            description = "In the room. Default: ${DEFAULT-VALUE}")
    private List<Integer> listeners;

    @Option(names = "--rounds", defaultValue = "9", description = "After one to warm up. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--blocks", defaultValue = "10", description = "Of 50 ticks, in a round. Default: ${DEFAULT-VALUE}")
    private int blocks;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new FanOutComparison()).execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath();
        Map<String, String> facts = Machine.describe(
                root,
                "benchmarks/run.sh fanout --listeners "
                        + listeners.stream().map(String::valueOf).collect(Collectors.joining(",")) + " --rounds "
                        + rounds + " --blocks " + blocks,
                Clock.systemUTC());
        Report measured = new Report("");
        for (int count : listeners) {
            compare(count, rounds, blocks, measured);
        }
        facts.put("load average after", Machine.load());
        Report report = new Report("Fan-out beside a plain WebSocket relay");
        report.facts("machine", facts);
        report.append(measured);
        System.out.println(report.text());
        if (name != null) {
            report.write(root.resolve("benchmarks/results"), name);
        }
        return 0;
    }

    /** Adds the comparison for a room of so many to the report. */
    static Pairs compare(int count, int rounds, int blocks, Report report) throws Exception {
        Vertx vertx = Vertx.vertx();
        try {
            ParleyFanOut parley = new ParleyFanOut(vertx);
            Listeners ears = Listeners.connect(vertx, count, parley.port(), parley.path());
            Relay relay = new Relay(vertx);
            Listeners relayed = Listeners.connect(vertx, count, relay.port(), "/");
            Tick tick = Ticks.full(SPEAKERS);
            parley.send(tick);
            ears.awaitOneEach();
            String text = "x".repeat(ears.lastBytes());
            Pairs pairs = Pairs.measure(
                    "Parley, " + count,
                    () -> {
                        parley.send(tick);
                        ears.awaitOneEach();
                    },
                    "relay, " + count,
                    () -> {
                        relay.send(text);
                        relayed.awaitOneEach();
                    },
                    rounds,
                    blocks);
            pairs.into(
                    report,
                    count + " listeners, " + text.length()
                            + " bytes, one tick at a time until all have it; processor time"
                            + " of all parts, the listeners too, for one delivered message.",
                    count);
            return pairs;
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().get(30, TimeUnit.SECONDS);
        }
    }
}
