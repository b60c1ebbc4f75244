package io.parley.benchmarks.ordering;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.benchmarks.traffic.Voice;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Each variant on a small cluster: a comparison is worth nothing where one of them does not do the work. */
class VariantTest {

    private static final int FRAMES_PER_CHUNK = 5;
    private static final Traffic IN_ORDER = new Traffic(3, 2, 100, FRAMES_PER_CHUNK, Delays.NONE, false, 1);
    private static final Traffic DISORDERED = new Traffic(3, 2, 1_000, FRAMES_PER_CHUNK, Delays.HEAVY, false, 1);

    @ParameterizedTest
    @EnumSource
    void deliversEveryFrameOfAnInputInOrder(Variant variant) throws Exception {
        try (LocalJobs jobs = new LocalJobs();
                Run run = run(jobs, variant, Backend.HEAP, IN_ORDER.generate(), 1)) {
            assertThat(run.framesIn()).isEqualTo(IN_ORDER.frames());
            assertThat(run.framesOut()).isEqualTo(run.framesIn());
            assertThat(run.reasons()).isEmpty();
        }
    }

    @Test
    void accountsForEveryFrameOfADisorderedInputWithRocksDbAndTwoSubtasks() throws Exception {
        try (LocalJobs jobs = new LocalJobs();
                Run run = run(jobs, Variant.OURS, Backend.ROCKSDB, DISORDERED.generate(), 2)) {
            assertThat(run.reasons()).containsOnlyKeys("given up", "late");
            assertThat(run.framesOut() + run.reasons().get("given up")).isEqualTo(run.framesIn());
        }
    }

    private static Run run(LocalJobs jobs, Variant variant, Backend backend, Voice[] voices, int parallelism)
            throws Exception {
        return jobs.run(variant, backend, voices, voices.length, FRAMES_PER_CHUNK, parallelism, Pace.FAST);
    }
}
