package io.parley.benchmarks.bill;

import io.parley.benchmarks.naive.NaiveStackProcess;
import java.util.Map;

/**
 * How large the functions are and how long a run of each takes on AWS. The sizes of Parley's are those that Terraform
 * deploys; the naive ones' are assumed, and so are all times, by {@link Talk}'s figures: on the local stack S3 answers at
 * once, and a busy laptop says little of how long Lambda takes.
 */
final class FunctionCosts {

    private static final int DEPLOYED_MB = 1024;
    private static final int NAIVE_MB = 512;
    private static final Map<String, Integer> MEMORY_MB = Map.of(
            "parley-broadcast",
            1769,
            NaiveStackProcess.CONNECT,
            NAIVE_MB,
            NaiveStackProcess.MESSAGE,
            NAIVE_MB,
            NaiveStackProcess.AUDIO,
            NAIVE_MB,
            NaiveStackProcess.PROCESS,
            NAIVE_MB,
            NaiveStackProcess.BROADCAST,
            NAIVE_MB,
            NaiveStackProcess.COMPLETE,
            NAIVE_MB);

    private FunctionCosts() {}

    static double gigabytes(String function) {
        return MEMORY_MB.getOrDefault(function, DEPLOYED_MB) / 1024.0;
    }

    /** @param storesChunks whether the audio function waits for an object */
    static double assumedSeconds(String function, boolean storesChunks) {
        return switch (function) {
            case "parley-broadcast" -> Talk.BROADCAST_CALL_SECONDS;
            case "parley-audio" -> Talk.INGEST_SECONDS + (storesChunks ? Talk.ARCHIVE_SECONDS : 0);
            case NaiveStackProcess.AUDIO, NaiveStackProcess.PROCESS, NaiveStackProcess.BROADCAST ->
                Talk.INGEST_SECONDS + Talk.ARCHIVE_SECONDS;
            default -> Talk.INGEST_SECONDS;
        };
    }
}
