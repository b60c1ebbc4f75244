package io.parley.benchmarks.job;

import io.parley.benchmarks.load.StackTalk;
import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.job.VoiceJob;
import io.parley.local.stack.LocalStack;
import io.parley.local.stack.StackOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** A stack whose job runs in a process of its own, and tells what that process has used. */
public final class JobStackProcess {

    /** Processor time of the job's process so far. */
    static final String JOB_CPU_NS = "job.cpuNs";

    private JobStackProcess() {}

    public static void main(String[] arguments) throws Exception {
        StackOptions options = StackOptions.onFreePorts()
                .withoutJob()
                .withArchive(ArchiveMode.SEGMENT, EventGranularity.UTTERANCE)
                .withJobSettings(Map.of("job.parallelism", "1"));
        try (LocalStack stack = LocalStack.start(options)) {
            Process job = start(stack.jobProperties());
            try {
                stack.awaitReady();
                StackTalk.serve(
                        stack.credentials().url(),
                        stack.credentials().apiKey(),
                        () -> {
                            Map<String, Double> usage = new TreeMap<>(stack.usage());
                            usage.put(JOB_CPU_NS, cpuNs(job));
                            return usage;
                        },
                        user -> stack.token("load-" + user));
            } finally {
                job.destroyForcibly().waitFor();
            }
        }
        System.exit(0);
    }

    private static Process start(Path properties) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "--add-opens=java.base/java.util=ALL-UNNAMED",
                        "--add-opens=java.base/java.lang=ALL-UNNAMED",
                        "--add-opens=java.base/java.math=ALL-UNNAMED",
                        "-Xmx1g",
                        "-XX:+UseParallelGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        VoiceJob.class.getName(),
                        "--properties",
                        properties.toString())
                .redirectErrorStream(true)
                .redirectOutput(properties.resolveSibling("job.log").toFile())
                .start();
    }

    private static double cpuNs(Process job) {
        return job.info()
                .totalCpuDuration()
                .orElseThrow(() -> new IllegalStateException("the job has ended"))
                .toNanos();
    }
}
