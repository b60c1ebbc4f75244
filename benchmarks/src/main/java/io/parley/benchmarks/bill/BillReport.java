package io.parley.benchmarks.bill;

import io.parley.benchmarks.bill.BillRun.Counted;
import io.parley.benchmarks.report.Report;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What was counted, in money, beside other prices and beside what it should be. */
final class BillReport {

    /** Shards, KPUs and so on for some hundred rooms: terraform/examples/large. */
    private static final Deployment STANDING = new Deployment(4, 2, 3, 30, 40);
    /** The naive design has neither stream nor Flink. */
    private static final Usage NAIVE_STANDING = Usage.none().plus(Item.KMS_KEY_MONTHS, 1);

    private static final String NAIVE = "naive";
    private static final double NAIVE_TIMES = 15;
    private static final double TARGET_100_MS = 0.0594;
    private static final double TARGET_200_MS = 0.034;

    private final int people;
    private final int speakers;
    private final int share;
    private final PriceList prices;
    private final List<PeerPrice> peers;

    /** @param share among how many rooms the deployment's own costs are shared */
    BillReport(int people, int speakers, int share, PriceList prices, List<PeerPrice> peers) {
        this.people = people;
        this.speakers = speakers;
        this.share = share;
        this.prices = prices;
        this.peers = peers;
    }

    private record Billed(Counted counted, Bill bill, Bill asTimed) {}

    Report report(Map<String, Counted> counted, Map<Integer, Double> postsBySpeakers, Map<String, String> facts) {
        Map<String, Billed> billed = new LinkedHashMap<>();
        counted.forEach((name, each) -> billed.put(name, billed(each)));
        Report report = new Report("What a room costs on AWS, counted");
        report.facts("machine", facts);
        if (!billed.isEmpty()) {
            bills(report, billed);
            settings(report, billed);
        }
        compare(report, billed);
        if (!postsBySpeakers.isEmpty()) {
            posts(report, postsBySpeakers);
        }
        return report;
    }

    private Billed billed(Counted counted) {
        Usage standing = (counted.name().equals(NAIVE) ? NAIVE_STANDING : STANDING.perMonth())
                .times(1 / Deployment.HOURS_A_MONTH / share);
        return new Billed(
                counted,
                Bill.of(counted.usage().perRoomHour().plus(standing), prices),
                Bill.of(counted.usage().perRoomHourAsTimed().plus(standing), prices));
    }

    private void bills(Report report, Map<String, Billed> billed) {
        Set<String> services = new LinkedHashSet<>();
        billed.values().forEach(each -> services.addAll(each.bill().byService().keySet()));
        List<List<String>> rows = new ArrayList<>();
        for (String service : services) {
            rows.add(row(service, billed, each -> usd(each.bill().byService().getOrDefault(service, 0.0))));
        }
        rows.add(row("a room and hour", billed, each -> usd(each.bill().totalUsd())));
        rows.add(row("a participant and hour", billed, each -> usd(perParticipant(each.bill()))));
        rows.add(row(
                "the same, functions as timed here",
                billed,
                // Its functions wait for each other, so that one machine can work it off.
                each -> each.counted().name().equals(NAIVE) ? "-" : usd(perParticipant(each.asTimed()))));
        rows.add(row(
                "frames that were heard",
                billed,
                each -> String.format(
                        Locale.ROOT, "%.1f %%", 100 * each.counted().delivered())));
        List<String> columns = new ArrayList<>(List.of("US dollars a room and hour"));
        columns.addAll(billed.keySet());
        report.table(
                "Bills",
                String.format(
                        Locale.ROOT,
                        "Counts of a room of %d with %d speaking all the time, times list prices (us-east-1). What stands"
                                + " there all the time (shards, KPUs, metrics: that of a deployment for 100 rooms) is"
                                + " shared among %d rooms. Functions are taken to run as long as docs/cost.md assumes;"
                                + " the last line but one takes their time on this machine, where S3"
                                + " answers at once and other programs ran.",
                        people,
                        speakers,
                        share),
                columns,
                rows,
                numbers(billed));
    }

    private double perParticipant(Bill bill) {
        return bill.totalUsd() / people;
    }

    private Object numbers(Map<String, Billed> billed) {
        Map<String, Object> numbers = new LinkedHashMap<>();
        billed.forEach((name, each) -> {
            Map<String, Object> one = new LinkedHashMap<>();
            one.put("counts", each.counted().usage().usage());
            one.put("roomHours", each.counted().usage().roomHours());
            one.put("usdByService", each.bill().byService());
            one.put("usdARoomHour", each.bill().totalUsd());
            one.put("usdAParticipantHour", perParticipant(each.bill()));
            one.put("usdAParticipantHourAsTimed", perParticipant(each.asTimed()));
            one.put("delivered", each.counted().delivered());
            numbers.put(name, one);
        });
        return numbers;
    }

