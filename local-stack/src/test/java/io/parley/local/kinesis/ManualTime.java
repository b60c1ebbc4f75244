package io.parley.local.kinesis;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Comparator;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that a test moves, and the timers that hang on it. They run on the thread that moves it. */
final class ManualTime extends Clock implements Timers {

    private record Due(long atMs, Runnable task) {}

    private final AtomicLong nowMs =
            new AtomicLong(Instant.parse("2026-11-23T10:00:00Z").toEpochMilli());
    private final CopyOnWriteArrayList<Due> timers = new CopyOnWriteArrayList<>();

    @Override
    public Runnable after(Duration delay, Runnable task) {
        Due due = new Due(millis() + delay.toMillis(), task);
        timers.add(due);
        return () -> timers.remove(due);
    }

    void advance(Duration step) {
        long end = nowMs.get() + step.toMillis();
        Optional<Due> next = next(end);
        while (next.isPresent()) {
            timers.remove(next.get());
            nowMs.set(Math.max(nowMs.get(), next.get().atMs()));
            next.get().task().run();
            next = next(end);
        }
        nowMs.set(end);
    }

    /** Waits until some timer is due within that time, since another thread may be about to set it, and moves there. */
    void advanceToTimer(Duration within) {
        Optional<Due> next = next(millis() + within.toMillis());
        while (next.isEmpty()) {
            if (Thread.interrupted()) {
                throw new AssertionError("the test's time was over before a timer was due within " + within);
            }
            Thread.onSpinWait();
            next = next(millis() + within.toMillis());
        }
        advance(Duration.ofMillis(next.get().atMs() - millis()));
    }

    private Optional<Due> next(long endMs) {
        return timers.stream().filter(due -> due.atMs() <= endMs).min(Comparator.comparingLong(Due::atMs));
    }

    @Override
    public long millis() {
        return nowMs.get();
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
        return this;
    }
}
