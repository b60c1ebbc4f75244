package io.parley.benchmarks.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import io.parley.benchmarks.load.LoadResult.Percentiles;
import io.parley.local.demo.HopTable.Hop;
import io.parley.local.meter.UsageMeter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A run's result as a table for people and as JSON for programs. */
final class LoadReport {

    private static final ObjectMapper JSON = new ObjectMapper().enable(SerializationFeature.INDENT_OUTPUT);
    private static final double MB = 1024 * 1024;

    private LoadReport() {}

    static void print(LoadResult result, PrintStream out) {
        LoadSettings settings = result.settings();
        line(
                out,
                "%,d rooms of %d, %d of whom speak (%s); chunks of %d ms, frames of %d ms; %d s after %d s of warm-up",
                settings.rooms(),
                settings.people(),
                settings.speakers(),
                settings.pattern().name().toLowerCase(Locale.ROOT),
                settings.chunkMs(),
                settings.frameMs(),
                settings.seconds(),
                settings.warmUpSeconds());
        line(
                out,
                "somebody speaks %.0f %% of the time, %.2f people at once then%n",
                100 * result.talkShare(),
                result.talkersWhileAnyTalks());
        line(out, "%-34s %9s %9s %9s %9s %9s", "milliseconds", "p50", "p95", "p99", "p99.9", "max");
        result.hops().forEach((hop, times) -> {
            if (hop != Hop.WHOLE) {
                percentiles(out, hop.label(), times);
            }
        });
        percentiles(out, "whole way, every chunk", result.way());
        percentiles(out, "the load's own lag", result.lag());
        line(out, "");
        frames(out, "frames to be heard", result.expected(), result.expected());
        frames(out, "delivered", result.delivered(), result.expected());
        frames(out, "  of them late", result.late(), result.expected());
        frames(out, "lost", result.lost(), result.expected());
        frames(out, "  of them declared", result.declaredLost(), result.expected());
        frames(out, "duplicated", result.duplicated(), result.expected());
        line(out, "");
        figure(out, "posts a person and second", result.postsAPersonSecond(), "");
        figure(out, "posts a listener and second", result.postsAListenerSecond(), "who only listens");
        if (result.stack() != null) {
            stack(out, result);
        }
        figure(out, "processor of the load itself", result.loadCpuNs() / 1e9 / settings.seconds(), "cores");
        result.errors()
                .forEach((code, count) ->
                        line(out, "%-34s %,9d  %s", "told by the server, with the warm-up", count, code));
        if (result.closed() > 0) {
            line(out, "%-34s %,9d", "connections that broke", result.closed());
        }
    }

    private static void stack(PrintStream out, LoadResult result) {
        StackReading stack = result.stack();
        figure(
                out,
                "processor of the stack",
                stack.cpuNs() / 1e9 / result.settings().seconds(),
                "cores");
        figure(out, "  for a delivered frame", result.cpuUsADeliveredFrame(), "µs");
        figure(out, "  for a person and second", result.cpuMsAPersonSecond(), "ms");
        figure(out, "memory of the stack", stack.residentBytes() / MB, "MB resident");
        figure(out, "  heap in use", stack.heapBytes() / MB, "MB");
        figure(out, "  garbage collection", stack.gcMs(), "ms in all");
        line(out, "%n%-34s %9s", "calls of AWS", "a second");
        calls(result)
                .forEach((name, count) ->
                        figure(out, name, count / result.settings().seconds(), ""));
    }

    /** What was called at all, by service and operation; and what was counted of it. */
    private static Map<String, Double> calls(LoadResult result) {
        Map<String, Double> calls = new LinkedHashMap<>();
        result.stack().usage().entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .filter(entry -> entry.getValue() > 0)
                .filter(entry -> !entry.getKey().equals(UsageMeter.CONNECTIONS))
                .forEach(entry -> calls.put(entry.getKey(), entry.getValue()));
        return calls;
    }

    private static void percentiles(PrintStream out, String name, Percentiles times) {
        line(
                out,
                "%-34s %9.1f %9.1f %9.1f %9.1f %9.1f",
                name,
                times.p50(),
                times.p95(),
                times.p99(),
                times.p999(),
                times.max());
    }

    private static void frames(PrintStream out, String name, long count, long expected) {
        line(out, "%-34s %,9d  %6.2f %%", name, count, expected == 0 ? 0 : 100.0 * count / expected);
    }

    private static void figure(PrintStream out, String name, double value, String unit) {
        if (!Double.isNaN(value)) {
            line(out, value < 1000 ? "%-34s %9.2f  %s" : "%-34s %,9.0f  %s", name, value, unit);
        }
    }

    private static void line(PrintStream out, String format, Object... values) {
        out.println(String.format(Locale.ROOT, format, values).stripTrailing());
    }

    /** @param facts of the machine and what ran on it */
    static void write(LoadResult result, Map<String, String> facts, Path file) throws IOException {
        Map<String, Object> data = new LinkedHashMap<>();
        data.put("facts", facts);
        data.put("result", result);
        data.put("postsAPersonSecond", result.postsAPersonSecond());
        data.put("cpuUsADeliveredFrame", orNull(result.cpuUsADeliveredFrame()));
        data.put("cpuMsAPersonSecond", orNull(result.cpuMsAPersonSecond()));
        if (file.toAbsolutePath().getParent() != null) {
            Files.createDirectories(file.toAbsolutePath().getParent());
        }
        Files.writeString(file, JSON.writeValueAsString(data) + '\n');
    }

    private static Double orNull(double value) {
        return Double.isNaN(value) ? null : value;
    }
}
