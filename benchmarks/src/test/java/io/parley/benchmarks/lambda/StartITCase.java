package io.parley.benchmarks.lambda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code benchmarks/run.sh start} for a moment: the deployed jars start and work, primed and not. */
class StartITCase {

    @Test
    void theDeployedJarsStartAndWork() {
        Path root = Path.of(System.getProperty("parley.root"));
        assumeTrue(Stage.isBuilt(root), "the Lambdas' jars are not built");
        assertThat(new CommandLine(new StartComparison()).execute("--rounds=1")).isZero();
    }
}
