package io.parley.local.demo;

import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One line that shows what goes on: on a terminal written over and over, elsewhere a new line every few seconds. Not
 * safe for threads but for {@link #level}.
 */
public final class LiveView {

    private static final String BARS = " ▁▂▃▄▅▆▇█";
    private static final long LINE_EVERY_MS = 3_000;

    private final PrintStream out;
    private final boolean terminal;
    private final Map<String, Integer> levels = new LinkedHashMap<>();
    private long lastLineMs = Long.MIN_VALUE / 2;

    public LiveView(PrintStream out) {
        this.out = out;
        this.terminal = System.console() != null;
    }

    /** A speaker's level in -dBov as a listener hears it now; 127 is silence. */
    synchronized void level(String speaker, int level) {
        levels.put(speaker, level);
    }

    public void show(String text, long nowMs) {
        String line = meters() + text;
        if (terminal) {
            out.print("\r\033[K" + line);
            out.flush();
        } else if (nowMs - lastLineMs >= LINE_EVERY_MS) {
            lastLineMs = nowMs;
            out.println(line);
        }
    }

    /** Ends the line, so that what comes next stands below it. */
    public void end() {
        if (terminal) {
            out.println();
        }
    }

    private synchronized String meters() {
        StringBuilder text = new StringBuilder();
        levels.forEach((speaker, level) -> {
            // -60 dBov and below shows nothing, -12 and above a full bar.
            int bar = Math.max(0, Math.min(BARS.length() - 1, (60 - level) * (BARS.length() - 1) / 48));
            text.append(speaker).append(' ').append(BARS.charAt(bar)).append("  ");
        });
        return text.toString();
    }
}
