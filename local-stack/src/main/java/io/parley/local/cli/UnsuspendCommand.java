package io.parley.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code parley unsuspend}: lifts a suspension before its time. */
@Command(
        name = "unsuspend",
        mixinStandardHelpOptions = true,
        description = "Lift the suspension of a user.",
        sortOptions = false)
public final class UnsuspendCommand implements ParleySubcommand {

    @Mixin
    private OperatorArguments operator;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        JsonNode answer = operator.perform(Map.of("operation", "unsuspend"), command);
        command.commandLine()
                .getOut()
                .println(operator.participant()
                        + (answer.path("wasSuspended").asBoolean()
                                ? " is no longer suspended"
                                : " was not suspended; nothing has changed"));
        return 0;
    }
}
