package io.parley.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.ingest.IngestComparison;
import io.parley.benchmarks.latency.HopsRun;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The comparisons that no other test runs, each for a moment; no figure of them is looked at. */
class ComparisonsITCase {

    @Test
    void theHandlerIsComparedWithABarePutRecord() {
        assertThat(new CommandLine(new IngestComparison()).execute("--rounds=1", "--blocks=1"))
                .isZero();
    }

    @Test
    void theHopsOfTheLocalStackAreMeasured() {
        assertThat(new CommandLine(new HopsRun()).execute("--rounds=1", "--warm-up=1"))
                .isZero();
    }
}
