package io.parley.benchmarks.load;

import io.parley.local.cli.StackArguments;
import io.parley.local.stack.LocalStack;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The main class of a process that runs a local stack and nothing else, so that what it uses is the stack's. */
@Command(name = "stack")
public final class StackProcess implements Callable<Integer> {

    @Mixin
    private StackArguments arguments;

    @Option(names = "--job")
    private Map<String, String> jobSettings = new LinkedHashMap<>();

    @Option(names = "--function")
    private Map<String, String> functionSettings = new LinkedHashMap<>();

    @Option(names = "--flink")
    private Map<String, String> flinkSettings = new LinkedHashMap<>();

    public static void main(String[] arguments) {
        CommandLine line = new CommandLine(new StackProcess()).setCaseInsensitiveEnumValuesAllowed(true);
        // Libraries leave threads that are no daemons; what had to be closed has been.
        System.exit(line.execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        try (LocalStack stack = LocalStack.start(arguments
                .options(Map.of())
                .withJobSettings(jobSettings)
                .withFunctionSettings(functionSettings)
                .withFlinkSettings(flinkSettings))) {
            StackTalk.serve(
                    stack.credentials().url(),
                    stack.credentials().apiKey(),
                    stack::usage,
                    user -> stack.token("load-" + user));
        }
        return 0;
    }
}
