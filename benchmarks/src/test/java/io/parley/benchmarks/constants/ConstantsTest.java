package io.parley.benchmarks.constants;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConstantsTest {

    @Test
    void hasAValueOfEveryConstantAndSaysWhereItIsFrom() {
        assertThat(Constants.load().lines())
                .extracting(Constants.Line::constant)
                .containsExactly(Constant.values());
    }

    @Test
    void whatIsMeasuredIsInAResultFile() {
        assertThat(Constants.load().lines())
                .filteredOn(line -> line.kind().equals("measured"))
                .isNotEmpty()
                .allSatisfy(line -> assertThat(Path.of(
                                "..", line.source().substring(0, line.source().indexOf(':'))))
                        .exists());
    }

    @Test
    void theJobsTimesAreTheMediansOfTheResultFile() throws IOException {
        assertThat(Constants.load().of(Constant.JOB_CPU_US_A_RECORD)).isEqualTo(measured("µs of a core a record"));
        assertThat(Constants.load().of(Constant.JOB_CPU_US_A_CALL)).isEqualTo(measured("µs of a core a call"));
    }

    private static double measured(String label) throws IOException {
        String row = Files.readString(Path.of("../benchmarks/results/job-2026-11-28.md"))
                .lines()
                .filter(line -> line.startsWith("| " + label + " "))
                .findFirst()
                .orElseThrow();
        return Double.parseDouble(row.split("\\|")[2].trim());
    }

    @Test
    void aSmallRegionHasLowerQuotas() {
        Constants constants = Constants.load();

        assertThat(constants.of(Constant.GATEWAY_REQUESTS_A_SECOND, RegionLimits.DEFAULT))
                .isEqualTo(10_000);
        assertThat(constants.of(Constant.GATEWAY_REQUESTS_A_SECOND, RegionLimits.SMALL))
                .isEqualTo(2_500);
        assertThat(constants.of(Constant.LAMBDA_CONCURRENCY, RegionLimits.SMALL))
                .isEqualTo(constants.of(Constant.LAMBDA_CONCURRENCY));
    }

    @Test
    void refusesAFileThatLacksAConstant() throws IOException {
        String file = file().replaceAll("(?m)^ingest-ms,.*\n", "");
        assertThatThrownBy(() -> Constants.read(new StringReader(file))).hasMessageContaining("lacks ingest-ms");
    }

    @Test
    void refusesAValueWithoutASource() throws IOException {
        String file = file().replaceAll("(?m)^(ingest-ms,.*),[^,]*$", "$1,");
        assertThatThrownBy(() -> Constants.read(new StringReader(file)))
                .hasMessageContaining("ingest-ms must say unit, date and source");
    }

    private static String file() throws IOException {
        try (InputStream in = Constants.class.getResourceAsStream("constants.csv")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
