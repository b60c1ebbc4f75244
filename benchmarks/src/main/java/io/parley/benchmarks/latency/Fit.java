package io.parley.benchmarks.latency;

import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * A distribution of times through some quantiles. Between two of them, the logarithm of the time is a straight line over
 * the log-odds of the quantile (pieces of log-logistic distributions); beyond the outermost, the line goes on, to the
 * quantiles 0.001 and 0.999 and no further: more than that no source supports. Immutable.
 */
final class Fit {

    private static final double EDGE = 0.001;

    private final double[] odds;
    private final double[] logs;

    private Fit(double[] odds, double[] logs) {
        this.odds = odds;
        this.logs = logs;
    }

    /** @param quantiles times in ms by quantile, such as 0.5; at least two, rising */
    static Fit through(Map<Double, Double> quantiles) {
        if (quantiles.size() < 2) {
            throw new IllegalArgumentException("a fit needs two quantiles, but has " + quantiles.keySet());
        }
        double[] odds = new double[quantiles.size()];
        double[] logs = new double[quantiles.size()];
        int at = 0;
        for (Map.Entry<Double, Double> quantile : new TreeMap<>(quantiles).entrySet()) {
            double p = quantile.getKey();
            double ms = quantile.getValue();
            if (!(p > 0 && p < 1) || !(ms > 0) || at > 0 && Math.log(ms) < logs[at - 1]) {
                throw new IllegalArgumentException(
                        "quantiles are " + quantiles + ", but must be within 0 and 1, positive and rising");
            }
            odds[at] = logOdds(p);
            logs[at++] = Math.log(ms);
        }
        return new Fit(odds, logs);
    }

    private static double logOdds(double p) {
        return Math.log(p / (1 - p));
    }

    /** The time in ms below which so many are. */
    double at(double p) {
        double x = logOdds(Math.max(EDGE, Math.min(1 - EDGE, p)));
        int right = 1;
        while (right < odds.length - 1 && odds[right] < x) {
            right++;
        }
        double slope = (logs[right] - logs[right - 1]) / (odds[right] - odds[right - 1]);
        return Math.exp(logs[right] + slope * (x - odds[right]));
    }

    double sample(RandomGenerator random) {
        return at(random.nextDouble());
    }
}
