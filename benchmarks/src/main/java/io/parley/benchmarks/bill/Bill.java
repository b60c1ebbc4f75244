package io.parley.benchmarks.bill;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a usage costs by a price list. */
public record Bill(List<Line> lines) {

    /** An item of the usage, and what it costs in US dollars. */
    public record Line(Price price, double amount, double usd) {}

    public Bill {
        lines = List.copyOf(lines);
    }

    public static Bill of(Usage usage, PriceList prices) {
        List<Line> lines = new ArrayList<>();
        usage.amounts().forEach((item, amount) -> {
            Price price = prices.price(item);
            lines.add(new Line(price, amount, price.of(amount)));
        });
        return new Bill(lines);
    }

    public double totalUsd() {
        return lines.stream().mapToDouble(Line::usd).sum();
    }

    /** US dollars of each service, in the order of the items. */
    public Map<String, Double> byService() {
        Map<String, Double> sums = new LinkedHashMap<>();
        for (Line line : lines) {
            sums.merge(line.price().service(), line.usd(), Double::sum);
        }
        return sums;
    }
}
