package io.parley.web;

/** The fast Fourier transform, for correlations over many lags. */
final class Spectrum {

    private Spectrum() {}

    /** For each place in the second the sum of its products with the first, laid there. */
    static double[] correlate(float[] laid, float[] over) {
        int size = Integer.highestOneBit(laid.length + over.length) << 1;
        double[] real = new double[size];
        double[] imaginary = new double[size];
        // Both are real, so one transform does for both: the one as its real, the other as its imaginary part.
        for (int i = 0; i < over.length; i++) {
            real[i] = over[i];
        }
        for (int i = 0; i < laid.length; i++) {
            imaginary[i] = laid[i];
        }
        transform(real, imaginary);
        double[] productReal = new double[size];
        double[] productImaginary = new double[size];
        for (int i = 0; i < size; i++) {
            int j = (size - i) & (size - 1);
            double overReal = (real[i] + real[j]) / 2;
            double overImaginary = (imaginary[i] - imaginary[j]) / 2;
            double laidReal = (imaginary[i] + imaginary[j]) / 2;
            double laidImaginary = (real[j] - real[i]) / 2;
            productReal[i] = overReal * laidReal + overImaginary * laidImaginary;
            // Conjugated, so that a transform forth is the one back.
            productImaginary[i] = -(overImaginary * laidReal - overReal * laidImaginary);
        }
        transform(productReal, productImaginary);
        for (int i = 0; i < size; i++) {
            productReal[i] /= size;
        }
        return productReal;
    }

    private static void transform(double[] real, double[] imaginary) {
        int size = real.length;
        for (int i = 1, j = 0; i < size; i++) {
            int bit = size >> 1;
            for (; (j & bit) != 0; bit >>= 1) {
                j ^= bit;
            }
            j ^= bit;
            if (i < j) {
                swap(real, i, j);
                swap(imaginary, i, j);
            }
        }
        for (int length = 2; length <= size; length <<= 1) {
            for (int k = 0; k < length / 2; k++) {
                double cosine = Math.cos(-2 * Math.PI * k / length);
                double sine = Math.sin(-2 * Math.PI * k / length);
                for (int i = k; i < size; i += length) {
                    int j = i + length / 2;
                    double r = real[j] * cosine - imaginary[j] * sine;
                    double m = real[j] * sine + imaginary[j] * cosine;
                    real[j] = real[i] - r;
                    imaginary[j] = imaginary[i] - m;
                    real[i] += r;
                    imaginary[i] += m;
                }
            }
        }
    }

    private static void swap(double[] values, int i, int j) {
        double value = values[i];
        values[i] = values[j];
        values[j] = value;
    }
}
