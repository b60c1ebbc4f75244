package io.parley.benchmarks.size;

import io.parley.benchmarks.bill.PriceList;
import io.parley.benchmarks.constants.Constants;
import io.parley.benchmarks.constants.RegionLimits;
import io.parley.core.options.ArchiveMode;
import io.parley.local.cli.ParleySubcommand;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code parley size}: what a deployment has to have, and what it costs. */
@Command(
        name = "size",
        mixinStandardHelpOptions = true,
        description = {
            "Say what a deployment on AWS has to have for so many rooms, which quota is hit",
            "first, what it costs, and the Terraform variables. Arithmetic: docs/sizing.md."
        },
        sortOptions = false)
public final class SizeCommand implements ParleySubcommand {

    @Option(names = "--rooms", required = true, paramLabel = "N", description = "Rooms that talk at once.")
    private int rooms;

    @Option(names = "--people", required = true, paramLabel = "N", description = "People in each, speakers included.")
    private int people;

    @Option(names = "--speakers", required = true, paramLabel = "N", description = "Who speak at once in each.")
    private int speakers;

    @Option(
            names = "--chunk-ms",
            defaultValue = "100",
            paramLabel = "MS",
            description = "room.chunk-ms (default: 100).")
    private int chunkMs;

    @Option(
            names = "--tick-ms",
            defaultValue = "100",
            paramLabel = "MS",
            description = "room.tick-period-ms (default: 100).")
    private int tickMs;

    @Option(
            names = "--archive",
            defaultValue = "chunk",
            paramLabel = "MODE",
            description = "ARCHIVE_MODE: chunk, segment, both or off (default: chunk).")
    private ArchiveMode archiveMode;

    @Option(
            names = "--region-limits",
            defaultValue = "default",
            paramLabel = "WHICH",
            description = "Quotas of large regions (default) or of small ones: default or small.")
    private RegionLimits region;

    @Option(
            names = "--hours",
            defaultValue = "730",
            paramLabel = "N",
            description = "Hours of a month in which all rooms talk (default: 730, all).")
    private double hours;

    @Option(names = "--tfvars", description = "Write the Terraform variables only.")
    private boolean tfvarsOnly;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        if (!(hours >= 0) || hours > 744) {
            throw new ParameterException(
                    command.commandLine(), "--hours is " + hours + ", but a month has 0 to 744 hours of talk");
        }
        Constants constants = Constants.load();
        Size size;
        try {
            size = Size.of(new Demand(rooms, people, speakers, chunkMs, tickMs, archiveMode), constants);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(command.commandLine(), e.getMessage());
        }
        PrintWriter out = command.commandLine().getOut();
        if (tfvarsOnly) {
            new TerraformLines(size, constants, region).lines().forEach(out::println);
        } else {
            out.print(new SizeReport(size, constants, region, PriceList.load(), hours).text());
        }
        out.flush();
        return 0;
    }
}
