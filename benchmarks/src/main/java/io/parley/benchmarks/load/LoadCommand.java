package io.parley.benchmarks.load;

import io.parley.benchmarks.report.Machine;
import io.parley.core.options.OptionException;
import io.parley.core.options.RoomOptions;
import io.parley.local.cli.ParleySubcommand;
import io.parley.local.cli.StackArguments;
import io.parley.local.stack.StackOptions;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley load}. */
@Command(
        name = "load",
        mixinStandardHelpOptions = true,
        description = {
            "Put rooms full of people on a stack, at a constant rate, and measure what becomes of every frame.",
            "Without --url a stack is started in a process of its own, so that its processor time is told apart from the"
                    + " load's."
        },
        sortOptions = false)
public final class LoadCommand implements ParleySubcommand {

    @Mixin
    private LoadArguments load;

    @Mixin
    private DeploymentArguments deployment;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the result there as well.")
    private Path json;

    @Mixin
    private StackArguments stack;

    @Option(
            names = "--job",
            paramLabel = "KEY=VALUE",
            description = "A setting of the job, such as job.parallelism=2; may be repeated.")
    private Map<String, String> jobSettings = new LinkedHashMap<>();

    @Option(
            names = "--function",
            paramLabel = "KEY=VALUE",
            description = "A setting of the Lambdas, such as BROADCAST_CONCURRENCY=16; may be repeated.")
    private Map<String, String> functionSettings = new LinkedHashMap<>();

    @Option(
            names = "--flink",
            paramLabel = "KEY=VALUE",
            description = "A setting of Flink, such as state.backend.type=rocksdb; may be repeated.")
    private Map<String, String> flinkSettings = new LinkedHashMap<>();

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        LoadSettings settings;
        StackOptions options;
        try {
            settings = load.settings();
            options = stack.options(Map.of(RoomOptions.CHUNK.key(), String.valueOf(load.chunkMs())))
                    .withJobSettings(jobSettings)
                    .withFunctionSettings(functionSettings)
                    .withFlinkSettings(flinkSettings);
        } catch (IllegalArgumentException | OptionException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        out.println(
                deployment.isGiven()
                        ? "Connecting to " + deployment.url() + " ..."
                        : "Starting a stack in a process of its own ...");
        LoadResult result;
        try (Target target = deployment.isGiven()
                ? deployment.target(settings.connections(), command.commandLine())
                : StackCommandLine.start(options)) {
            result = LoadTargets.run(target, settings, out);
        }
        out.println();
        LoadReport.print(result, out);
        Map<String, String> facts = Machine.describe(Path.of(System.getProperty("parley.home", ".")));
        facts.put("load average", Machine.load());
        out.printf(
                "%non %s, %s cores, load average %s (the last minute, this run included)%n",
                facts.get("processor"), facts.get("cores"), facts.get("load average"));
        if (json != null) {
            LoadReport.write(result, facts, json);
        }
        return 0;
    }
}