    private void settings(Report report, Map<String, Billed> billed) {
        List<List<String>> rows = new ArrayList<>();
        billed.forEach((name, each) -> {
            Usage used = each.counted().usage().perRoomHour();
            rows.add(List.of(
                    name,
                    String.format(Locale.ROOT, "%.2f", each.counted().posts()),
                    count(used.of(Item.WEBSOCKET_MESSAGES)),
                    count(used.of(Item.S3_PUTS)),
                    count(used.of(Item.KMS_REQUESTS)),
                    count(used.of(Item.EVENTS)),
                    count(used.of(Item.LAMBDA_REQUESTS)),
                    count(used.of(Item.DYNAMODB_READS) + used.of(Item.DYNAMODB_WRITES)),
                    usd(perParticipant(each.bill()))));
        });
        report.table(
                "Settings",
                "ARCHIVE_MODE, then EVENT_GRANULARITY. In a room and an hour, but for the posts. One process serves all"
                        + " here; on AWS each process of the audio Lambda reads who is in a room for itself, which is most"
                        + " of DynamoDB's part in docs/cost.md and is not counted here. KMS is called once in five minutes"
                        + " by each process but for the naive design, so a short run may see one call or none.",
                List.of(
                        "configuration",
                        "posts a person and second",
                        "messages",
                        "S3 puts",
                        "KMS",
                        "events",
                        "invocations",
                        "DynamoDB units",
                        "US dollars a participant and hour"),
                rows,
                Map.of());
    }

    private void compare(Report report, Map<String, Billed> billed) {
        List<List<String>> rows = new ArrayList<>();
        for (PeerPrice peer : peers) {
            rows.add(List.of(
                    peer.name(),
                    usd(peer.usdAParticipantHour(speakers)),
                    "list price, " + peer.date() + ": " + peer.source()));
        }
        Billed naive = billed.get(NAIVE);
        Billed recommended = billed.get(BillCase.RECOMMENDED);
        if (naive != null && recommended != null) {
            target(
                    rows,
                    "naive / " + BillCase.RECOMMENDED,
                    naive.bill().totalUsd() / recommended.bill().totalUsd(),
                    NAIVE_TIMES,
                    true);
        }
        if (recommended != null) {
            target(rows, BillCase.RECOMMENDED, perParticipant(recommended.bill()), TARGET_100_MS, false);
        }
        for (String slow : List.of(BillCase.SLOW_TICKS, BillCase.SLOW_CHUNKS)) {
            if (billed.containsKey(slow)) {
                target(rows, slow, perParticipant(billed.get(slow).bill()), TARGET_200_MS, false);
            }
        }
        report.table(
                "Beside others",
                "US dollars a participant and hour, everybody in the room listening; ratios of totals. The targets are for a"
                        + " room of ten with two speaking.",
                List.of("what", "figure", "how that is"),
                rows,
                Map.of());
    }

    private static void target(List<List<String>> rows, String what, double figure, double target, boolean atLeast) {
        boolean met = atLeast ? figure >= target : figure < target;
        rows.add(List.of(
                what,
                atLeast ? String.format(Locale.ROOT, "%.1f", figure) : usd(figure),
                (atLeast ? "at least " + target : "below " + target) + ": " + (met ? "met" : "missed")));
    }

    private void posts(Report report, Map<Integer, Double> postsBySpeakers) {
        List<List<String>> rows = new ArrayList<>();
        postsBySpeakers.forEach((speaking, posts) ->
                rows.add(List.of(String.valueOf(speaking), String.format(Locale.ROOT, "%.2f", posts))));
        report.table(
                "Posts by speakers",
                "Posts that somebody who only listens gets in a second, ticks of 100 ms. More than eight are not heard at a"
                        + " time.",
                List.of("speakers", "posts a listener and second"),
                rows,
                postsBySpeakers);
    }

    private static List<String> row(String name, Map<String, Billed> billed, Function<Billed, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        billed.values().forEach(each -> row.add(cell.apply(each)));
        return row;
    }

    private static String usd(double usd) {
        return String.format(Locale.ROOT, "%.4f", usd);
    }

    private static String count(double count) {
        return String.format(Locale.ROOT, "%,.0f", count);
    }
}
