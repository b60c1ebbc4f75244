package io.parley.benchmarks.job;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code benchmarks/run.sh job} for a moment: the job runs in a process of its own and its work is counted. */
class JobCostITCase {

    @Test
    void theJobOfAProcessOfItsOwnIsMeasured() {
        assertThat(new CommandLine(new JobCost())
                        .execute("--rounds=1", "--rooms=1", "--people=3", "--duration=1", "--warm-up=1", "--settle=1"))
                .isZero();
    }
}
