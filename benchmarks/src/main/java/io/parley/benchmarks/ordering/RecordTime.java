package io.parley.benchmarks.ordering;

import java.util.Comparator;
import java.util.PriorityQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Delayed;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.util.clock.Clock;

/**
 * Processing time that follows the records: an operator with this clock and these timers does in a fast replay what
 * it would have done at the time, each timer at its own moment between two records. Runs on the task's thread.
 */
final class RecordTime implements ProcessingTimeService {

    private final PriorityQueue<Timer> timers = new PriorityQueue<>(Comparator.comparingLong(timer -> timer.timeMs));
    private long nowUs;

    RecordTime(long startUs) {
        nowUs = startUs;
    }

    long nowUs() {
        return nowUs;
    }

    /** Moves the time on and runs what becomes due on the way. */
    void advanceTo(long us) throws Exception {
        Timer next = timers.peek();
        while (next != null && next.timeMs * 1000 <= us) {
            timers.poll();
            if (!next.isCancelled()) {
                nowUs = Math.max(nowUs, next.timeMs * 1000);
                next.done = true;
                next.callback.onProcessingTime(next.timeMs);
            }
            next = timers.peek();
        }
        nowUs = Math.max(nowUs, us);
    }

    @Override
    public Clock getClock() {
        return new Clock() {
            @Override
            public long absoluteTimeMillis() {
                return nowUs / 1000;
            }

            @Override
            public long relativeTimeMillis() {
                return nowUs / 1000;
            }

            @Override
            public long relativeTimeNanos() {
                return nowUs * 1000;
            }
        };
    }

    @Override
    public long getCurrentProcessingTime() {
        return nowUs / 1000;
    }

    @Override
    public ScheduledFuture<?> registerTimer(long timeMs, ProcessingTimeCallback callback) {
        Timer timer = new Timer(timeMs, callback);
        timers.add(timer);
        return timer;
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(ProcessingTimeCallback callback, long delayMs, long periodMs) {
        throw new UnsupportedOperationException("rooms have one-shot timers only");
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(ProcessingTimeCallback callback, long delayMs, long periodMs) {
        throw new UnsupportedOperationException("rooms have one-shot timers only");
    }

    @Override
    public CompletableFuture<Void> quiesce() {
        return CompletableFuture.completedFuture(null);
    }

    /** As cheap to cancel as Flink's own; nobody waits for its result. */
    private static final class Timer implements ScheduledFuture<Void> {

        private final long timeMs;
        private final ProcessingTimeCallback callback;
        private boolean done;
        private boolean cancelled;

        Timer(long timeMs, ProcessingTimeCallback callback) {
            this.timeMs = timeMs;
            this.callback = callback;
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            if (done) {
                return false;
            }
            done = true;
            cancelled = true;
            return true;
        }

        @Override
        public boolean isCancelled() {
            return cancelled;
        }

        @Override
        public boolean isDone() {
            return done;
        }

        @Override
        public Void get() {
            throw new UnsupportedOperationException("timers have no result");
        }

        @Override
        public Void get(long timeout, TimeUnit unit) {
            return get();
        }

        @Override
        public long getDelay(TimeUnit unit) {
            throw new UnsupportedOperationException("timers have a time");
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(timeMs, ((Timer) other).timeMs);
        }
    }
}
