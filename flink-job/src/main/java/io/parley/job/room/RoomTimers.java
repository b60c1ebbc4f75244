package io.parley.job.room;

import java.util.Arrays;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.api.common.operators.ProcessingTimeService.ProcessingTimeCallback;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;

/**
 * When which room on the heap wants to be woken: a queue on the heap, and one timer of Flink's for its head. A timer
 * in keyed state for each would cost two accesses of RocksDB a tick. Runs on the task's thread, as its callback does.
 *
 * <p>The queue is a binary heap in which a room knows its place: so it holds each room once, and a room that has closed
 * not at all, though it had asked to be woken hours later.
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

    private HotRoom[] queue = new HotRoom[64];
    private int size;

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
        if (room.wakePlace < 0) {
            if (size == queue.length) {
                queue = Arrays.copyOf(queue, 2 * size);
            }
            room.wakePlace = size++;
        }
        up(room, room.wakePlace);
        if (dueMs < registeredMs) {
            register(dueMs);
        }
    }

    /** The room is not woken any more. */
    void forget(HotRoom room) {
        int place = room.wakePlace;
        if (place < 0) {
            return;
        }
        room.wakePlace = -1;
        room.wakeMs = HotRoom.NONE;
        HotRoom last = queue[--size];
        queue[size] = null;
        if (last != room) {
            down(last, place);
            up(last, last.wakePlace);
        }
    }

    /** How many rooms will be woken. */
    int size() {
        return size;
    }

    void close() {
        if (registered != null) {
            registered.cancel(false);
        }
    }

    private void onTime(long timestampMs) throws Exception {
        registeredMs = NONE;
        while (size > 0 && queue[0].wakeMs <= timestampMs) {
            HotRoom room = queue[0];
            long dueMs = room.wakeMs;
            forget(room);
            wake.wake(room, dueMs);
        }
        if (size > 0 && queue[0].wakeMs < registeredMs) {
            register(queue[0].wakeMs);
        }
    }

    private void register(long dueMs) {
        if (registered != null) {
            registered.cancel(false);
        }
        registeredMs = dueMs;
        registered = service.registerTimer(dueMs, callback);
    }

    /** Puts the room at that place, or at one nearer to the head. */
    private void up(HotRoom room, int from) {
        int place = from;
        while (place > 0) {
            int parent = (place - 1) >>> 1;
            if (queue[parent].wakeMs <= room.wakeMs) {
                break;
            }
            put(queue[parent], place);
            place = parent;
        }
        put(room, place);
    }

    /** Puts the room at that place, or at one further from the head. */
    private void down(HotRoom room, int from) {
        int place = from;
        while (2 * place + 1 < size) {
            int child = 2 * place + 1;
            if (child + 1 < size && queue[child + 1].wakeMs < queue[child].wakeMs) {
                child++;
            }
            if (queue[child].wakeMs >= room.wakeMs) {
                break;
            }
            put(queue[child], place);
            place = child;
        }
        put(room, place);
    }

    private void put(HotRoom room, int place) {
        queue[place] = room;
        room.wakePlace = place;
    }
}
