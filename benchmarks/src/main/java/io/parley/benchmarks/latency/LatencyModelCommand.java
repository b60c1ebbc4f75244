package io.parley.benchmarks.latency;

import io.parley.benchmarks.report.Report;
import io.parley.local.cli.ParleySubcommand;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.SplittableRandom;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley latency-model}: mouth to ear on AWS, as a model. */
@Command(
        name = "latency-model",
        mixinStandardHelpOptions = true,
        description = {
            "Mouth to ear on AWS, as a model: published times of hops around what the software takes,",
            "the original design beside it. Writes latency-model.md and .json."
        },
        sortOptions = false)
public final class LatencyModelCommand implements ParleySubcommand {

    static final String NAME = "latency-model";
    static final String SOFTWARE = "hops-2026-11-28b.json";
    static final int SAMPLES = 200_000;
    static final long SEED = 1;

    @Option(
            names = "--software",
            paramLabel = "FILE",
            description = "A result of benchmarks/run.sh hops (default: benchmarks/results/" + SOFTWARE + ").")
    private Path software;

    @Option(names = "--samples", defaultValue = "" + SAMPLES, description = "Spurts (default: ${DEFAULT-VALUE}).")
    private int samples;

    @Option(names = "--seed", defaultValue = "" + SEED, description = "Of the samples (default: ${DEFAULT-VALUE}).")
    private long seed;

    @Option(names = "--out", paramLabel = "FOLDER", description = "Default: benchmarks/results.")
    private Path folder;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() throws Exception {
        Path results = Path.of(System.getProperty("parley.home", ".")).resolve("benchmarks/results");
        Report report = new LatencyModel(
                        Hops.load(),
                        Hops.software(software == null ? results.resolve(SOFTWARE) : software),
                        Math.max(1_000, samples))
                .report(new SplittableRandom(seed));
        report.write(folder == null ? results : folder, NAME);
        PrintWriter out = command.commandLine().getOut();
        out.print(report.text());
        out.flush();
        return 0;
    }
}
