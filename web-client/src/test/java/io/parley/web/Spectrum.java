package io.parley.web;

import org.hipparchus.transform.DftNormalization;
import org.hipparchus.transform.FastFourierTransformer;
import org.hipparchus.transform.TransformType;

/** Correlations over many lags at once. */
final class Spectrum {

    private Spectrum() {}

    /** For each place in the second the sum of its products with the first, laid there. */
    static double[] correlate(float[] laid, float[] over) {
        int size = Integer.highestOneBit(laid.length + over.length) << 1;
        double[][] of = transformed(laid, size);
        double[][] all = transformed(over, size);
        for (int i = 0; i < size; i++) {
            double real = all[0][i];
            double imaginary = all[1][i];
            all[0][i] = real * of[0][i] + imaginary * of[1][i];
            all[1][i] = imaginary * of[0][i] - real * of[1][i];
        }
        FastFourierTransformer.transformInPlace(all, DftNormalization.STANDARD, TransformType.INVERSE);
        return all[0];
    }

    private static double[][] transformed(float[] samples, int size) {
        double[][] spectrum = new double[2][size];
        for (int i = 0; i < samples.length; i++) {
            spectrum[0][i] = samples[i];
        }
        FastFourierTransformer.transformInPlace(spectrum, DftNormalization.STANDARD, TransformType.FORWARD);
        return spectrum;
    }
}
