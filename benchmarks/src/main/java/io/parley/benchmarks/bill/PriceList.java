package io.parley.benchmarks.bill;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The price of every {@link Item}. Immutable. */
public final class PriceList {

    private static final String FILE = "prices.csv";
    private static final String COLUMNS = "item,service,usd,per,unit,region,date,assumed,source";

    private final Map<Item, Price> prices;

    private PriceList(Map<Item, Price> prices) {
        this.prices = Collections.unmodifiableMap(prices);
    }

    /** That of the price file beside this class. */
    public static PriceList load() {
        try (Reader reader = new InputStreamReader(PriceList.class.getResourceAsStream(FILE), StandardCharsets.UTF_8)) {
            return read(reader);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A line for each item, without quotes: no field has a comma. */
    static PriceList read(Reader text) throws IOException {
        List<String> lines = new BufferedReader(text).lines().toList();
        if (lines.isEmpty() || !lines.get(0).equals(COLUMNS)) {
            throw new IllegalArgumentException("the price file must begin with " + COLUMNS);
        }
        Map<String, Item> items = new HashMap<>();
        for (Item item : Item.values()) {
            items.put(item.key(), item);
        }
        Map<Item, Price> prices = new EnumMap<>(Item.class);
        for (String line : lines.subList(1, lines.size())) {
            Price price = price(line, items);
            if (prices.put(price.item(), price) != null) {
                throw new IllegalArgumentException(
                        "the price file has " + price.item().key() + " twice");
            }
        }
        for (Item item : Item.values()) {
            if (!prices.containsKey(item)) {
                throw new IllegalArgumentException("the price file lacks " + item.key());
            }
        }
        return new PriceList(prices);
    }

    private static Price price(String line, Map<String, Item> items) {
        String[] fields = line.split(",", -1);
        if (fields.length != 9 || !items.containsKey(fields[0]) || !fields[7].matches("yes|no")) {
            throw new IllegalArgumentException("no price of a known item: " + line);
        }
        return new Price(
                items.get(fields[0]),
                fields[1],
                Double.parseDouble(fields[2]),
                Long.parseLong(fields[3]),
                fields[4],
                fields[5],
                fields[6],
                fields[7].equals("yes"),
                fields[8]);
    }

    public Price price(Item item) {
        return prices.get(item);
    }

    /** In the order of the items. */
    public Collection<Price> prices() {
        return prices.values();
    }
}
