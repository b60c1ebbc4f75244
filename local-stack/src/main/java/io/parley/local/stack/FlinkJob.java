package io.parley.local.stack;

import io.parley.job.JobOptions;
import io.parley.job.VoiceJob;
import io.parley.local.ops.JobReadings;
import io.parley.local.ops.JobReporter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main job on a MiniCluster in this JVM, with checkpoints and Flink's web UI. */
final class FlinkJob implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(FlinkJob.class);
    private static final long START_SECONDS = 60;

    private final JobClient job;
    private final AutoCloseable reporting;

    private FlinkJob(JobClient job, AutoCloseable reporting) {
        this.job = job;
        this.reporting = reporting;
    }

    /**
     * Submits the job and waits until all its tasks run.
     *
     * @param readings learns of the job's metrics
     * @param settings of Flink, in place of those that are set here
     */
    static FlinkJob start(
            JobOptions options, int webPort, Path checkpoints, JobReadings readings, Map<String, String> settings)
            throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestOptions.BIND_ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.ADDRESS, "127.0.0.1");
        configuration.set(RestOptions.BIND_PORT, String.valueOf(webPort));
        configuration.set(RestOptions.PORT, webPort);
        // Flink's defaults would let any web page upload a jar and run it here.
        configuration.set(WebOptions.SUBMIT_ENABLE, false);
        configuration.set(WebOptions.CANCEL_ENABLE, false);
        configuration.set(WebOptions.ACCESS_CONTROL_ALLOW_ORIGIN, "http://127.0.0.1:" + webPort);
        configuration.set(TaskManagerOptions.NUM_TASK_SLOTS, 4);
        configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(32));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(32));
        configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(32));
        configuration.set(StateBackendOptions.STATE_BACKEND, "hashmap");
        configuration.set(CheckpointingOptions.CHECKPOINT_STORAGE, "filesystem");
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.toUri().toString());
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofSeconds(1));
        configuration.addAll(Configuration.fromMap(settings));
        AutoCloseable reporting = JobReporter.attach(configuration, readings);
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironmentWithWebUI(configuration);
        FlinkJob job = new FlinkJob(submit(environment, options), reporting);
        job.awaitRunning();
        return job;
    }

    private static JobClient submit(StreamExecutionEnvironment environment, JobOptions options) throws Exception {
        VoiceJob.define(environment, options);
        return environment.executeAsync(VoiceJob.NAME);
    }

    private void awaitRunning() throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(START_SECONDS);
        JobStatus status;
        while ((status = job.getJobStatus().get(10, TimeUnit.SECONDS)) != JobStatus.RUNNING) {
            if (status.isGloballyTerminalState() || System.nanoTime() > end) {
                throw new IllegalStateException("the Flink job is " + status + " and not running");
            }
            TimeUnit.MILLISECONDS.sleep(50);
        }
    }

    @Override
    public void close() {
        try {
            job.cancel().get(20, TimeUnit.SECONDS);
            reporting.close();
        } catch (Exception e) {
            LOG.warn("the Flink job could not be cancelled: {}", e.toString());
        }
    }
}
