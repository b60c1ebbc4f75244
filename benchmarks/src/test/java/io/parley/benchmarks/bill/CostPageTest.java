package io.parley.benchmarks.bill;

import io.parley.benchmarks.docs.GeneratedPart;
import io.parley.core.options.ArchiveMode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The tables of docs/cost.md are this arithmetic's; {@code -Ddocs.write=true} writes them anew. */
class CostPageTest {

    private static final Path PAGE = Path.of("../docs/cost.md");

    private static final Deployment SMALL = Deployment.ofModule(1, 1);

    /** terraform/examples/large.tfvars. */
    private static final Deployment LARGE = Deployment.ofModule(4, 2);

    private final PriceList prices = PriceList.load();

    @Test
    void saysWhatADeploymentHas() throws IOException {
        List<List<String>> rows = List.of(
                row("shards", SMALL.shards(), LARGE.shards()),
                row("KPUs, and one of Managed Flink's own", SMALL.kpus(), LARGE.kpus()),
                row("KMS keys", SMALL.kmsKeys(), LARGE.kmsKeys()),
                row("metrics of alarms", SMALL.alarmMetrics(), LARGE.alarmMetrics()),
                row("metrics of Parley's own, at most", SMALL.metrics(), LARGE.metrics()));
        holds("deployments", List.of("what stands", "by default", "for 100 rooms"), rows);
    }

    @Test
    void saysWhatIsPaidWhenNobodyTalks() throws IOException {
        Map<String, Bill> bills = new LinkedHashMap<>();
        bills.put("by default", Bill.of(SMALL.perMonth(), prices));
        bills.put("for 100 rooms", Bill.of(LARGE.perMonth(), prices));
        holds("idle", List.of("US dollars a month", "by default", "for 100 rooms"), services(bills));
    }

    @Test
    void saysWhatAnHourOfAHundredRoomsCosts() throws IOException {
        Map<String, Bill> bills = new LinkedHashMap<>();
        bills.put("chunks, the default", hour(ArchiveMode.CHUNK, 100, 100));
        bills.put("segments", hour(ArchiveMode.SEGMENT, 100, 100));
        bills.put("segments, ticks of 200 ms", hour(ArchiveMode.SEGMENT, 100, 200));
        bills.put("segments, ticks and chunks of 200 ms", hour(ArchiveMode.SEGMENT, 200, 200));
        List<String> columns = new ArrayList<>(List.of("US dollars an hour"));
        columns.addAll(bills.keySet());
        List<List<String>> rows = new ArrayList<>(services(bills));
        rows.add(each("a month of 730 such hours", bills, bill -> usd(bill.totalUsd() * Deployment.HOURS_A_MONTH, 0)));
        rows.add(each("a room and hour", bills, bill -> usd(bill.totalUsd() / 100, 3)));
        rows.add(each("a participant and hour", bills, bill -> usd(bill.totalUsd() / 1000, 4)));
        holds("hundred rooms", columns, rows);
    }

    @Test
    void saysWhereTheMoneyGoes() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Bill.Line line : hour(ArchiveMode.CHUNK, 100, 100).lines()) {
            rows.add(List.of(
                    line.price().service(),
                    line.price().unit(),
                    String.format(Locale.ROOT, line.amount() < 100 ? "%.2f" : "%,.0f", line.amount()),
                    usd(line.usd(), 3)));
        }
        holds("lines", List.of("service", "what is counted", "in an hour", "US dollars"), rows);
    }

    @Test
    void saysThePricesAndTheirSources() throws IOException {
        List<List<String>> rows = new ArrayList<>();
        for (Price price : prices.prices()) {
            rows.add(List.of(
                    price.service(),
                    price.unit(),
                    String.format(Locale.ROOT, "%s / %,d", plain(price.usd()), price.per()),
                    price.region() + ", " + price.date(),
                    price.assumed() ? "assumed" : price.source()));
        }
        holds("prices", List.of("service", "unit", "US dollars", "where and when", "source"), rows);
    }

    /** With what the deployment for them costs in that hour. */
    private Bill hour(ArchiveMode archiveMode, int chunkMs, int tickMs) {
        Talk talk = new Talk(100, 10, 2, chunkMs, tickMs, archiveMode, 1024, 1769, 32);
        Usage standing = LARGE.perMonth().times(1 / Deployment.HOURS_A_MONTH);
        return Bill.of(talk.perHour().plus(standing), prices);
    }

    private static List<List<String>> services(Map<String, Bill> bills) {
        Set<String> names = new LinkedHashSet<>();
        bills.values().forEach(bill -> names.addAll(bill.byService().keySet()));
        List<List<String>> rows = new ArrayList<>();
        for (String name : names) {
            rows.add(each(name, bills, bill -> usd(bill.byService().getOrDefault(name, 0.0), 2)));
        }
        rows.add(each("**together**", bills, bill -> "**" + usd(bill.totalUsd(), 2) + "**"));
        return rows;
    }

    private static List<String> each(String name, Map<String, Bill> bills, Function<Bill, String> cell) {
        List<String> row = new ArrayList<>(List.of(name));
        bills.values().forEach(bill -> row.add(cell.apply(bill)));
        return row;
    }

    private static List<String> row(String name, int small, int large) {
        return List.of(name, String.valueOf(small), String.valueOf(large));
    }

    private static String usd(double usd, int digits) {
        return String.format(Locale.ROOT, "%,." + digits + "f", usd);
    }

    private static String plain(double usd) {
        return new BigDecimal(String.valueOf(usd)).toPlainString();
    }

    private static void holds(String name, List<String> columns, List<List<String>> rows) throws IOException {
        new GeneratedPart(PAGE, name).isTable(columns, rows);
    }
}
