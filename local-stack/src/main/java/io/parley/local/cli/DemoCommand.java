package io.parley.local.cli;

import io.parley.core.options.RoomOptions;
import io.parley.ingest.IngestOptions;
import io.parley.local.demo.Demo;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code parley demo}: real speech through the whole system, with an account of every frame. */
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = {
            "Three speakers talk into a room, two listeners hear them, all on this machine.",
            "Exits with 0 only if every frame came to every listener exactly once, in order, bit for bit."
        },
        sortOptions = false)
public final class DemoCommand implements ParleySubcommand {

    /** Longer than any pause that a busy laptop makes; on AWS the defaults hold. */
    private static final int GENEROUS_HOLD_MS = 3_000;

    private static final int GENEROUS_DEADLINE_MS = 10_000;
    /** The probes of the warm-up come as fast as they are answered, which is no way for a client to behave. */
    private static final String WARM_UP_MESSAGES_PER_SECOND = "1000";

    /** What is heard is written to a file, where waiting costs nothing. */
    private static final int PLAYOUT_MS = 300;

    @Option(
            names = "--rounds",
            defaultValue = "2",
            description = "How often each speaker says its piece (default: ${DEFAULT-VALUE}).")
    private int rounds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "10",
            description = "How long to warm up before (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(names = "--out", paramLabel = "FILE", description = "Where to write what a listener heard.")
    private Path heard;

    @Mixin
    private StackArguments arguments;

    @Override
    public Integer call() throws Exception {
        PrintStream out = System.out;
        Map<String, String> defaults = new LinkedHashMap<>();
        defaults.put(RoomOptions.MAX_HOLD.key(), String.valueOf(GENEROUS_HOLD_MS));
        defaults.put(RoomOptions.MAX_HELD_FRAMES.key(), "500");
        defaults.put(RoomOptions.PLAYOUT_DEADLINE.key(), String.valueOf(GENEROUS_DEADLINE_MS));
        StackOptions options = arguments
                .options(defaults)
                .withFunctionSettings(Map.of(IngestOptions.MAX_MESSAGES.key(), WARM_UP_MESSAGES_PER_SECOND));
        RoomOptions rooms = RoomOptions.of(options.roomSettings());
        out.println("Starting the gateway, the AWS APIs and the Flink job ...");
        long start = System.nanoTime();
        try (LocalStack stack = LocalStack.start(options)) {
            out.printf("Up after %.1f s.%n", (System.nanoTime() - start) / 1e9);
            out.printf(
                    "Stream read by %s, %d shard%s; chunks of %d ms, a tick every %d ms; a gap is held for %d ms, playout"
                            + " deadline %d ms%s.%n"
                            + "What is heard is played out after %d ms.%n%n",
                    io.parley.core.options.Option.name(options.reader()),
                    options.shards(),
                    options.shards() == 1 ? "" : "s",
                    rooms.chunkMs(),
                    rooms.tickPeriodMs(),
                    rooms.maxHoldMs(),
                    rooms.playoutDeadlineMs(),
                    rooms.maxHoldMs() == GENEROUS_HOLD_MS ? " (generous, against pauses of this machine)" : "",
                    PLAYOUT_MS);
            Demo.Settings settings = new Demo.Settings(
                    rounds,
                    warmUpSeconds,
                    rooms.chunkMs(),
                    PLAYOUT_MS,
                    rooms.playoutDeadlineMs(),
                    heard == null
                            ? Path.of(System.getProperty("parley.home", "."), "target", "demo", "heard.ogg")
                            : heard);
            return new Demo(stack, settings, out).run() ? 0 : 1;
        }
    }
}
