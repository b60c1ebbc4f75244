package io.parley.local.ops;

import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.function.Supplier;

/** Says what the traffic of now would cost on AWS. */
@FunctionalInterface
public interface BillMeter {

    /**
     * In US dollars an hour, as an estimate. Called by one thread, about once a second.
     *
     * @param nowMs since the epoch
     */
    double usdPerHour(long nowMs);

    /** Knows prices; found by {@link ServiceLoader}, so that a stack needs none. */
    interface Factory {

        /**
         * @param usage all that was used so far, by the names of {@link io.parley.local.meter.UsageMeter}
         * @param shards of the voice stream
         * @param storesChunks whether each chunk becomes an object
         */
        BillMeter of(Supplier<Map<String, Double>> usage, int shards, boolean storesChunks);
    }

    /** That of the class path, if there is one. */
    static Optional<BillMeter> find(Supplier<Map<String, Double>> usage, int shards, boolean storesChunks) {
        return ServiceLoader.load(Factory.class).findFirst().map(factory -> factory.of(usage, shards, storesChunks));
    }
}
