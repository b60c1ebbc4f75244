package io.parley.core.room;

import io.parley.core.wire.HoldState;

/**
 * How long a speaker stream's gaps are held: the 99.5th percentile of how late its chunks came, within bounds.
 *
 * <p>A histogram of 26 buckets up to the greatest hold, of which all counts are halved every 4,096 chunks, so that
 * what was long ago counts little. It begins with one chunk as late as the hold allows: a stream is patient until 200
 * chunks have shown that it need not be. Per-chunk code, allocates nothing.
 */
final class AdaptiveHold {

    private static final int BUCKETS = 26;
    private static final int MIN_BUCKET_MS = 8;
    private static final int HALVE_AT = 4_096;
    /** Of a thousand chunks, how many may be later than the hold. */
    private static final int PER_MILLE_LATER = 5;

    private final int minMs;
    private final int maxMs;
    private final int bucketMs;
    private final int[] counts = new int[BUCKETS];
    private int total;
    private int holdMs;

    AdaptiveHold(int minMs, int maxMs) {
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.bucketMs = Math.max(MIN_BUCKET_MS, (maxMs + BUCKETS - 2) / (BUCKETS - 1));
        observe(maxMs);
    }

    /** The hold of now. */
    int holdMs() {
        return holdMs;
    }

    /** One more chunk came so late; 0 if nothing that follows it was there before. */
    void observe(long latenessMs) {
        counts[(int) Math.min(Math.max(latenessMs, 0) / bucketMs, BUCKETS - 1)]++;
        total++;
        if (total >= HALVE_AT) {
            halve();
        }
        holdMs = Math.min(Math.max(quantileMs(), minMs), maxMs);
    }

    private void halve() {
        total = 0;
        for (int i = 0; i < BUCKETS; i++) {
            counts[i] /= 2;
            total += counts[i];
        }
    }

    private int quantileMs() {
        int allowed = (int) ((long) total * PER_MILLE_LATER / 1_000);
        int later = 0;
        for (int i = BUCKETS - 1; i > 0; i--) {
            later += counts[i];
            if (later > allowed) {
                return i == BUCKETS - 1 ? maxMs : (i + 1) * bucketMs;
            }
        }
        return bucketMs;
    }

    HoldState state() {
        HoldState.Builder state = HoldState.newBuilder().setBucketMs(bucketMs);
        for (int count : counts) {
            state.addCounts(count);
        }
        return state.build();
    }

    /** As it was, unless the settings have changed since: then it begins anew. */
    static AdaptiveHold restore(HoldState state, int minMs, int maxMs) {
        AdaptiveHold hold = new AdaptiveHold(minMs, maxMs);
        if (state.getBucketMs() == hold.bucketMs && state.getCountsCount() == BUCKETS) {
            hold.total = 0;
            for (int i = 0; i < BUCKETS; i++) {
                hold.counts[i] = state.getCounts(i);
                hold.total += hold.counts[i];
            }
            hold.holdMs = Math.min(Math.max(hold.quantileMs(), minMs), maxMs);
        }
        return hold;
    }
}
