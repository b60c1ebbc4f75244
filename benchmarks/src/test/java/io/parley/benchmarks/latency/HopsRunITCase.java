package io.parley.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code benchmarks/run.sh hops} for a moment; no figure of it is looked at. */
class HopsRunITCase {

    @Test
    void theHopsOfTheLocalStackAreMeasured() {
        assertThat(new CommandLine(new HopsRun()).execute("--rounds=1", "--warm-up=1", "--with-losses"))
                .isZero();
    }
}
