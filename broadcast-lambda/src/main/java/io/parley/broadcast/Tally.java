package io.parley.broadcast;

import io.parley.core.wire.PostCounts;

/** Counts what became of some posts. Guarded by the delivery that owns it. */
final class Tally {

    private int posted;
    private int gone;
    private int retried;
    private int dropped;

    void posted() {
        posted++;
    }

    void gone() {
        gone++;
    }

    void retried() {
        retried++;
    }

    void dropped() {
        dropped++;
    }

    PostCounts counts() {
        return PostCounts.newBuilder()
                .setPosted(posted)
                .setGone(gone)
                .setRetried(retried)
                .setDropped(dropped)
                .build();
    }

    void addTo(BroadcastMetrics metrics) {
        metrics.add(BroadcastMetrics.Counter.POSTED, posted);
        metrics.add(BroadcastMetrics.Counter.GONE, gone);
        metrics.add(BroadcastMetrics.Counter.RETRIED, retried);
        metrics.add(BroadcastMetrics.Counter.DROPPED, dropped);
    }
}
