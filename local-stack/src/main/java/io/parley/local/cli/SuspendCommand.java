package io.parley.local.cli;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code parley suspend}: ends a user's connections and lets it open no other for a while. */
@Command(
        name = "suspend",
        mixinStandardHelpOptions = true,
        description = "Suspend a user from the whole deployment.",
        sortOptions = false)
public final class SuspendCommand implements ParleySubcommand {

    @Mixin
    private OperatorArguments operator;

    @Option(names = "--minutes", description = "For how long (default: until ./parley unsuspend).")
    private Integer minutes;

    @Option(names = "--reason", description = "Why, for those who look it up.")
    private String reason;

    @Spec
    private CommandSpec command;

    @Override
    public Integer call() {
        Map<String, Object> operation = new LinkedHashMap<>();
        operation.put("operation", "suspend");
        if (minutes != null) {
            operation.put("minutes", minutes);
        }
        if (reason != null) {
            operation.put("reason", reason);
        }
        JsonNode answer = operator.perform(operation, command);
        long untilMs = answer.path("until").asLong();
        command.commandLine()
                .getOut()
                .printf(
                        "%s is suspended until %s; %d connections ended%n",
                        operator.participant(),
                        untilMs == 0 ? "it is lifted" : Instant.ofEpochMilli(untilMs),
                        answer.path("connections").asInt());
        return 0;
    }
}
