package io.parley.benchmarks.sweep;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.parley.benchmarks.report.Report;
import io.parley.local.web.WebJar;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** A sweep's curves as tables, as CSV, and as a page with charts that needs nothing but itself. */
final class SweepReport {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String COLUMNS =
            "configuration,round,rooms,frames_per_second,delivered_share,late_share,p50_ms,p95_ms,"
                    + "p99_ms,load_lag_p99_ms,posts_per_second,stack_cores,load_cores,cpu_us_per_frame,carried";
    private static final String SHAPE =
            "The stack, the load and whatever else ran shared these cores, so the curves show"
                    + " shape and not scale: which setting moves the knee, not where a deployment has it."
                    + " The same command measures one: ./parley sweep --url wss://... --api-key ... --tokens FILE --as NAME,"
                    + " once for each setting of the Managed Flink application and the stream.";

    private final SweepSettings settings;
    private final List<Curve> curves;
    private final Map<String, String> facts;
    private final Findings findings;

    SweepReport(SweepSettings settings, List<Curve> curves, Map<String, String> facts) {
        this.settings = settings;
        this.curves = List.copyOf(curves);
        this.facts = facts;
        this.findings = new Findings(curves, settings.limitMs());
    }

    /** Tables for people. */
    String text() {
        Report report = new Report("Sweep");
        Map<String, String> head = new LinkedHashMap<>(facts);
        head.put("load", load());
        head.put("knee", knee());
        report.facts("facts", head);
        report.paragraph(SHAPE);
        List<String> recommendations = findings.recommendations();
        if (!recommendations.isEmpty()) {
            report.list("Recommendation", recommendations);
        }
        for (Factor factor : findings.factors()) {
            if (findings.values(factor).size() > 1) {
                compare(factor, report);
            }
        }
        knees(report);
        steps(report);
        return report.text();
    }

    private String load() {
        return format(
                "rooms of %d of whom %d speak all the time, %d s of each step after %d s of warm-up, from %d rooms to at most"
                        + " %d%s",
                settings.people(),
                settings.speakers(),
                settings.seconds(),
                settings.warmUpSeconds(),
                settings.firstRooms(),
                settings.lastRooms(),
                settings.impair().isEmpty() ? "" : "; network: " + settings.impair());
    }

    private String knee() {
        return format(
                "the most rooms with 99 %% of the frames delivered and a 99th percentile of the whole way of at most %d ms;"
                        + " found by doubling, then halving the last gap once",
                settings.limitMs());
    }

    private void compare(Factor factor, Report report) {
        boolean scales = factor.equals(Factor.PARALLELISM) || factor.equals(Factor.SHARDS);
        List<Value> values = findings.values(factor);
        List<String> columns = new ArrayList<>(List.of(factor.label(), "rooms at the knee", "frames/s there"));
        if (scales) {
            columns.add("of what 1 would give so many times");
        }
        columns.addAll(List.of("p50, ms", "p99, ms", "stack, µs a frame"));
        int common = findings.common(values);
        List<List<String>> rows = new ArrayList<>();
        for (Value value : values) {
            List<String> row = new ArrayList<>(List.of(
                    value.name(), value.told(settings.limitMs()), number(value.framesPerSecond(settings.limitMs()))));
            if (scales) {
                double one = values.get(0).rooms(settings.limitMs());
                row.add(format(
                        "%.0f %%", 100 * value.rooms(settings.limitMs()) / (one * Double.parseDouble(value.name()))));
            }
            Step step = value.at(common).orElse(Step.failed(0));
            row.addAll(List.of(number(step.p50Ms()), number(step.p99Ms()), number(step.cpuUsPerFrame())));
            rows.add(row);
        }
        String at = common == 0
                ? "No load was carried by all of them."
                : "Times and cost with " + common + " rooms; medians of the rounds.";
        report.table(title(factor), at, columns, rows, Map.of());
    }

    private void knees(Report report) {
        List<List<String>> rows = findings.all().stream()
                .map(value -> List.of(
                        value.name(),
                        value.told(settings.limitMs()),
                        String.valueOf(value.rounds().size()),
                        value.rounds().stream().map(Curve::load).collect(Collectors.joining(", "))))
                .toList();
        report.table(
                "Every configuration",
                "",
                List.of("configuration", "rooms at the knee", "rounds", "load average after each"),
                rows,
                Map.of());
    }

