package io.parley.job.room;

import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.runtime.state.heap.HeapPriorityQueue;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * When which room on the heap wants to be woken: a queue on the heap, and one timer of Flink's for its head. A timer
 * in keyed state for each would cost two accesses of RocksDB a tick. Runs on the task's thread, as its callback does.
 *
 * <p>The queue is the one that Flink keeps timers in, where an element knows its place: so it holds each room once, and a
 * room that has closed not at all, though it had asked to be woken hours later.
 */
final class RoomTimers {

    /** What is done with a room whose time has come. */
    interface Wake {
        void wake(HotRoom room, long dueMs) throws Exception;
    }

    private final ProcessingTimeService service;
    private final Wake wake;
    private final ProcessingTimeCallback callback = this::onTime;

    /** The rooms whose {@link HotRoom#wakeMs} is not {@link HotRoom#NONE}. */
    private final HeapPriorityQueue<HotRoom> queue =
            new HeapPriorityQueue<>((a, b) -> Long.compare(a.wakeMs, b.wakeMs), 64);

    private long registeredMs = HotRoom.NONE;
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
        boolean queued = room.wakeMs != HotRoom.NONE;
        room.wakeMs = dueMs;
        if (queued) {
            queue.adjustModifiedElement(room);
        } else {
            queue.add(room);
        }
        if (dueMs < registeredMs) {
            register(dueMs);
        }
    }

    /** The room is not woken any more. */
    void forget(HotRoom room) {
        if (room.wakeMs != HotRoom.NONE) {
            queue.remove(room);
            room.wakeMs = HotRoom.NONE;
        }
    }

    /** How many rooms will be woken. */
    int size() {
        return queue.size();
    }

    void close() {
        if (registered != null) {
            registered.cancel(false);
        }
    }

    private void onTime(long timestampMs) throws Exception {
        // Until all are woken registeredMs stays as it is, so that no room has a timer registered for itself.
        while (!queue.isEmpty() && queue.peek().wakeMs <= timestampMs) {
            HotRoom room = queue.poll();
            long dueMs = room.wakeMs;
            room.wakeMs = HotRoom.NONE;
            wake.wake(room, dueMs);
        }
        registeredMs = HotRoom.NONE;
        if (!queue.isEmpty()) {
            register(queue.peek().wakeMs);
        }
    }

    private void register(long dueMs) {
        if (registered != null) {
            registered.cancel(false);
        }
        registeredMs = dueMs;
        registered = service.registerTimer(dueMs, callback);
    }
}
