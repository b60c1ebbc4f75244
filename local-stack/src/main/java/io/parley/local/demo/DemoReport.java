package io.parley.local.demo;

import java.io.PrintStream;
import java.util.List;

/** Prints what became of the demo's frames. */
final class DemoReport {

    private DemoReport() {}

    static void print(PrintStream out, FrameLedger ledger, List<String> listeners, HopTable hops, Counts counts) {
        out.printf(
                "%-12s %8s %10s %9s %6s %6s %11s %8s%n",
                "listener", "sent", "delivered", "in order", "late", "lost", "duplicated", "altered");
        for (String listener : listeners) {
            FrameLedger.Account account = ledger.account(listener);
            out.printf(
                    "%-12s %8d %10d %9d %6d %6d %11d %8d%n",
                    listener,
                    ledger.sentCount(),
                    account.delivered(),
                    account.inOrder(),
                    counts.late(),
                    ledger.sentCount() - account.delivered(),
                    account.duplicated(),
                    account.altered());
        }
        out.println();
        out.printf(
                "%d ticks, %s; hash chain %s%n%n",
                counts.ticks(),
                counts.sameTicks() ? "the same for both listeners" : "NOT THE SAME FOR BOTH LISTENERS",
                counts.chainBreaks() == 0 ? "unbroken" : "BROKEN " + counts.chainBreaks() + " TIMES");
        hops.print(out);
    }

    /**
     * @param late chunks that the job reported as late or stale
     * @param sameTicks whether all listeners received the same ticks with the same hashes
     */
    record Counts(long ticks, boolean sameTicks, long chainBreaks, long late) {}
}
