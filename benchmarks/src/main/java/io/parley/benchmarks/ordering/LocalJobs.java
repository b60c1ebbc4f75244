package io.parley.benchmarks.ordering;

import io.parley.benchmarks.traffic.Voice;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.FileUtils;

/** Runs one variant at a time, each on a fresh cluster within this JVM, set up as the job sets up its own. */
final class LocalJobs implements AutoCloseable {

    private static final Duration CHECKPOINT_INTERVAL = Duration.ofSeconds(10);
    private static final int BUFFER_TIMEOUT_MS = 2;
    static final int MAX_PARALLELISM = 128;

    private final Path folder;

    LocalJobs() throws IOException {
        folder = Files.createTempDirectory("parley-benchmarks");
    }

    /** Runs to the input's end. The caller closes the run that it gets. */
    Run run(Variant variant, Backend backend, Voice[] voices, int count, int framesPerChunk, int parallelism, Pace pace)
            throws Exception {
        Run run = new Run(voices, count, framesPerChunk, parallelism, pace);
        StreamExecutionEnvironment environment = environment(backend, parallelism);
        variant.build(environment, run);
        // What the run before has left is not to be collected in this one.
        System.gc();
        environment.execute(variant.label);
        return run;
    }

    private StreamExecutionEnvironment environment(Backend backend, int parallelism) {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_PORT, "0");
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, parallelism);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(64));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(64));
        configuration.set(CoreOptions.TMP_DIRS, folder.toString());
        configuration.set(StateBackendOptions.STATE_BACKEND, backend.flinkName);
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(parallelism, configuration);
        environment.setMaxParallelism(MAX_PARALLELISM);
        environment.setBufferTimeout(BUFFER_TIMEOUT_MS);
        environment.getConfig().enableObjectReuse();
        environment.getConfig().setAutoWatermarkInterval(0);
        environment.enableCheckpointing(CHECKPOINT_INTERVAL.toMillis());
        return environment;
    }

    /** Deletes what the runs have left; a cluster that has just ended may be deleting its own part of it. */
    @Override
    public void close() {
        FileUtils.deleteDirectoryQuietly(folder.toFile());
    }
}
