package io.parley.web;

/**
 * How much a recording is like a reference: the normalised cross-correlation at the lag at which it is highest.
 *
 * @param correlation 1 if one is the other, louder or not; about 0 if they have nothing in common
 * @param lagMs by how much the recording is later
 */
record Likeness(double correlation, double lagMs) {

    /** The lag is looked for at 8 kHz, then at 48 kHz in the neighbourhood of the best of these. */
    private static final int COARSE = 6;

    private static final double MARGIN_SECONDS = 0.01;

    /** At the best lag within a second in both directions, as both were by the wall clock. */
    static Likeness of(Sound heard, Sound reference) {
        return of(heard, reference, -1_000, 1_000);
    }

    /**
     * @param heard all of it is compared
     * @param whole where it does not surround what was heard at a lag, they have nothing in common there
     */
    static Likeness of(Sound heard, Sound whole, double fromLagMs, double toLagMs) {
        // What no lag reaches would only be transformed for nothing.
        double reachedMs = heard.startMs() - toLagMs - whole.startMs();
        double endMs = heard.startMs() + heard.seconds() * 1_000 - fromLagMs - whole.startMs();
        Sound reference = whole.part(Math.max(0, reachedMs / 1_000 - MARGIN_SECONDS), endMs / 1_000 + MARGIN_SECONDS);
        int expected = samples(heard.startMs() - reference.startMs());
        int coarse = COARSE
                * coarseLag(
                        thinned(heard.samples()),
                        thinned(reference.samples()),
                        expected / COARSE,
                        samples(fromLagMs) / COARSE,
                        samples(toLagMs) / COARSE);
        int best = coarse;
        double highest = -1;
        for (int lag = coarse - 2 * COARSE; lag <= coarse + 2 * COARSE; lag++) {
            double correlation = Math.abs(correlation(heard.samples(), reference.samples(), expected - lag));
            if (correlation > highest) {
                highest = correlation;
                best = lag;
            }
        }
        return new Likeness(highest, best * 1_000.0 / Sound.RATE);
    }

    @Override
    public String toString() {
        return String.format("%.3f at %.0f ms", correlation, lagMs);
    }

    private static int coarseLag(float[] heard, float[] reference, int expected, int fromLag, int toLag) {
        double[] products = Spectrum.correlate(heard, reference);
        double[] energy = new double[reference.length + 1];
        for (int i = 0; i < reference.length; i++) {
            energy[i + 1] = energy[i] + reference[i] * reference[i];
        }
        int best = fromLag;
        double highest = -1;
        for (int lag = fromLag; lag <= toLag; lag++) {
            int from = expected - lag;
            if (from >= 0 && from + heard.length <= reference.length) {
                double there = energy[from + heard.length] - energy[from];
                double likeness = Math.abs(products[from]) / Math.sqrt(there + 1e-9);
                if (likeness > highest) {
                    highest = likeness;
                    best = lag;
                }
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
