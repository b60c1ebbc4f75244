package io.parley.benchmarks.pairs;

import com.sun.management.OperatingSystemMXBean;
import io.parley.benchmarks.report.Report;
import io.parley.benchmarks.report.Spread;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * Two ways to do a thing, measured in turn: in each round in short blocks, one after the other, so that what disturbs
 * the machine disturbs both. The one after the other way goes first. Processor time is that of this process.
 */
public final class Pairs {

    /** What is compared. */
    public enum Figure {
        P50("p50, ms"),
        P99("p99, ms"),
        CPU("processor, µs");

        private final String label;

        Figure(String label) {
            this.label = label;
        }
    }

    private static final int BLOCK = 50;
    private static final double NANOS_A_MS = 1e6;

    private final String ourName;
    private final String floorName;
    private final Map<Figure, List<Double>> ours = new LinkedHashMap<>();
    private final Map<Figure, List<Double>> floors = new LinkedHashMap<>();

    private Pairs(String ourName, String floorName) {
        this.ourName = ourName;
        this.floorName = floorName;
        for (Figure figure : Figure.values()) {
            ours.put(figure, new ArrayList<>());
            floors.put(figure, new ArrayList<>());
        }
    }

    /**
     * Measures.
     *
     * @param rounds after one to warm up
     * @param blocks of {@value #BLOCK} of each way, in a round
     */
    public static Pairs measure(String ourName, Way ours, String floorName, Way floor, int rounds, int blocks)
            throws Exception {
        Pairs pairs = new Pairs(ourName, floorName);
        for (int round = 0; round <= rounds; round++) {
            Side our = new Side(ours);
            Side other = new Side(floor);
            for (int block = 0; block < blocks; block++) {
                (block % 2 == 0 ? our : other).block();
                (block % 2 == 0 ? other : our).block();
            }
            if (round > 0) {
                our.into(pairs.ours);
                other.into(pairs.floors);
            }
        }
        return pairs;
    }

    /** Round by round. */
    public Spread ratio(Figure figure) {
        return new Spread(ours.get(figure)).over(new Spread(floors.get(figure)));
    }

    /** @param perOnce by how much the processor time of one is divided */
    public void into(Report report, String note, int perOnce) {
        List<List<String>> rows = new ArrayList<>();
        Map<String, Object> numbers = new LinkedHashMap<>();
        for (Figure figure : Figure.values()) {
            double divisor = figure == Figure.CPU ? perOnce : 1;
            Spread our = new Spread(ours.get(figure));
            Spread floor = new Spread(floors.get(figure));
            Spread ratio = ratio(figure);
            rows.add(List.of(
                    figure.label,
                    format(our.median() / divisor),
                    format(floor.median() / divisor),
                    format(ratio.median()) + " x",
                    format(ratio.least()) + " - " + format(ratio.most())));
            numbers.put(
                    figure.label, Map.of(ourName, our.rounds(), floorName, floor.rounds(), "ratio", ratio.rounds()));
        }
        report.table(
                ourName + " beside " + floorName,
                note + " " + ours.get(Figure.P50).size()
                        + " pairs of rounds; medians of the rounds, and of the ratios round by round.",
                List.of("", ourName, floorName, "ratio", "least - most"),
                rows,
                numbers);
    }

    private static String format(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }

    /** One way in one round. */
    private static final class Side {

        private static final OperatingSystemMXBean SYSTEM =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);

        private final Way way;
        private final Histogram nanos = new Histogram(60_000_000_000L, 3);
        private long cpuNanos;

        Side(Way way) {
            this.way = way;
        }

        void block() throws Exception {
            long cpuBefore = SYSTEM.getProcessCpuTime();
            for (int i = 0; i < BLOCK; i++) {
                long before = System.nanoTime();
                way.once();
                nanos.recordValue(System.nanoTime() - before);
            }
            cpuNanos += SYSTEM.getProcessCpuTime() - cpuBefore;
        }

        void into(Map<Figure, List<Double>> figures) {
            figures.get(Figure.P50).add(nanos.getValueAtPercentile(50) / NANOS_A_MS);
            figures.get(Figure.P99).add(nanos.getValueAtPercentile(99) / NANOS_A_MS);
            figures.get(Figure.CPU).add(cpuNanos / 1e3 / nanos.getTotalCount());
        }
    }
}
