package io.parley.benchmarks.pairs;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.benchmarks.report.Report;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PairsTest {

    @Test
    void bothWaysGoAsOftenAndTakeTurnsInGoingFirst() throws Exception {
        List<String> calls = new ArrayList<>();

        Pairs pairs = Pairs.measure("ours", () -> calls.add("ours"), "floor", () -> calls.add("floor"), 3, 2);

        assertThat(List.of(calls.get(0), calls.get(50), calls.get(100), calls.get(150)))
                .containsExactly("ours", "floor", "floor", "ours");
        assertThat(calls).hasSize(4 * 4 * 50);
        for (Pairs.Figure figure : Pairs.Figure.values()) {
            assertThat(pairs.ratio(figure).rounds())
                    .as("%s of every round but the first", figure)
                    .hasSize(3);
        }
    }

    @Test
    void theReportSaysRatiosAndHowManyPairs() throws Exception {
        Report report = new Report("pairs");

        Pairs.measure("ours", () -> {}, "floor", () -> {}, 7, 1).into(report, "A note.", 1);

        assertThat(report.text()).contains("ours beside floor", "A note. 7 pairs of rounds", "least - most");
    }
}
