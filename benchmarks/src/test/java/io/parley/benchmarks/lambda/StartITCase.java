package io.parley.benchmarks.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code benchmarks/run.sh start} for a moment: the deployed jar starts and takes chunks, primed and not. */
class StartITCase {

    @Test
    void theDeployedJarStartsAndTakesChunks() {
        Path root = Path.of(System.getProperty("parley.root"));
        assumeTrue(DeployedJar.isBuilt(root, "ingest-lambdas"), "the Lambdas' jar is not built");
        assertThat(new CommandLine(new StartComparison()).execute("--rounds=1")).isZero();
    }
}
