package io.parley.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The unit tests of the scripts, which Node runs: {@code src/test/js}. */
class ScriptsTest {

    @Test
    void passTheirUnitTests() throws Exception {
        File module = Path.of(System.getProperty("parley.root"), "web-client").toFile();
        Process tests = new ProcessBuilder(Tools.node().toString(), "--test", "src/test/js/")
                .directory(module)
                .redirectErrorStream(true)
                .start();
        String output = new String(tests.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(tests.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(tests.exitValue()).as(output).isZero();
    }
}
