package io.parley.benchmarks.latency;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FitTest {

    private static final Map<Double, Double> EVENT_BRIDGE = Map.of(0.1, 113.0, 0.5, 148.0, 0.9, 241.0, 0.99, 387.0);

    @Test
    void goesThroughEveryQuantile() {
        Fit fit = Fit.through(EVENT_BRIDGE);

        EVENT_BRIDGE.forEach((p, ms) -> assertThat(fit.at(p)).isCloseTo(ms, within(1e-9)));
    }

    @Test
    void risesBetweenAndBeyondThem() {
        Fit fit = Fit.through(EVENT_BRIDGE);

        for (double p = 0.002; p < 0.998; p += 0.001) {
            assertThat(fit.at(p + 0.001)).isGreaterThan(fit.at(p));
        }
    }

    @Test
    void doesNotGuessBeyondOneInAThousand() {
        Fit fit = Fit.through(EVENT_BRIDGE);

        assertThat(fit.at(0.99999)).isEqualTo(fit.at(0.999));
        assertThat(fit.at(0)).isEqualTo(fit.at(0.001));
    }

    @Test
    void samplesHaveTheQuantilesAgain() {
        Fit fit = Fit.through(EVENT_BRIDGE);
        SplittableRandom random = new SplittableRandom(7);
        double[] samples = new double[100_000];
        Arrays.setAll(samples, i -> fit.sample(random));
        Arrays.sort(samples);

        EVENT_BRIDGE.forEach(
                (p, ms) -> assertThat(samples[(int) (p * samples.length)]).isCloseTo(ms, within(ms * 0.03)));
    }

    @Test
    void refusesOneQuantileAndQuantilesThatFall() {
        assertThatThrownBy(() -> Fit.through(Map.of(0.5, 10.0))).hasMessageContaining("two quantiles");
        assertThatThrownBy(() -> Fit.through(Map.of(0.5, 10.0, 0.9, 9.0))).hasMessageContaining("rising");
    }
}
