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
            "configuration,rooms,frames_per_second,delivered_share,late_share,p50_ms,p95_ms,"
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
        StringBuilder text =
                new StringBuilder(report.text()).append("\n").append(SHAPE).append("\n");
        List<String> recommendations = findings.recommendations();
        if (!recommendations.isEmpty()) {
            text.append("\n## Recommendation\n\n");
            recommendations.forEach(
                    sentence -> text.append("- ").append(sentence).append('\n'));
        }
        for (Factor factor : findings.factors()) {
            if (findings.values(factor).size() > 1) {
                text.append(section(factor));
            }
        }
        return text.append(knees()).append(all()).toString();
    }

    private String knees() {
        List<List<String>> rows = curves.stream()
                .map(curve -> List.of(curve.name(), rooms(curve), curve.load()))
                .toList();
        return section(
                "Every configuration",
                "",
                List.of("configuration", "rooms at the knee", "load average after it"),
                rows);
    }

    private static String section(String name, String note, List<String> columns, List<List<String>> rows) {
        Report report = new Report("");
        report.table(name, note, columns, rows, Map.of());
        return report.text().substring(report.text().indexOf("\n## "));
    }

    private String load() {
        return format(
                "rooms of %d of whom %d speak all the time, %d s of each step after %d s of warm-up, from %d rooms to at most"
                        + " %d",
                settings.people(),
                settings.speakers(),
                settings.seconds(),
                settings.warmUpSeconds(),
                settings.firstRooms(),
                settings.lastRooms());
    }

    private String knee() {
        return format(
                "the most rooms with 99 %% of the frames delivered and a 99th percentile of the whole way of at most %d ms;"
                        + " found by doubling, then halving the last gap once",
                settings.limitMs());
    }

    private String section(Factor factor) {
        boolean scales = factor.equals(Factor.PARALLELISM) || factor.equals(Factor.SHARDS);
        List<Findings.Value> values = findings.values(factor);
        List<String> columns = new ArrayList<>(List.of(factor.label(), "rooms at the knee", "frames/s there"));
        if (scales) {
            columns.add("of what 1 would give so many times");
        }
        columns.addAll(List.of("p50, ms", "p99, ms", "stack, µs a frame"));
        int common = findings.common(values);
        List<List<String>> rows = new ArrayList<>();
        for (Findings.Value value : values) {
            Step knee = value.curve().knee(settings.limitMs()).orElse(Step.failed(0));
            List<String> row =
                    new ArrayList<>(List.of(value.value(), rooms(value.curve()), number(knee.framesPerSecond())));
            if (scales) {
                double one = findings.rooms(values.get(0).curve());
                row.add(format(
                        "%.0f %%", 100 * findings.rooms(value.curve()) / (one * Double.parseDouble(value.value()))));
            }
            Step step = value.curve().at(common).orElse(Step.failed(0));
            row.addAll(List.of(number(step.p50Ms()), number(step.p99Ms()), number(step.cpuUsPerFrame())));
            rows.add(row);
        }
        String at = common == 0 ? "No load was carried by all of them." : "Times and cost with " + common + " rooms.";
        return section(capitalised(factor.label()), at, columns, rows);
    }

    private String all() {
        List<List<String>> rows = new ArrayList<>();
        for (Curve curve : curves) {
            for (Step step : curve.steps()) {
                rows.add(List.of(
                        curve.name(),
                        String.valueOf(step.rooms()),
                        number(step.framesPerSecond()),
                        format("%.1f %%", 100 * step.deliveredShare()),
                        number(step.p50Ms()),
                        number(step.p99Ms()),
                        number(step.lagP99Ms()),
                        number(step.stackCores()),
                        number(step.loadCores()),
                        step.isCarried(settings.limitMs()) ? "yes" : "no"));
            }
        }
        return section(
                "Every step",
                "",
                List.of(
                        "configuration",
                        "rooms",
                        "frames/s",
                        "delivered",
                        "p50, ms",
                        "p99, ms",
                        "load's lag p99, ms",
                        "stack, cores",
                        "load, cores",
                        "carried"),
                rows);
    }

    /** What stands before it means that no load was found that is too much. */
    private String rooms(Curve curve) {
        return (curve.hasEnd(settings.limitMs()) ? "" : "at least ") + findings.rooms(curve);
    }

    String csv() {
        StringBuilder text = new StringBuilder(COLUMNS).append('\n');
        for (Curve curve : curves) {
            for (Step step : curve.steps()) {
                text.append(List.of(
                                        curve.name().replace(",", ""),
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
            List<Findings.Value> values = findings.values(factor);
            if (values.size() > 1) {
                factors.add(chart(
                        factor.label(),
                        values.stream()
                                .map(value -> line(value.value(), value.curve()))
                                .toList()));
            }
        }
        data.put("factors", factors);
        data.put("all", curves.stream().map(curve -> line(curve.name(), curve)).toList());
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

    private Map<String, Object> line(String label, Curve curve) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("label", label);
        line.put("rooms", findings.rooms(curve));
        line.put("end", curve.hasEnd(settings.limitMs()));
        line.put(
                "knee",
                curve.knee(settings.limitMs()).map(Step::framesPerSecond).orElse(0.0));
        line.put(
                "steps",
                curve.steps().stream()
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

    private static String capitalised(String text) {
        return text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
    }

    private static String format(String text, Object... values) {
        return String.format(Locale.ROOT, text, values);
    }
}
