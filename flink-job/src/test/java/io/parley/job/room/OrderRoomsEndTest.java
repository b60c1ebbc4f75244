package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.EVICT_MS;
import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.wire.Event;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.Tick;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a room leaves behind when it ends. */
class OrderRoomsEndTest {

    private static final int STEP_MS = 50;
    private static final List<String> ROOMS =
            IntStream.range(0, 12).mapToObj(i -> "room-" + i).collect(Collectors.toList());

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    @ParameterizedTest
    @EnumSource(Backend.class)
    void leavesOnlyATombstoneThatTheNextEpochNames(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        subtask.process(Records.audio("room", "ann", 0, START));
        job.advanceTo(START + 1_000);
        subtask.snapshot();
        subtask.process(Records.leave("room", "ann", 2, START + 1_000));
        job.advanceTo(START + 10_000);

        assertThat(subtask.outputs().events(Event.Kind.CLOSED)).hasSize(1);
        subtask.assertOnlyTombstonesOf(List.of("room"));

        Tick last = subtask.outputs().last();
        subtask.process(Records.join("room", "ann", 3, START + 10_000));
        Event opened = subtask.outputs().events(Event.Kind.OPENED).get(1);
        assertThat(opened.getTombstoneEpoch()).isEqualTo(last.getEpoch());
        assertThat(opened.getTombstoneTick()).isEqualTo(last.getTick());
        assertThat(opened.getTombstoneHash()).isEqualTo(last.getHash());
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void takesBackTheTimerThatStoodForAMembershipOfHours(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        job.advanceTo(START + 1_000);
        subtask.snapshot();
        assertThat(subtask.timers()).isEqualTo(1);
        subtask.process(Records.leave("room", "ann", 2, START + 1_000));
        job.advanceTo(START + 10_000);

        subtask.assertOnlyTombstonesOf(List.of("room"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void leavesNothingElseOfManyRoomsInWhateverPhaseASnapshotMetThem(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        for (int step = 0; step < 36; step++) {
            step(subtask, step);
            subtask.snapshot();
        }
        job.advanceTo(job.nowMs() + 10_000);

        subtask.assertOnlyTombstonesOf(ROOMS);
        assertEachClosedOnceAndChained(subtask.outputs());
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void leavesNothingElseOfManyRoomsInWhateverPhaseARestoreMetThem(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        List<RoomOutput> all = new ArrayList<>();
        for (int step = 0; step < 36; step++) {
            step(subtask, step);
            if (step % 9 == 8) {
                all.addAll(subtask.outputs().list());
                OperatorSubtaskState state = subtask.stop();
                job.pauseUntil(job.nowMs() + 20);
                subtask = job.restart(backend, state);
            }
        }
        job.advanceTo(job.nowMs() + 20_000);
        all.addAll(subtask.outputs().list());

        subtask.assertOnlyTombstonesOf(ROOMS);
        assertEachClosedOnceAndChained(new Outputs(all));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void closesARoomWhoseMemberNeverLeavesOnceTheMembershipHasExpired(Backend backend) throws Exception {
        long expiry = START + 20_000;
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START, expiry));
        job.advanceTo(expiry - 1);
        assertThat(subtask.outputs().events(Event.Kind.LEFT)).isEmpty();
        job.advanceTo(expiry + 200);

        assertThat(subtask.outputs().events(Event.Kind.LEFT))
                .singleElement()
                .satisfies(left -> assertThat(left.getText()).isEqualTo("expired"));
        assertThat(subtask.outputs().events(Event.Kind.CLOSED)).hasSize(1);
        subtask.assertOnlyTombstonesOf(List.of("room"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void closesARoomThatWasEvictedAndWhoseJoinDidNotSayWhenItExpires(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        job.advanceTo(START + EVICT_MS);
        subtask.snapshot();
        assertThat(subtask.operator.hotRooms()).isZero();
        job.advanceTo(START + Duration.ofHours(3).toMillis());

        assertThat(subtask.outputs().events(Event.Kind.CLOSED)).hasSize(1);
        subtask.assertOnlyTombstonesOf(List.of("room"));
        subtask.outputs().assertChained();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void forgetsTheTombstoneAfterThirtyDays(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        subtask.process(Records.leave("room", "ann", 2, START));
        job.advanceTo(START + 10_000);
        assertThat(subtask.keys("tombstone")).containsExactly("room");
        long later = START + OrderRoomsOperator.TOMBSTONE_LIFE.toMillis() + 10_000;
        job.jumpTo(later);
        subtask.process(Records.join("room", "ann", 3, later));

        Event opened = subtask.outputs().events(Event.Kind.OPENED).get(1);
        assertThat(opened.getTombstoneHash()).isEqualTo(ByteString.EMPTY);
    }

    /** Each room begins a step after the one before it, so that at each step they are in all phases. */
    private void step(Subtask subtask, int step) throws Exception {
        long now = START + (long) step * STEP_MS;
        if (job.nowMs() < now) {
            job.advanceTo(now);
        }
        now = job.nowMs();
        for (int i = 0; i < ROOMS.size(); i++) {
            phase(subtask, ROOMS.get(i), step - i, now);
        }
    }

    private static void phase(Subtask subtask, String room, int phase, long now) throws Exception {
        if (phase == 0) {
            subtask.process(Records.join(room, "ann", 1, now));
            subtask.process(Records.join(room, "bob", 2, now));
        } else if (phase > 0 && phase < 20) {
            // Ann's frame 3 comes late for some rooms and never for others, Bob's come in pairs the wrong way round.
            if (phase != 3) {
                subtask.process(Records.audio(room, "ann", phase, now));
            }
            if (phase == 5 && room.endsWith("2")) {
                subtask.process(Records.audio(room, "ann", 3, now));
            }
            subtask.process(Records.audio(room, "bob", phase ^ 1, now));
        } else if (phase == 20) {
            subtask.process(Records.leave(room, "ann", 3, now));
        } else if (phase == 22) {
            subtask.process(Records.leave(room, "bob", 4, now));
        }
    }

    private static void assertEachClosedOnceAndChained(Outputs all) {
        for (String room : ROOMS) {
            Outputs ofRoom = all.room(room);
            assertThat(ofRoom.events(Event.Kind.CLOSED)).as(room).hasSize(1);
            assertThat(ofRoom.last().getEventsList())
                    .as(room)
                    .last()
                    .extracting(Event::getKind)
                    .isEqualTo(Event.Kind.CLOSED);
            ofRoom.assertChained();
        }
    }
}
