package io.parley.job.room;

import java.util.PriorityQueue;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * When which room on the heap wants to be woken: a queue on the heap, and one timer of Flink's for its head. A timer
 * in keyed state for each would cost two accesses of RocksDB a tick. Runs on the task's thread, as its callback does.
 */
final class RoomTimers {

    /** What is done with a room whose time has come. */
    interface Wake {
        void wake(HotRoom room, long dueMs) throws Exception;
    }

    private static final long NONE = Long.MAX_VALUE;

    private final ProcessingTimeService service;
    private final Wake wake;
    private final ProcessingTimeCallback callback = this::onTime;
    private final PriorityQueue<Entry> queue = new PriorityQueue<>();

    private long registeredMs = NONE;
    private ScheduledFuture<?> registered;

    RoomTimers(ProcessingTimeService service, Wake wake) {
        this.service = service;
        this.wake = wake;
    }

    /** The room is woken at that time, or earlier if it was to be. */
    void schedule(HotRoom room, long dueMs) {
        if (dueMs >= room.wakeMs) {
            return; // that one will look again
        }
        room.wakeMs = dueMs;
        queue.add(new Entry(dueMs, room));
        if (dueMs < registeredMs) {
            register(dueMs);
        }
    }

    /** The room is not woken any more. */
    void forget(HotRoom room) {
        room.wakeMs = NONE;
    }

    void close() {
        queue.clear();
        if (registered != null) {
            registered.cancel(false);
        }
    }

    private void onTime(long timestampMs) throws Exception {
        registeredMs = NONE;
        while (!queue.isEmpty() && queue.peek().dueMs <= timestampMs) {
            Entry entry = queue.poll();
            if (entry.room.wakeMs == entry.dueMs) {
                entry.room.wakeMs = NONE;
                wake.wake(entry.room, entry.dueMs);
            }
        }
        if (!queue.isEmpty() && queue.peek().dueMs < registeredMs) {
            register(queue.peek().dueMs);
        }
    }

    private void register(long dueMs) {
        if (registered != null) {
            registered.cancel(false);
        }
        registeredMs = dueMs;
        registered = service.registerTimer(dueMs, callback);
    }

    /** Stands for nothing once its room has another time. */
    private static final class Entry implements Comparable<Entry> {
        final long dueMs;
        final HotRoom room;

        Entry(long dueMs, HotRoom room) {
            this.dueMs = dueMs;
            this.room = room;
        }

        @Override
        public int compareTo(Entry other) {
            return Long.compare(dueMs, other.dueMs);
        }
    }
}
