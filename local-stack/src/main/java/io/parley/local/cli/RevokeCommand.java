package io.parley.local.cli;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley revoke}: takes back what let a user into a room. */
@Command(
        name = "revoke",
        mixinStandardHelpOptions = true,
        description = "Take a user out of a room; it comes in again only with a new ticket.",
        sortOptions = false)
public final class RevokeCommand implements ParleySubcommand {

    @Option(names = "--room", required = true, description = "The room.")
    private String room;

    @Mixin
    private OperatorArguments operator;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        operator.perform(Map.of("operation", "revoke", "room", room), command);
        command.commandLine().getOut().println(operator.participant() + " is out of " + room);
        return 0;
    }
}
