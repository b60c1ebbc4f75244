package io.parley.job.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.room.Room;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ScheduledFuture;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.junit.jupiter.api.Test;

class RoomTimersTest {

    private final TestProcessingTimeService service = new TestProcessingTimeService();
    private final List<String> woken = new ArrayList<>();
    private final RoomTimers timers = new RoomTimers(service, (room, dueMs) -> woken.add(room.id + "@" + dueMs));

    @Test
    void wakesRoomsInTheOrderOfTheirTimes() throws Exception {
        timers.schedule(room("b"), 20);
        timers.schedule(room("a"), 10);
        timers.schedule(room("c"), 30);
        service.setCurrentTime(20);
        assertThat(woken).containsExactly("a@10", "b@20");
        service.setCurrentTime(30);
        assertThat(woken).containsExactly("a@10", "b@20", "c@30");
        assertThat(timers.size()).isZero();
    }

    @Test
    void wakesARoomOnceAtTheEarliestTimeThatItWanted() throws Exception {
        HotRoom room = room("a");
        timers.schedule(room, 30);
        timers.schedule(room, 10);
        timers.schedule(room, 20);
        service.setCurrentTime(100);
        assertThat(woken).containsExactly("a@10");
    }

    @Test
    void keepsOneEntryForARoomHoweverOftenItsTimeChanges() throws Exception {
        HotRoom room = room("a");
        for (int i = 0; i < 1_000; i++) {
            timers.schedule(room, 1_000_000);
            timers.schedule(room, i + 1);
            assertThat(timers.size()).isEqualTo(1);
            service.setCurrentTime(i + 1);
            assertThat(timers.size()).isZero();
        }
    }

    @Test
    void keepsNothingOfARoomThatItWasToForget() throws Exception {
        HotRoom gone = room("gone");
        timers.schedule(gone, 1_000_000);
        timers.schedule(room("a"), 10);
        timers.forget(gone);
        timers.forget(gone);
        assertThat(timers.size()).isEqualTo(1);
        service.setCurrentTime(2_000_000);
        assertThat(woken).containsExactly("a@10");
        assertThat(gone.wakeMs).isEqualTo(HotRoom.NONE);
    }

    @Test
    void hasOneTimerOfFlinkForAllRooms() {
        for (int i = 0; i < 100; i++) {
            timers.schedule(room("room-" + i), 1_000 - i);
        }
        assertThat(service.getNumActiveTimers()).isEqualTo(1);
    }

    @Test
    void asksFlinkForOneTimerEachTimeThatItWakesRooms() throws Exception {
        List<Long> asked = new ArrayList<>();
        TestProcessingTimeService counting = new TestProcessingTimeService() {
            @Override
            public ScheduledFuture<?> registerTimer(long timestampMs, ProcessingTimeCallback callback) {
                asked.add(timestampMs);
                return super.registerTimer(timestampMs, callback);
            }
        };
        RoomTimers[] repeating = new RoomTimers[1];
        repeating[0] = new RoomTimers(counting, (room, dueMs) -> repeating[0].schedule(room, dueMs + 100));
        repeating[0].schedule(room("a"), 10);
        repeating[0].schedule(room("b"), 10);
        repeating[0].schedule(room("c"), 20);
        counting.setCurrentTime(10);
        counting.setCurrentTime(20);
        counting.setCurrentTime(110);
        assertThat(asked).containsExactly(10L, 20L, 110L, 120L);
    }

    @Test
    void wakesWhomItShouldWhateverWasScheduledAndForgotten() throws Exception {
        long seed = 20261125;
        Random random = new Random(seed);
        Map<HotRoom, Long> expected = new HashMap<>();
        List<HotRoom> rooms = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            rooms.add(room("room-" + i));
        }
        for (long now = 1; now < 5_000; now++) {
            HotRoom room = rooms.get(random.nextInt(rooms.size()));
            if (random.nextInt(4) == 0) {
                timers.forget(room);
                expected.remove(room);
            } else {
                long due = now + 1 + random.nextInt(200);
                timers.schedule(room, due);
                expected.merge(room, due, Math::min);
            }
            service.setCurrentTime(now);
            List<String> due = new ArrayList<>();
            for (HotRoom one : rooms) {
                if (expected.getOrDefault(one, Long.MAX_VALUE) <= now) {
                    due.add(one.id + "@" + expected.remove(one));
                }
            }
            assertThat(woken).as("seed %d, at %d", seed, now).containsExactlyInAnyOrderElementsOf(due);
            assertThat(timers.size()).isEqualTo(expected.size());
            woken.clear();
        }
    }

    private static HotRoom room(String id) {
        return new HotRoom(id, Room.open(id, RoomOptions.defaults(), null, 0), false, 0);
    }
}
