package io.parley.local.gateway;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Clock and scheduler in one, that stand still until told to pass. */
final class ManualTime extends Clock implements Scheduler {

    private record Entry(long atMs, Runnable action) {}

    private final List<Entry> entries = new ArrayList<>();
    private long nowMs = Instant.parse("2026-11-23T12:00:00Z").toEpochMilli();

    @Override
    public synchronized long millis() {
        return nowMs;
    }

    @Override
    public synchronized Timer after(long delayMs, Runnable action) {
        Entry entry = new Entry(nowMs + delayMs, action);
        entries.add(entry);
        return () -> {
            synchronized (this) {
                entries.remove(entry);
            }
        };
    }

    /** Lets the time pass and runs what is due, in its order, on the calling thread. */
    void pass(Duration duration) {
        long end;
        synchronized (this) {
            end = nowMs + duration.toMillis();
        }
        while (true) {
            Entry next;
            synchronized (this) {
                next = entries.stream()
                        .filter(entry -> entry.atMs <= end)
                        .min(Comparator.comparingLong(Entry::atMs))
                        .orElse(null);
                if (next == null) {
                    nowMs = end;
                    return;
                }
                entries.remove(next);
                nowMs = Math.max(nowMs, next.atMs);
            }
            next.action.run();
        }
    }

    synchronized int waiting() {
        return entries.size();
    }

    @Override
    public Instant instant() {
        return Instant.ofEpochMilli(millis());
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