    private void steps(Report report) {
        List<List<String>> rows = new ArrayList<>();
        for (Curve curve : curves) {
            for (Step step : curve.steps()) {
                rows.add(List.of(
                        curve.name(),
                        String.valueOf(curve.round()),
                        String.valueOf(step.rooms()),
                        number(step.framesPerSecond()),
                        format("%.1f %%", 100 * step.deliveredShare()),
                        format("%.1f %%", 100 * step.lateShare()),
                        number(step.p50Ms()),
                        number(step.p99Ms()),
                        number(step.lagP99Ms()),
                        number(step.stackCores()),
                        number(step.loadCores()),
                        step.isCarried(settings.limitMs()) ? "yes" : "no"));
            }
        }
        report.table(
                "Every step",
                "",
                List.of(
                        "configuration",
                        "round",
                        "rooms",
                        "frames/s",
                        "delivered",
                        "late",
                        "p50, ms",
                        "p99, ms",
                        "load's lag p99, ms",
                        "stack, cores",
                        "load, cores",
                        "carried"),
                rows,
                Map.of());
    }

    String csv() {
        StringBuilder text = new StringBuilder(COLUMNS).append('\n');
        for (Curve curve : curves) {
            for (Step step : curve.steps()) {
                text.append(List.of(
                                        curve.name().replace(",", ""),
                                        curve.round(),
                                        step.rooms(),
                                        step.framesPerSecond(),
                                        step.deliveredShare(),
                                        step.lateShare(),
                                        step.p50Ms(),
                                        step.p95Ms(),
                                        step.p99Ms(),
                                        step.lagP99Ms(),
                                        step.posts(),
                                        step.stackCores(),
                                        step.loadCores(),
                                        step.cpuUsPerFrame(),
                                        step.isCarried(settings.limitMs()) ? "yes" : "no")
                                .stream()
                                .map(SweepReport::cell)
                                .collect(Collectors.joining(",")))
                        .append('\n');
            }
        }
        return text.toString();
    }

    private static String cell(Object value) {
        return value instanceof Double number ? (number.isNaN() ? "" : format("%.4f", number)) : value.toString();
    }

    String html() throws IOException {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("facts", facts);
        data.put("load", load());
        data.put("knee", knee());
        data.put("shape", SHAPE);
        data.put("limitMs", settings.limitMs());
        data.put("recommendations", findings.recommendations());
        List<Object> factors = new ArrayList<>();
        for (Factor factor : findings.factors()) {
            List<Value> values = findings.values(factor);
            if (values.size() > 1) {
                factors.add(
                        chart(factor.label(), values.stream().map(this::line).toList()));
            }
        }
        data.put("factors", factors);
        data.put("all", findings.all().stream().map(this::line).toList());
        // A script's text ends at the first "</", whatever it stands in.
        String json = JSON.writeValueAsString(data).replace("</", "<\\/");
        return template()
                .replace("/*uplot.css*/", WebJar.text("uplot", "dist/uPlot.min.css"))
                .replace("/*uplot.js*/", WebJar.text("uplot", "dist/uPlot.iife.min.js"))
                .replace("{/*data*/}", json);
    }

    private static Map<String, Object> chart(String label, List<Map<String, Object>> lines) {
        return Map.of("label", label, "lines", lines);
    }

    private Map<String, Object> line(Value value) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("label", value.name());
        line.put("rooms", value.rooms(settings.limitMs()));
        line.put("told", value.told(settings.limitMs()));
        line.put("knee", value.framesPerSecond(settings.limitMs()));
        line.put(
                "steps",
                value.steps().stream()
                        .filter(step -> !Double.isNaN(step.p99Ms()))
                        .toList());
        return line;
    }

    private static String template() throws IOException {
        try (InputStream in = SweepReport.class.getResourceAsStream("sweep.html")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    void write(Path folder, String name) throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve(name + ".md"), text());
        Files.writeString(folder.resolve(name + ".csv"), csv());
        Files.writeString(folder.resolve(name + ".html"), html());
    }

    private static String number(double value) {
        if (Double.isNaN(value)) {
            return "–";
        }
        return format(value < 10 ? "%.2f" : value < 100 ? "%.1f" : "%,.0f", value);
    }

    /** A setting's key stays as it is. */
    private static String title(Factor factor) {
        String label = factor.label();
        return Factor.ALL.contains(factor)
                ? label.substring(0, 1).toUpperCase(Locale.ROOT) + label.substring(1)
                : label;
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
