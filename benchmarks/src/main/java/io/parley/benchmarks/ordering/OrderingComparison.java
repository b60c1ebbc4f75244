package io.parley.benchmarks.ordering;

import io.parley.benchmarks.report.Machine;
import io.parley.benchmarks.report.Report;
import io.parley.benchmarks.report.Spread;
import io.parley.benchmarks.report.Verdict;
import io.parley.benchmarks.traffic.Delays;
import io.parley.benchmarks.traffic.Traffic;
import io.parley.benchmarks.traffic.Voice;
import io.parley.core.options.RoomOptions;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * The job's ordering operator beside what Flink has for the same task: throughput, how long frames in order wait, and
 * how many frames are dropped at the same hold.
 *
 * <p>Everything runs in turn in one JVM, round after round, so that what disturbs the machine disturbs all of them.
 */
@Command(
        name = "ordering",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Compares the job's ordering operator with what Flink offers for the same task.")
public final class OrderingComparison implements Callable<Integer> {

    private enum Part {
        THROUGHPUT,
        WAIT,
        DROPPED
    }

    private static final long BEGUN_NS = System.nanoTime();
    private static final int FRAMES_PER_CHUNK = 5;
    private static final int WARM_UP_RECORDS = 50_000;
    private static final int WARM_UP_RECORDS_ROCKSDB = 5_000;
    private static final int LEAST_RECORDS = 3_000;
    private static final List<Variant> WAITING =
            List.of(Variant.OURS, Variant.ORDER_BY, Variant.MATCH_RECOGNIZE, Variant.NO_OP);
    private static final List<Variant> DROPPING =
            List.of(Variant.OURS_FIXED_HOLD, Variant.OURS, Variant.ORDER_BY, Variant.MATCH_RECOGNIZE, Variant.TIMERS);

    @Option(names = "--name", description = "Writes results/<name>.md and .json beside this module's pom.")
    private String name;

    @Option(names = "--parts", split = ",", description = "Of ${COMPLETION-CANDIDATES}; all unless told.")
    private List<Part> parts = List.of(Part.values());

    @Option(
            names = "--variants",
            split = ",",
            description = "Throughput: of ${COMPLETION-CANDIDATES}; all but OURS_FIXED_HOLD unless told.")
    private List<Variant> variants = List.of(
            Variant.OURS,
            Variant.ORDER_BY,
            Variant.ORDER_BY_INTERNAL,
            Variant.MATCH_RECOGNIZE,
            Variant.TIMERS,
            Variant.NO_OP);

    @Option(
            names = "--backends",
            split = ",",
            description = "Throughput: of ${COMPLETION-CANDIDATES}; all unless told.")
    private List<Backend> backends = List.of(Backend.values());

    @Option(names = "--rounds", defaultValue = "5", description = "After two to warm up. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(names = "--seconds", defaultValue = "3", description = "Of one measurement. Default: ${DEFAULT-VALUE}")
    private double seconds;

    @Option(names = "--records", defaultValue = "1500000", description = "In memory. Default: ${DEFAULT-VALUE}")
    private int records;

    @Option(names = "--rooms", defaultValue = "100", description = "Default: ${DEFAULT-VALUE}")
    private int rooms;

    @Option(names = "--speakers", defaultValue = "3", description = "In each room. Default: ${DEFAULT-VALUE}")
    private int speakers;

    @Option(names = "--delays", defaultValue = "NONE", description = "Throughput: of ${COMPLETION-CANDIDATES}.")
    private Delays delays;

    @Option(
            names = "--wait-seconds",
            defaultValue = "20",
            description = "Wait: of speech in each round, in 20 rooms of 3. Default: ${DEFAULT-VALUE}")
    private int waitSeconds;

    @Option(names = "--no-second-subtask", description = "Throughput: leaves out the runs with two subtasks.")
    private boolean oneSubtask;

    private String[] arguments;
    private final List<List<String>> verdicts = new ArrayList<>();
    private final Map<String, Object> verdictNumbers = new LinkedHashMap<>();

    public static void main(String[] arguments) {
        OrderingComparison comparison = new OrderingComparison();
        comparison.arguments = arguments.clone();
        System.exit(new CommandLine(comparison)
                .setCaseInsensitiveEnumValuesAllowed(true)
                .execute(arguments));
    }

    @Override
    public Integer call() throws Exception {
        Path root = Path.of(System.getProperty("parley.root", ".")).toAbsolutePath();
        Report report = new Report("Ordering: the job's operator and what Flink offers");
        Map<String, String> facts =
                Machine.describe(root, "benchmarks/run.sh ordering " + String.join(" ", arguments), Clock.systemUTC());
        try (LocalJobs jobs = new LocalJobs()) {
            Report measured = new Report("");
            if (parts.contains(Part.THROUGHPUT)) {
                throughput(jobs, measured);
            }
            if (parts.contains(Part.WAIT)) {
                waits(jobs, measured);
            }
            if (parts.contains(Part.DROPPED)) {
                dropped(jobs, measured);
            }
            facts.put("load average after", Machine.load());
            report.facts("machine", facts);
            report.table(
                    "Verdict",
                    "Ratios are taken round by round: what disturbs a round disturbs both sides of it.",
                    List.of("target", "median", "least", "most", "verdict"),
                    verdicts,
                    verdictNumbers);
            report.append(measured);
        }
        System.out.println(report.text());
        if (name != null) {
            report.write(root.resolve("benchmarks/results"), name);
        }
        return 0;
    }

    /** One line of the throughput table. */
    private record Lane(Variant variant, Backend backend, int parallelism) {
        String name() {
            return variant.label + ", " + backend.name().toLowerCase(Locale.ROOT) + ", " + parallelism;
        }
    }

    private void throughput(LocalJobs jobs, Report report) throws Exception {
        int chunks = Math.max(1, records / (rooms * speakers));
        Voice[] voices = new Traffic(rooms, speakers, chunks, FRAMES_PER_CHUNK, delays, false, 1).generate();
        Map<Lane, List<Double>> rates = new LinkedHashMap<>();
        Map<Lane, List<Double>> cpus = new LinkedHashMap<>();
        Map<Lane, Integer> counts = new LinkedHashMap<>();
        for (Lane lane : lanes()) {
            rates.put(lane, new ArrayList<>());
            cpus.put(lane, new ArrayList<>());
            counts.put(lane, lane.backend() == Backend.HEAP ? WARM_UP_RECORDS : WARM_UP_RECORDS_ROCKSDB);
        }
        // Two rounds to warm up, the first of them to learn how many records the seconds have.
        for (int round = -1; round <= rounds; round++) {
            for (Lane lane : rates.keySet()) {
                try (Run run = jobs.run(
                        lane.variant(),
                        lane.backend(),
                        voices,
                        counts.get(lane),
                        FRAMES_PER_CHUNK,
                        lane.parallelism(),
                        Pace.FAST)) {
                    if (delays == Delays.NONE && run.framesOut() != run.framesIn()) {
                        throw new IllegalStateException(
                                lane.name() + " gave " + run.framesOut() + " of " + run.framesIn() + " frames");
                    }
                    double rate = run.recordsPerSecond();
                    progress(
                            "round %d of %d: %s: %,.0f records/s (%,d records)",
                            round, rounds, lane.name(), rate, run.records());
                    if (round > 0) {
                        rates.get(lane).add(rate);
                        cpus.get(lane).add(run.cpuUsPerRecord());
                    }
                    counts.put(lane, (int) Math.max(LEAST_RECORDS, Math.min(voices.length, rate * seconds)));
                }
            }
        }
        reportThroughput(report, rates, cpus);
    }

    private List<Lane> lanes() {
        List<Lane> lanes = new ArrayList<>();
        for (Backend backend : backends) {
            for (Variant variant : variants) {
                lanes.add(new Lane(variant, backend, 1));
            }
        }
        for (Variant variant : variants) {
            if (variant.scales() && backends.contains(Backend.HEAP) && !oneSubtask) {
                lanes.add(new Lane(variant, Backend.HEAP, 2));
            }
        }
        return lanes;
    }

    private void reportThroughput(Report report, Map<Lane, List<Double>> rates, Map<Lane, List<Double>> cpus) {
        List<List<String>> rows = new ArrayList<>();
        Map<String, Object> numbers = new LinkedHashMap<>();
        rates.forEach((lane, perRound) -> {
            Spread spread = new Spread(perRound);
            Spread ours = spread(rates, new Lane(Variant.OURS, lane.backend(), lane.parallelism()));
            Spread none = spread(rates, new Lane(Variant.NO_OP, lane.backend(), lane.parallelism()));
            rows.add(List.of(
                    lane.variant().label,
                    lane.backend().name().toLowerCase(Locale.ROOT),
                    String.valueOf(lane.parallelism()),
                    thousands(spread.median()),
                    thousands(spread.least()) + " - " + thousands(spread.most()),
                    thousands(spread.median() * FRAMES_PER_CHUNK),
                    ours == null ? "" : times(ours.over(spread).median()),
                    none == null ? "" : times(none.over(spread).median()),
                    decimal(new Spread(cpus.get(lane)).median())));
            numbers.put(lane.name(), Map.of("recordsPerSecond", perRound, "cpuUsPerRecord", cpus.get(lane)));
        });
        report.table(
                "Throughput",
                String.format(
                        Locale.ROOT,
                        "%d rooms of %d speakers, %d frames a record, delays %s, %d rounds, from the first record to"
                                + " the drained sink. No operator that does something can be more times as fast as"
                                + " another than the no-op is. The processor time is the operator's task's alone,"
                                + " without the source.",
                        rooms,
                        speakers,
                        FRAMES_PER_CHUNK,
                        delays,
                        rounds),
                List.of(
                        "variant",
                        "state",
                        "subtasks",
                        "records/s",
                        "least - most",
                        "frames/s",
                        "ours / this",
                        "no-op / this",
                        "cpu µs/record"),
                rows,
                numbers);
        verdict(rates, "3 x sql-order-by, heap", 3, Variant.ORDER_BY, Backend.HEAP);
        verdict(rates, "3 x sql-order-by-internal, heap", 3, Variant.ORDER_BY_INTERNAL, Backend.HEAP);
        verdict(rates, "8 x sql-order-by, rocksdb", 8, Variant.ORDER_BY, Backend.ROCKSDB);
        verdict(rates, "8 x sql-order-by-internal, rocksdb", 8, Variant.ORDER_BY_INTERNAL, Backend.ROCKSDB);
        verdict(rates, "0.5 x no-op, heap", 0.5, Variant.NO_OP, Backend.HEAP);
    }

    private void verdict(Map<Lane, List<Double>> rates, String target, double atLeast, Variant other, Backend state) {
        Spread ours = spread(rates, new Lane(Variant.OURS, state, 1));
        Spread theirs = spread(rates, new Lane(other, state, 1));
        if (ours != null && theirs != null) {
            Spread ratio = ours.over(theirs);
            verdict("at least " + target, ratio, Verdict.atLeast(atLeast, ratio));
        }
    }

    private static Spread spread(Map<Lane, List<Double>> rates, Lane lane) {
        return rates.containsKey(lane) ? new Spread(rates.get(lane)) : null;
    }

    private void waits(LocalJobs jobs, Report report) throws Exception {
        int chunks = Math.max(2, waitSeconds * 1_000_000 / (FRAMES_PER_CHUNK * Traffic.FRAME_US));
        Voice[] voices = new Traffic(20, 3, chunks, FRAMES_PER_CHUNK, Delays.NONE, true, 2).generate();
        List<List<String>> rows = new ArrayList<>();
        Map<String, Object> numbers = new LinkedHashMap<>();
        for (Variant variant : WAITING) {
            // The first seconds of a JVM are the compiler's.
            runReal(jobs, variant, voices, voices.length / 4).close();
            try (Run run = runReal(jobs, variant, voices, voices.length)) {
                addWait(rows, numbers, variant.label, run.waitUs());
                if (variant == Variant.OURS) {
                    addWait(rows, numbers, variant.label + ", for order alone", run.orderWaitUs());
                    verdict("wait in order, p50, at most 1 ms", run.waitUs());
                    verdict("wait for order alone, p50, at most 1 ms", run.orderWaitUs());
                }
            }
        }
        report.table(
                "Wait of frames in order",
                "Milliseconds, at the pace of speech: 20 rooms of 3 speakers. Ours: from entry into the operator, or"
                        + " from when the tick might have closed if that is later, to the emitted tick; and what of it"
                        + " is for order, not for a timer that came late. The others: from the source to the sink, to"
                        + " be seen beside the no-op, which waits for nothing; they wait for a watermark "
                        + Run.HOLD_MS + " ms behind.",
                List.of("variant", "chunks", "p50", "p99", "max"),
                rows,
                numbers);
    }

    private static void addWait(List<List<String>> rows, Map<String, Object> numbers, String label, Histogram wait) {
        double p50 = wait.getValueAtPercentile(50) / 1000.0;
        double p99 = wait.getValueAtPercentile(99) / 1000.0;
        double max = wait.getMaxValue() / 1000.0;
        progress("wait: %s: p50 %.2f ms, p99 %.2f ms", label, p50, p99);
        rows.add(List.of(label, String.valueOf(wait.getTotalCount()), decimal(p50), decimal(p99), decimal(max)));
        numbers.put(label, Map.of("chunks", wait.getTotalCount(), "p50", p50, "p99", p99, "max", max));
    }

    private void verdict(String target, Histogram wait) {
        Spread p50 = new Spread(List.of(wait.getValueAtPercentile(50) / 1000.0));
        verdict(target, p50, Verdict.atMost(1, p50));
    }

    private static Run runReal(LocalJobs jobs, Variant variant, Voice[] voices, int count) throws Exception {
        return jobs.run(variant, Backend.HEAP, voices, count, FRAMES_PER_CHUNK, 1, Pace.REAL);
    }

    private void dropped(LocalJobs jobs, Report report) throws Exception {
        List<List<String>> rows = new ArrayList<>();
        Map<String, Object> numbers = new LinkedHashMap<>();
        for (Delays trace : List.of(Delays.LIGHT, Delays.HEAVY, Delays.STALLS)) {
            Voice[] voices = new Traffic(20, 3, 1_000, FRAMES_PER_CHUNK, trace, false, 3).generate();
            Map<Variant, Long> dropped = new LinkedHashMap<>();
            for (Variant variant : DROPPING) {
                try (Run run =
                        jobs.run(variant, Backend.HEAP, voices, voices.length, FRAMES_PER_CHUNK, 1, Pace.FAST_EACH)) {
                    long missing = run.framesIn() - run.framesOut();
                    if (variant.declaresLosses() && run.reasons().getOrDefault("given up", 0L) != missing) {
                        throw new IllegalStateException(variant.label + " dropped " + missing + ": " + run.reasons());
                    }
                    dropped.put(variant, missing);
                    progress("dropped: %s: %s: %d of %d", trace, variant.label, missing, run.framesIn());
                    rows.add(List.of(
                            trace.name().toLowerCase(Locale.ROOT),
                            variant.label,
                            String.valueOf(run.framesIn()),
                            String.valueOf(missing),
                            String.format(Locale.ROOT, "%.3f %%", 100.0 * missing / run.framesIn()),
                            run.reasons().toString()));
                    numbers.put(
                            trace + " " + variant.label,
                            Map.of("frames", run.framesIn(), "dropped", missing, "reasons", run.reasons()));
                }
            }
            verdict(trace, "hold of " + Run.HOLD_MS + " ms", dropped, Variant.OURS_FIXED_HOLD);
            verdict(trace, "adaptive hold", dropped, Variant.OURS);
        }
        report.table(
                "Frames dropped at a budget of " + Run.HOLD_MS + " ms",
                "The same trace for each, by the records' own clock: there is no chance in it. The budget is how long"
                        + " a frame may be held for others: the watermark's delay, or a room's hold of a gap, fixed at"
                        + " the budget or, as the job has it, adapted to each stream between "
                        + RoomOptions.defaults().minHoldMs() + " ms and the budget. Ours declares each frame that it"
                        + " gives up, and tells what comes for it later.",
                List.of("delays", "variant", "frames", "dropped", "share", "reasons"),
                rows,
                numbers);
    }

    private void verdict(Delays trace, String hold, Map<Variant, Long> dropped, Variant ours) {
        long theirs = dropped.get(Variant.ORDER_BY);
        if (theirs > 0) {
            Spread ratio = new Spread(List.of((double) dropped.get(ours) / theirs));
            String target =
                    "dropped at most 0.2 x sql-order-by, " + trace.name().toLowerCase(Locale.ROOT) + ", " + hold;
            verdict(target, ratio, Verdict.atMost(0.2, ratio));
        }
    }

    private void verdict(String target, Spread figure, Verdict verdict) {
        verdicts.add(List.of(
                target, decimal(figure.median()), decimal(figure.least()), decimal(figure.most()), verdict.toString()));
        verdictNumbers.put(target, Map.of("rounds", figure.rounds(), "verdict", verdict.name()));
    }

    private static String thousands(double number) {
        return String.format(Locale.ROOT, "%,.0f", number);
    }

    private static String decimal(double number) {
        return String.format(Locale.ROOT, "%.2f", number);
    }

    private static String times(double number) {
        return String.format(Locale.ROOT, "%.2f x", number);
    }

    private static void progress(String format, Object... values) {
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - BEGUN_NS);
        System.err.printf(Locale.ROOT, "%2d:%02d ", seconds / 60, seconds % 60);
        System.err.printf(Locale.ROOT, format + "%n", values);
    }
}
