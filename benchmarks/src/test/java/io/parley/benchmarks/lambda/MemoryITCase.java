package io.parley.benchmarks.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code benchmarks/run.sh memory} for a moment: both deployed jars do their work under a quota. */
class MemoryITCase {

    @Test
    void theDeployedJarsWorkWithTheProcessorOfTheirMemory() {
        Path root = Path.of(System.getProperty("parley.root"));
        assumeTrue(Stage.isBuilt(root), "the Lambdas' jars are not built");
        assumeTrue(canLimitTheProcessor(), "no control group can be made here");

        assertThat(new CommandLine(new MemoryComparison())
                        .execute("--rounds=1", "--memory=1769", "--listeners=3", "--invocations=5", "--warm-up=1"))
                .isZero();
    }

    @Test
    void aMemoryBeyondThisMachinesCoresIsRefusedWithWhatItCanGive() {
        StringWriter said = new StringWriter();

        int code = new CommandLine(new MemoryComparison())
                .setErr(new PrintWriter(said))
                .execute("--memory=1000000");

        assertThat(code).isEqualTo(2);
        assertThat(said.toString()).contains("--memory 1000000: must be at least 128, and at most what");
    }

    private static boolean canLimitTheProcessor() {
        try (ProcessorShare share = ProcessorShare.of(1024)) {
            share.limit();
            return true;
        } catch (IOException e) {
            return false;
        }
    }
}
