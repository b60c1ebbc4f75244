package io.parley.benchmarks.latency;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * A design's times, sampled. All hops of a chunk and all chunks are independent of each other, which real ones are not:
 * a slow minute is slow for all, so neighbours differ less in truth.
 *
 * <p>A listener plays the first chunk of a spurt after its buffer, and everything after it at the pace of speech. So the
 * spurt's mouth-to-ear time is its first chunk's way and the buffer, and a later chunk is late if its own way takes
 * longer than that. The first chunk after silence waits for no tick; a later one does, for anything up to a period.
 */
final class Sampled {

    private final Design design;
    private final double[] mouthToEar;
    /** How much longer a later chunk's way is than the first one's, in order of size. */
    private final double[] behind;

    private Sampled(Design design, double[] mouthToEar, double[] behind) {
        this.design = design;
        this.mouthToEar = mouthToEar;
        this.behind = behind;
    }

    static Sampled of(Design design, int samples, RandomGenerator random) {
        List<Fit> fits = new ArrayList<>();
        design.hops().forEach(hop -> fits.add(hop.fit()));
        double[] mouthToEar = new double[samples];
        double[] behind = new double[samples];
        for (int i = 0; i < samples; i++) {
            double first = way(fits, random);
            double later = way(fits, random) + random.nextDouble() * design.tickMs();
            mouthToEar[i] = design.chunkMs() + first + design.bufferMs();
            behind[i] = later - first;
        }
        Arrays.sort(mouthToEar);
        Arrays.sort(behind);
        return new Sampled(design, mouthToEar, behind);
    }

    private static double way(List<Fit> fits, RandomGenerator random) {
        double sum = 0;
        for (Fit fit : fits) {
            sum += fit.sample(random);
        }
        return sum;
    }

    double mouthToEar(double p) {
        return at(mouthToEar, p);
    }

    /** Share of chunks that come too late for the buffer. */
    double late() {
        int from = Arrays.binarySearch(behind, design.bufferMs());
        int onTime = from < 0 ? -from - 1 : from;
        return 1 - (double) onTime / behind.length;
    }

    /** The buffer with which so many chunks are late, and no more. */
    double bufferFor(double late) {
        return Math.max(0, at(behind, 1 - late));
    }

    private static double at(double[] sorted, double p) {
        return sorted[(int) Math.min(sorted.length - 1, Math.round(p * sorted.length))];
    }

    /** Of the medians of all parts together, the share of each basis. */
    Map<Basis, Double> shares() {
        Map<Basis, Double> sums = new EnumMap<>(Basis.class);
        sums.merge(Basis.CHOSEN, (double) design.chunkMs() + design.bufferMs(), Double::sum);
        design.hops().forEach(hop -> sums.merge(hop.basis(), hop.fit().at(0.5), Double::sum));
        double whole = sums.values().stream().mapToDouble(Double::doubleValue).sum();
        sums.replaceAll((basis, ms) -> ms / whole);
        return sums;
    }
}
