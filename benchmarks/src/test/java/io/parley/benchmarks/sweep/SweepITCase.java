package io.parley.benchmarks.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** {@code parley sweep} for a moment: it runs, keeps what it measured and goes on. No figure of it is looked at. */
class SweepITCase {

    @TempDir
    private Path folder;

    private int sweep(String... more) {
        CommandLine line = new CommandLine(new SweepCommand()).setCaseInsensitiveEnumValuesAllowed(true);
        String[] arguments = {
            "--out=" + folder,
            "--people=2",
            "--speakers=1",
            "--duration=2",
            "--warm-up=1",
            "--first-rooms=1",
            "--last-rooms=1",
            "--max-runs=1",
            "--vary=ARCHIVE_MODE=off"
        };
        String[] all = new String[arguments.length + more.length];
        System.arraycopy(arguments, 0, all, 0, arguments.length);
        System.arraycopy(more, 0, all, arguments.length, more.length);
        return line.execute(all);
    }

    @Test
    void measuresAConfigurationAndReportsItWithoutMeasuringAgain() throws Exception {
        assertThat(sweep()).isZero();
        String measured = Files.readString(folder.resolve("sweep.csv"));
        assertThat(measured).contains("heap,1,1,").doesNotContain("ARCHIVE_MODE");
        Files.delete(folder.resolve("sweep.csv"));

        assertThat(sweep("--report")).isZero();
        assertThat(folder.resolve("sweep.csv")).hasContent(measured.strip());
        assertThat(folder.resolve("sweep.html")).isNotEmptyFile();
    }
}
