package io.parley.benchmarks.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code benchmarks/run.sh ingest} for a moment; no figure of it is looked at. */
class IngestComparisonITCase {

    @Test
    void theHandlerIsComparedWithABarePutRecord() {
        assertThat(new CommandLine(new IngestComparison()).execute("--rounds=1", "--blocks=1"))
                .isZero();
    }
}
