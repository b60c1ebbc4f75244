package io.parley.local.verify;

import io.parley.core.verify.Finding;
import io.parley.core.verify.LogCounts;
import io.parley.core.verify.Rule;
import java.io.PrintWriter;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** A report for people: a line for each room, its findings below it, the verdict last. */
final class TextReport implements ReportWriter {

    private static final String ROW = "%-24s %7s %9s %9s %10s %11s %8s  %-42s  %s%n";
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);

    private final PrintWriter out;
    private boolean begun;

    TextReport(PrintWriter out) {
        this.out = out;
    }

    @Override
    public void room(RoomReport report) {
        if (!begun) {
            begun = true;
            row("room", "epochs", "segments", "ticks", "played", "not played", "lost", "closed (UTC)", "verdict");
        }
        LogCounts counts = report.counts();
        row(
                report.room().equals(LogListing.NO_ROOM) ? "(room unknown)" : report.room(),
                counts.epochs(),
                counts.segments(),
                counts.ticks(),
                counts.framesPlayed(),
                notPlayed(counts),
                counts.framesLost(),
                counts.ticks() == 0 ? "" : time(counts.firstMs()) + " to " + time(counts.lastMs()),
                report.findingCount() == 0 ? "consistent" : "NOT consistent");
        print(report.findings(), report.findingCount(), "finding");
        print(report.notes(), report.noteCount(), "note");
        out.flush();
    }

    private void row(Object... cells) {
        out.print(String.format(Locale.ROOT, ROW, cells).replaceAll(" +(\\R)", "$1"));
    }

    private void print(List<Finding> findings, long count, String word) {
        Set<Rule> explained = EnumSet.noneOf(Rule.class);
        for (Finding finding : findings) {
            out.println("  " + word + " " + finding.rule().code() + ", "
                    + (finding.place().equals(finding.object()) ? "" : finding.place() + ": ") + finding.what());
            if (explained.add(finding.rule())) {
                out.println("      What it may mean: " + finding.rule().meaning());
            }
        }
        if (count > findings.size()) {
            out.println("  and " + plural(count - findings.size(), "more " + word));
        }
    }

    @Override
    public void end(int rooms, LogCounts counts, long findings) {
        out.println();
        out.println("In all " + plural(rooms, "room") + ", " + plural(counts.epochs(), "epoch") + ", "
                + plural(counts.segments(), "segment") + ", " + plural(counts.ticks(), "tick") + ", "
                + plural(counts.framesPlayed(), "frame") + " played, " + counts.framesLost() + " lost, "
                + notPlayed(counts) + " not played" + dispositions(counts) + ".");
        out.println("Consistent means: numbering, hash chain and order are whole. It cannot tell whether the log is"
                + " complete: an end that was cut off, or a room that is missing whole, leaves no trace.");
        out.println(findings == 0 ? "consistent" : "NOT consistent: " + plural(findings, "finding"));
        out.flush();
    }

    private static long notPlayed(LogCounts counts) {
        return counts.framesNotPlayed().values().stream()
                .mapToLong(Long::longValue)
                .sum();
    }

    private static String dispositions(LogCounts counts) {
        return counts.framesNotPlayed().isEmpty()
                ? ""
                : counts.framesNotPlayed().entrySet().stream()
                        .map(entry ->
                                entry.getValue() + " " + entry.getKey().name().toLowerCase(Locale.ROOT))
                        .collect(Collectors.joining(", ", " (", ")"));
    }

    private static String time(long ms) {
        return TIME.format(Instant.ofEpochMilli(ms));
    }

    private static String plural(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }
}
