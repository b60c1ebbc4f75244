package io.parley.benchmarks.bill;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** How much of what was used, or would be. Immutable. */
public final class Usage {

    private static final Usage NONE = new Usage(new EnumMap<>(Item.class));

    private final Map<Item, Double> amounts;

    private Usage(Map<Item, Double> amounts) {
        this.amounts = Collections.unmodifiableMap(amounts);
    }

    public static Usage none() {
        return NONE;
    }

    public Usage plus(Item item, double amount) {
        if (!(amount >= 0) || Double.isInfinite(amount)) {
            throw new IllegalArgumentException(item.key() + " is " + amount + ", but must be a number from 0 on");
        }
        Map<Item, Double> sum = new EnumMap<>(Item.class);
        sum.putAll(amounts);
        sum.merge(item, amount, Double::sum);
        return new Usage(sum);
    }

    public Usage plus(Usage other) {
        Usage sum = this;
        for (Map.Entry<Item, Double> entry : other.amounts.entrySet()) {
            sum = sum.plus(entry.getKey(), entry.getValue());
        }
        return sum;
    }

    public Usage times(double factor) {
        Usage product = NONE;
        for (Map.Entry<Item, Double> entry : amounts.entrySet()) {
            product = product.plus(entry.getKey(), entry.getValue() * factor);
        }
        return product;
    }

    public double of(Item item) {
        return amounts.getOrDefault(item, 0.0);
    }

    /** What there is any of, in the order of the items. */
    public Map<Item, Double> amounts() {
        return amounts;
    }
}
