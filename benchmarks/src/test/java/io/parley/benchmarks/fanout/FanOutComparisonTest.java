package io.parley.benchmarks.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.pairs.Pairs;
import io.parley.benchmarks.report.Report;
import org.junit.jupiter.api.Test;

/** It runs: everybody gets every tick and every text, or the comparison fails. */
class FanOutComparisonTest {

    @Test
    void bringsTicksAndTextsToEveryListener() throws Exception {
        Report report = new Report("fan-out");

        Pairs pairs = FanOutComparison.compare(3, 1, 1, report);

        assertThat(pairs.ratio(Pairs.Figure.P50).rounds()).hasSize(1);
        assertThat(report.text()).contains("3 listeners");
    }
}
