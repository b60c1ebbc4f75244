package io.parley.benchmarks.load;

import io.parley.core.options.Option;
import io.parley.local.gateway.Impairment;
import io.parley.local.stack.StackOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A stack's options as the command line of {@link StackProcess}. */
final class StackCommandLine {

    private StackCommandLine() {}

    static Target start(StackOptions options) throws IOException {
        return StackProcessTarget.start(StackProcess.class, arguments(options));
    }

    static List<String> arguments(StackOptions options) {
        List<String> arguments = new ArrayList<>(List.of(
                "--reader", Option.name(options.reader()),
                "--shards", String.valueOf(options.shards()),
                "--archive-mode", Option.name(options.archiveMode()),
                "--events", Option.name(options.eventGranularity())));
        Impairment impairment = options.impairment();
        if (!impairment.isNone()) {
            arguments.add("--impair");
            arguments.add("loss=" + impairment.loss() + ",delay=" + impairment.delayMs() + ",jitter="
                    + impairment.jitterMs() + ",duplicate=" + impairment.duplicate() + ",seed=" + impairment.seed());
        }
        options.roomSettings().forEach((key, value) -> arguments.addAll(List.of("--room", key + '=' + value)));
        options.jobSettings().forEach((key, value) -> arguments.addAll(List.of("--job", key + '=' + value)));
        options.functionSettings().forEach((key, value) -> arguments.addAll(List.of("--function", key + '=' + value)));
        options.flinkSettings().forEach((key, value) -> arguments.addAll(List.of("--flink", key + '=' + value)));
        return arguments;
    }
}
