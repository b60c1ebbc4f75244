package io.parley.benchmarks.bill;

import io.parley.local.meter.UsageMeter;
import io.parley.local.ops.BillMeter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What the last half minute of a running stack would cost an hour, and the deployment itself, by list prices. Not safe
 * for threads.
 */
public final class LiveBill implements BillMeter {

    private static final long WINDOW_MS = 30_000;

    private record Reading(long atMs, Map<String, Double> usage) {}

    private final Deque<Reading> readings = new ArrayDeque<>();
    private final Supplier<Map<String, Double>> usage;
    private final boolean storesChunks;
    private final PriceList prices = PriceList.load();
    private final double standingUsd;

    private LiveBill(Supplier<Map<String, Double>> usage, int shards, boolean storesChunks) {
        this.usage = usage;
        this.storesChunks = storesChunks;
        this.standingUsd =
                Bill.of(Deployment.ofModule(shards, 1).perMonth(), prices).totalUsd() / Deployment.HOURS_A_MONTH;
    }

    /** For {@link java.util.ServiceLoader}. */
    public static final class Factory implements BillMeter.Factory {
        @Override
        public BillMeter of(Supplier<Map<String, Double>> usage, int shards, boolean storesChunks) {
            return new LiveBill(usage, shards, storesChunks);
        }
    }

    @Override
    public double usdPerHour(long nowMs) {
        Reading now = new Reading(nowMs, usage.get());
        readings.add(now);
        while (readings.size() > 2 && readings.peek().atMs() <= nowMs - WINDOW_MS) {
            readings.remove();
        }
        Reading then = readings.peek();
        if (then.atMs() >= nowMs) {
            return standingUsd;
        }
        Map<String, Double> used = new TreeMap<>();
        now.usage().forEach((name, count) -> used.put(name, count - then.usage().getOrDefault(name, 0.0)));
        int people = now.usage().getOrDefault(UsageMeter.CONNECTIONS, 0.0).intValue();
        double hours = (nowMs - then.atMs()) / 3_600_000.0;
        return standingUsd
                + Bill.of(new CountedUsage(used, hours, people, storesChunks).perRoomHour(), prices)
                        .totalUsd();
    }
}
