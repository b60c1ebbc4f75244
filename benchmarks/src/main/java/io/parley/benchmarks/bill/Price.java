package io.parley.benchmarks.bill;

import java.util.Objects;

/**
 * A list price: the first tier, before any free tier.
 *
 * @param service whose bill the item is on
 * @param usd US dollars for {@code per} units
 * @param unit what is counted
 * @param date when the source was read, as year and month
 * @param assumed whether no source says so
 */
public record Price(
        Item item,
        String service,
        double usd,
        long per,
        String unit,
        String region,
        String date,
        boolean assumed,
        String source) {

    public Price {
        Objects.requireNonNull(item);
        if (!(usd > 0) || per < 1) {
            throw new IllegalArgumentException(
                    item.key() + " costs " + usd + " for " + per + ", but both must be positive");
        }
        if (service.isEmpty() || unit.isEmpty() || region.isEmpty() || date.isEmpty() || source.isEmpty()) {
            throw new IllegalArgumentException(item.key() + " must say service, unit, region, date and source");
        }
    }

    /** What so many units cost, in US dollars. */
    public double of(double amount) {
        return amount * usd / per;
    }
}
