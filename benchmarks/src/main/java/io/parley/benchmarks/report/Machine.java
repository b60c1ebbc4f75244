package io.parley.benchmarks.report;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What numbers mean nothing without: where, with what load, of which commit. */
public final class Machine {

    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Machine() {}

    /** By name, in the order to be shown. What cannot be found out says so. */
    public static Map<String, String> describe(Path projectRoot) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("processor", processor());
        facts.put("cores", String.valueOf(Runtime.getRuntime().availableProcessors()));
        facts.put("operating system", property("os.name") + ' ' + property("os.version") + ' ' + property("os.arch"));
        facts.put("jdk", property("java.vm.name") + ' ' + property("java.runtime.version"));
        facts.put("heap", Runtime.getRuntime().maxMemory() / (1024 * 1024) + " MB");
        facts.put(
                "jvm arguments",
                // But for where the project lies, which is nobody's business, and what ./parley calls itself.
                ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                        .filter(argument -> !argument.startsWith("-Dparley."))
                        .collect(Collectors.joining(" ")));
        facts.put("commit", commit(projectRoot));
        return facts;
    }

    /** The same of a measurement that begins now, with what it was asked for and the load before it. */
    public static Map<String, String> describe(Path projectRoot, String command, Clock clock) {
        Map<String, String> facts = describe(projectRoot);
        facts.put("command", command);
        facts.put("begun", clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        facts.put("load average before", load());
        return facts;
    }

    /** Processes that ran or wanted to, over the last minute; this program's own are among them. */
    public static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "unknown" : String.format(Locale.ROOT, "%.2f", load);
    }

    private static String property(String name) {
        return System.getProperty(name);
    }

    private static String processor() {
        if (!Files.isReadable(CPU_INFO)) {
            return "unknown";
        }
        try (Stream<String> lines = Files.lines(CPU_INFO)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).trim())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException e) {
            return "unknown";
        }
    }

    private static String commit(Path root) {
        String id = git(root, "rev-parse", "--short=12", "HEAD");
        if (id == null) {
            return "unknown";
        }
        String changes = git(root, "status", "--porcelain", "--untracked-files=no");
        return changes == null || changes.isEmpty() ? id : id + " with changes that are not committed";
    }

    private static String git(Path root, String... arguments) {
        String[] command = Stream.concat(Stream.of("git", "-C", root.toString()), Stream.of(arguments))
                .toArray(String[]::new);
        try {
            Process process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
            String answer = new String(process.getInputStream().readAllBytes()).trim();
            return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0 ? answer : null;
        } catch (IOException e) {
            return null;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        }
    }
}
