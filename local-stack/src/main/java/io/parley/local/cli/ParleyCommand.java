package io.parley.local.cli;

import io.parley.core.options.OptionException;
import io.parley.local.stack.PortTakenException;
import java.util.ServiceLoader;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The {@code parley} command line: every {@link ParleySubcommand} of this module and of others. */
@Command(
        name = "parley",
        mixinStandardHelpOptions = true,
        version = "parley 0.1.0-SNAPSHOT",
        description = "Group voice chat for games, the whole system on this machine.",
        footer = {
            "",
            "Also: ./parley size (what a deployment has to have and costs), ./parley test (every test),",
            "./parley build (deployable jars into dist/)."
        },
        synopsisSubcommandLabel = "COMMAND")
public final class ParleyCommand {

    private ParleyCommand() {}

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new ParleyCommand());
        ServiceLoader.load(ParleySubcommand.class).forEach(line::addSubcommand);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setExecutionExceptionHandler((failure, command, result) -> {
            LoggerFactory.getLogger(ParleyCommand.class).warn("parley failed", failure);
            command.getErr().println("parley: " + explain(failure));
            return 1;
        });
        int status = line.execute(arguments);
        // Libraries leave threads that are no daemons; what had to be closed has been.
        System.exit(status);
    }

    private static String explain(Throwable failure) {
        if (failure instanceof PortTakenException || failure instanceof OptionException) {
            return failure.getMessage();
        }
        return failure.getMessage() == null ? failure.toString() : failure.getMessage();
    }
}
