package io.parley.benchmarks.traffic;

import java.util.random.RandomGenerator;

/** How long a record is on its way from the gateway to the job. Each record's delay is drawn on its own. */
public enum Delays {
    /** Always the same: every stream arrives in order. */
    NONE {
        @Override
        long sampleUs(RandomGenerator random) {
            return 5_000;
        }
    },
    /** Lognormal, median 5 ms, sigma 0.8: neighbours of 20 ms chunks change places now and then. */
    LIGHT {
        @Override
        long sampleUs(RandomGenerator random) {
            return lognormalUs(random, 5_000, 0.8);
        }
    },
    /** Lognormal, median 20 ms, sigma 1: about one record in a hundred takes over 200 ms. */
    HEAVY {
        @Override
        long sampleUs(RandomGenerator random) {
            return lognormalUs(random, 20_000, 1.0);
        }
    },
    /** Lognormal, median 15 ms, sigma 0.5, and one record in fifty stalls for 100 ms more on average (exponential). */
    STALLS {
        @Override
        long sampleUs(RandomGenerator random) {
            long stallUs = random.nextInt(50) == 0 ? (long) (100_000 * random.nextExponential()) : 0;
            return lognormalUs(random, 15_000, 0.5) + stallUs;
        }
    };

    abstract long sampleUs(RandomGenerator random);

    private static long lognormalUs(RandomGenerator random, double medianUs, double sigma) {
        return (long) (medianUs * Math.exp(sigma * random.nextGaussian()));
    }
}
