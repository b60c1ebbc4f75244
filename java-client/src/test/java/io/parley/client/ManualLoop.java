package io.parley.client;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;

/** An event loop on the test's thread, whose time passes when the test says so; its clock tells the same time. */
final class ManualLoop extends Clock implements EventLoop {

    private final Deque<Runnable> tasks = new ArrayDeque<>();
    private final List<Due> timers = new ArrayList<>();
    private long nowMs = 1_700_000_000_000L;
    private boolean closed;
    private boolean running;

    private static final class Due {
        final long atMs;
        final Runnable task;

        Due(long atMs, Runnable task) {
            this.atMs = atMs;
            this.task = task;
        }
    }

    @Override
    public boolean execute(Runnable task) {
        if (closed) {
            return false;
        }
        tasks.add(task);
        runAll();
        return true;
    }

    /** Tasks run at once, but never one inside another. */
    private void runAll() {
        if (running) {
            return;
        }
        running = true;
        while (!tasks.isEmpty()) {
            tasks.poll().run();
        }
        running = false;
    }

    @Override
    public Timer schedule(long delayMs, Runnable task) {
        Due due = new Due(nowMs + delayMs, task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    void advanceMs(long ms) {
        long untilMs = nowMs + ms;
        while (true) {
            Due next = timers.stream()
                    .filter(due -> due.atMs <= untilMs)
                    .min(Comparator.comparingLong(due -> due.atMs))
                    .orElse(null);
            if (next == null) {
                break;
            }
            timers.remove(next);
            nowMs = Math.max(nowMs, next.atMs);
            execute(next.task);
        }
        nowMs = untilMs;
    }

    int timers() {
        return timers.size();
    }

    @Override
    public boolean isCurrent() {
        return running;
    }

    @Override
    public void close() {
        closed = true;
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(nowMs);
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
