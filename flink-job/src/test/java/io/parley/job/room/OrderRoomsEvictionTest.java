package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rooms in which nothing happens. */
class OrderRoomsEvictionTest {

    private static final int EVICT_MS = 1_000;
    private static final int HOLD_MS = 9_000;
    /** With a hold that is longer than a room may be idle on the heap. */
    private static final RoomOptions OPTIONS = RoomOptions.of(Map.of(
            RoomOptions.MIN_HOLD.key(),
            String.valueOf(HOLD_MS),
            RoomOptions.MAX_HOLD.key(),
            String.valueOf(HOLD_MS),
            RoomOptions.PLAYOUT_DEADLINE.key(),
            "20000",
            RoomOptions.SPEAKER_TIMEOUT.key(),
            "30000"));

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness(OPTIONS, EVICT_MS);

    @ParameterizedTest
    @EnumSource(Backend.class)
    void opensNoEpochTwiceInOneRunThoughARoomWasEvicted(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        job.advanceTo(START + EVICT_MS);
        subtask.snapshot();
        assertThat(subtask.operator.hotRooms()).isZero();
        subtask.process(Records.audio("room", "ann", 0, START + EVICT_MS));

        assertThat(subtask.outputs().events(Event.Kind.OPENED)).hasSize(1);
        subtask.outputs().assertChained();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void givesUpTheGapOfARoomThatWasEvicted(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.audio("room", "ann", 0, START));
        subtask.process(Records.audio("room", "ann", 2, START));
        job.advanceTo(START + EVICT_MS);
        subtask.snapshot();
        assertThat(subtask.operator.hotRooms()).isZero();
        job.advanceTo(START + HOLD_MS - 1);
        assertThat(subtask.outputs().heard()).containsExactly(0);
        job.advanceTo(START + HOLD_MS + 1);

        assertThat(subtask.outputs().heard()).containsExactly(0, 2);
        assertThat(subtask.outputs().events(Event.Kind.LOST)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void fillsTheGapOfARoomThatWasEvicted(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.audio("room", "ann", 0, START));
        subtask.process(Records.audio("room", "ann", 2, START));
        job.advanceTo(START + EVICT_MS);
        subtask.snapshot();
        subtask.process(Records.audio("room", "ann", 1, START + EVICT_MS));
        job.advanceTo(START + 2 * EVICT_MS);

        assertThat(subtask.outputs().heard()).containsExactly(0, 1, 2);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void endsTheSpeechAndTheMembershipOfARoomThatWasEvicted(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START, START + 40_000));
        subtask.process(Records.audio("room", "ann", 0, START));
        for (long now = START + 2_000; now < START + 60_000; now += 2_000) {
            job.advanceTo(now);
            subtask.snapshot();
            // It is read again for what it wants to do at 30 and at 40 s, and leaves the heap after each.
            boolean wakes = now == START + 30_000 || now == START + 40_000;
            assertThat(subtask.operator.hotRooms()).as("at %d ms", now - START).isEqualTo(wakes ? 1 : 0);
        }

        assertThat(subtask.outputs().tickWith(Event.Kind.STOPPED).getCloseTimeMs())
                .isBetween(START + 30_000, START + 30_001);
        assertThat(subtask.outputs().tickWith(Event.Kind.LEFT).getCloseTimeMs())
                .isBetween(START + 40_000, START + 40_001);
        subtask.assertOnlyTombstonesOf(List.of("room"));
        subtask.outputs().assertChained();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void doesNothingForAThousandIdleRooms(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        for (int i = 0; i < 1_000; i++) {
            subtask.process(Records.join("room-" + i, "ann", 1, START));
        }
        job.advanceTo(START + 500);
        subtask.snapshot();
        assertThat(subtask.operator.roomsWritten()).isEqualTo(1_000);
        assertThat(subtask.operator.hotRooms()).isEqualTo(1_000);
        int outputs = subtask.outputs().list().size();
        long wakes = subtask.operator.wakes();
        job.advanceTo(START + EVICT_MS);
        subtask.snapshot();

        assertThat(subtask.operator.roomsWritten()).isZero();
        assertThat(subtask.operator.hotRooms()).isZero();
        assertThat(subtask.operator.waitingRooms()).isZero();
        job.advanceTo(START + 60 * 60_000);
        subtask.snapshot();

        assertThat(subtask.operator.roomsWritten()).isZero();
        assertThat(subtask.operator.wakes()).isEqualTo(wakes);
        assertThat(subtask.outputs().list()).hasSize(outputs);
        assertThat(subtask.operator.hotRooms()).isZero();
        assertThat(subtask.timers()).isEqualTo(1_000);
    }
}
