package io.parley.web;

/**
 * How much a recording is like a reference: the normalised cross-correlation at the lag at which it is highest.
 *
 * @param correlation 1 if one is the other, louder or not; about 0 if they have nothing in common
 * @param lagMs by how much the recording is later
 */
record Likeness(double correlation, double lagMs) {

    /** First looked for in every third sample's neighbourhood, at 8 kHz, then around the best of these at 48 kHz. */
    private static final int COARSE = 6;

    /**
     * @param heard all of it is compared
     * @param reference what was said; has to surround what was heard, by the wall clock, by {@code maxLagMs} on each side
     */
    static Likeness of(Sound heard, Sound reference, int maxLagMs) {
        int expected = samples(heard.startMs() - reference.startMs());
        int max = samples(maxLagMs);
        float[] coarseHeard = thinned(heard.samples());
        float[] coarseReference = thinned(reference.samples());
        int best = best(coarseHeard, coarseReference, expected / COARSE, -max / COARSE, max / COARSE) * COARSE;
        int fine = best(heard.samples(), reference.samples(), expected, best - 2 * COARSE, best + 2 * COARSE);
        return new Likeness(
                Math.abs(correlation(heard.samples(), reference.samples(), expected - fine)),
                fine * 1_000.0 / Sound.RATE);
    }

    private static int best(float[] heard, float[] reference, int expected, int from, int to) {
        int best = from;
        double highest = -1;
        for (int lag = from; lag <= to; lag++) {
            double correlation = Math.abs(correlation(heard, reference, expected - lag));
            if (correlation > highest) {
                highest = correlation;
                best = lag;
            }
        }
        return best;
    }

    /** Of the heard with the reference from there on; 0 where the reference does not reach. */
    private static double correlation(float[] heard, float[] reference, int from) {
        if (from < 0 || from + heard.length > reference.length) {
            return 0;
        }
        double product = 0;
        double energyHeard = 1e-12;
        double energyReference = 1e-12;
        for (int i = 0; i < heard.length; i++) {
            float a = heard[i];
            float b = reference[from + i];
            product += a * b;
            energyHeard += a * a;
            energyReference += b * b;
        }
        return product / Math.sqrt(energyHeard * energyReference);
    }

    private static float[] thinned(float[] samples) {
        float[] thin = new float[samples.length / COARSE];
        for (int i = 0; i < thin.length; i++) {
            for (int j = 0; j < COARSE; j++) {
                thin[i] += samples[i * COARSE + j] / COARSE;
            }
        }
        return thin;
    }

    private static int samples(double ms) {
        return (int) Math.round(ms * Sound.RATE / 1_000);
    }
}
