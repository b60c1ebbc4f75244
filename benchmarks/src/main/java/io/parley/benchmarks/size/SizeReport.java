package io.parley.benchmarks.size;

import io.parley.benchmarks.bill.Bill;
import io.parley.benchmarks.bill.Item;
import io.parley.benchmarks.bill.PriceList;
import io.parley.benchmarks.constants.Constants;
import io.parley.benchmarks.constants.RegionLimits;
import io.parley.benchmarks.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A size as a person reads it. */
final class SizeReport {

    private final Size size;
    private final Constants constants;
    private final RegionLimits region;
    private final PriceList prices;
    private final double hours;

    /** @param hours of a month in which all rooms talk */
    SizeReport(Size size, Constants constants, RegionLimits region, PriceList prices, double hours) {
        this.size = size;
        this.constants = constants;
        this.region = region;
        this.prices = prices;
        this.hours = hours;
    }

    String text() {
        Demand demand = size.demand();
        Report report = new Report(format(
                "%,d rooms of %d people, %d speaking at a time", demand.rooms(), demand.people(), demand.speakers()));
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("chunks and ticks", format("%d ms and %d ms", demand.chunkMs(), demand.tickMs()));
        facts.put("ARCHIVE_MODE", demand.archiveMode().name().toLowerCase(Locale.ROOT));
        facts.put("the first quota to be hit", firstQuota());
        facts.put("to be asked of AWS", requests());
        facts.put("how sure", sureness());
        report.facts("demand", facts);
        needs(report);
        quotas(report);
        cost(report);
        return report.text()
                + "\n## Terraform\n\n```hcl\n"
                + String.join("\n", new TerraformLines(size, constants, region).lines()) + "\n```\n";
    }

    private String firstQuota() {
        Size.Bound first = Size.bounds(size.demand(), constants, region).get(0);
        return format(
                "%s, %s (%,.0f): enough for %,d such rooms",
                first.quota().service(), first.quota().name(), first.quota().limit(), first.rooms());
    }

    private String requests() {
        List<String> requests = new ArrayList<>();
        for (Quota quota : size.quotas(constants, region)) {
            if (quota.asked(constants) > 0) {
                requests.add(format("%s, %s: %,d", quota.service(), quota.name(), quota.asked(constants)));
            }
        }
        return requests.isEmpty() ? "nothing: the default quotas do" : String.join("; ", requests);
    }

    private String sureness() {
        Map<String, Integer> kinds = new LinkedHashMap<>();
        constants.lines().forEach(line -> kinds.merge(line.kind(), 1, Integer::sum));
        return format(
                "arithmetic, not measured on AWS; of its constants %d are measured, %d published, %d assumed",
                kinds.getOrDefault("measured", 0),
                kinds.getOrDefault("published", 0),
                kinds.getOrDefault("assumed", 0));
    }

    private void needs(Report report) {
        Map<String, String> needs = new LinkedHashMap<>();
        needs.put("Kinesis: shards", whole(size.shards()));
        needs.put("Managed Flink: parallelism, one subtask to a KPU", whole(size.parallelism()));
        needs.put("Managed Flink: KPUs, with the one that it adds", whole(size.parallelism() + 1));
        needs.put("Lambda: audio, at a time", whole(size.ingestConcurrency()));
        needs.put("Lambda: broadcast, at a time, at most", whole(size.broadcastConcurrency()));
        needs.put("API Gateway: messages and posts a second", number(size.gatewayRequestsASecond()));
        needs.put("API Gateway: of these, messages", number(size.demand().chunksASecond()));
        needs.put("API Gateway: new connections a second", number(size.connectsASecond(constants)));
        needs.put("DynamoDB: read units a second", number(size.perSecond(Item.DYNAMODB_READS)));
        needs.put("S3: PUTs a second", number(size.perSecond(Item.S3_PUTS)));
        needs.put("KMS: requests a second", number(size.perSecond(Item.KMS_REQUESTS)));
        needs.put("EventBridge: events a second", number(size.perSecond(Item.EVENTS)));
        List<List<String>> rows = new ArrayList<>();
        needs.forEach((what, amount) -> rows.add(List.of(what, amount)));
        report.table("What it needs", "", List.of("what", "amount"), rows, needs);
    }

    private void quotas(Report report) {
        List<List<String>> rows = new ArrayList<>();
        for (Size.Bound bound : Size.bounds(size.demand(), constants, region)) {
            Quota quota = bound.quota();
            rows.add(List.of(
                    quota.service(),
                    quota.name(),
                    number(quota.used()),
                    number(quota.limit()),
                    bound.isFarOff() ? "over a million" : format("%,d", bound.rooms()),
                    quota.asked(constants) > 0 ? whole(quota.asked(constants)) : ""));
        }
        report.table(
                "Quotas",
                "With which AWS begins" + (region == RegionLimits.SMALL ? " in small regions" : "")
                        + ", the first to be hit at the top.",
                List.of("service", "quota", "used", "limit", "rooms at most", "to ask for"),
                rows,
                rows);
    }

    private void cost(Report report) {
        Bill standing = size.month(0, prices);
        Bill month = size.month(hours, prices);
        double participantHours = size.demand().rooms() * (double) size.demand().people() * hours;
        List<List<String>> rows = new ArrayList<>();
        month.byService().forEach((service, usd) -> rows.add(List.of(service, format("%,.2f", usd))));
        rows.add(List.of("together", format("%,.2f", month.totalUsd())));
        rows.add(List.of("of which while nobody talks", format("%,.2f", standing.totalUsd())));
        if (hours > 0) {
            rows.add(List.of("a participant and hour", format("%.4f", month.totalUsd() / participantHours)));
        }
        report.table(
                "Cost",
                format("A month with %,.0f hours in which all rooms talk without a pause, by list prices.", hours),
                List.of("service", "US dollars"),
                rows,
                rows);
    }

    private static String number(double number) {
        boolean whole = number == Math.rint(number) || number >= 10;
        return format(whole ? "%,.0f" : number < 0.1 ? "%.4f" : "%.2f", number);
    }

    private static String whole(int number) {
        return format("%,d", number);
    }

    private static String format(String pattern, Object... arguments) {
        return String.format(Locale.ROOT, pattern, arguments);
    }
}
