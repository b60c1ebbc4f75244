package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.RoomState;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How rooms go on after a restore. */
class OrderRoomsRestoreTest {

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    @ParameterizedTest
    @EnumSource(Backend.class)
    void opensANewEpochThatNamesTheLastTickBeforeTheSnapshot(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.join("room", "ann", 1, START));
        for (int position = 0; position < 4; position++) {
            before.process(Records.audio("room", "ann", position, START));
        }
        job.advanceTo(START + 100);
        // Held behind a gap, so that frames are in the state too.
        before.process(Records.audio("room", "ann", 5, START + 100));
        Outputs earlier = before.outputs();
        OperatorSubtaskState state = before.stop();

        Subtask after = job.restart(backend, state);
        job.advanceTo(START + 500);
        after.process(Records.audio("room", "ann", 4, START + 400));
        job.advanceTo(START + 700);

        earlier.assertChained();
        after.outputs().assertChainedAfter(earlier.last());
        assertThat(after.outputs().heard()).containsExactly(4, 5);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void wakesNoRoomAfterARestoreBeforeTheSourceHasCaughtUp(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.audio("room", "ann", 0, START));
        before.process(Records.audio("room", "ann", 2, START));
        OperatorSubtaskState state = before.stop();

        job.pauseUntil(START + 30_000);
        Subtask after = job.restart(backend, state);
        job.advanceTo(START + 39_999);
        assertThat(after.outputs().list()).isEmpty();
        job.advanceTo(START + 40_000);
        assertThat(after.outputs().list()).isNotEmpty();
        job.advanceTo(START + 40_000 + RoomOptions.defaults().maxHoldMs());

        assertThat(after.outputs().events(Event.Kind.LOST)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void wakesARoomOnceNoBacklogHasComeForASecond(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.audio("room", "ann", 0, START));
        OperatorSubtaskState state = before.stop();

        job.pauseUntil(START + 30_000);
        Subtask after = job.restart(backend, state);
        job.advanceTo(START + 31_000);
        after.process(Records.join("room", "bob", 2, START + 2_000));
        after.process(Records.join("room", "cid", 3, START + 2_000));
        job.advanceTo(START + 31_999);
        assertThat(after.outputs().list()).hasSize(1);
        job.advanceTo(START + 32_000);

        assertThat(after.outputs().list()).hasSize(2);
        assertThat(after.outputs().posts().get(1).getConnection()).isEqualTo(Records.connection("cid"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void wakesARoomAsUsualOnceItHasCaughtUp(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.audio("room", "ann", 0, START));
        OperatorSubtaskState state = before.stop();

        job.pauseUntil(START + 30_000);
        Subtask after = job.restart(backend, state);
        after.process(Records.join("room", "bob", 2, START + 30_000));
        after.process(Records.join("room", "cid", 3, START + 30_000));
        job.advanceTo(START + 30_100);

        assertThat(after.outputs().list()).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void onlyTakesNoteOfOverdueTimersUntilTheSourceHasCaughtUp(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.join("gap", "ann", 1, START));
        before.process(Records.audio("gap", "ann", 0, START));
        before.process(Records.audio("gap", "ann", 2, START));
        before.process(Records.join("speaking", "ann", 1, START));
        before.process(Records.audio("speaking", "ann", 0, START));
        before.process(Records.join("expiring", "ann", 1, START, START + 20_000));
        before.process(Records.join("deserted", "ann", 1, START));
        before.process(Records.leave("deserted", "ann", 2, START));
        job.advanceTo(START + 150);
        OperatorSubtaskState state = before.stop();

        long restart = START + 60_000;
        job.pauseUntil(restart);
        Subtask after = job.restart(backend, state);
        assertThat(after.timers()).as("timers of the earlier run").isZero();
        assertThat(after.operator.hotRooms()).isEqualTo(4);
        for (long now = restart; now < restart + 10_000; now += 500) {
            job.advanceTo(now);
            after.process(Records.join("busy", "bob-" + now, now, now - 30_000));
        }
        job.advanceTo(restart + 9_999);
        assertThat(after.outputs().list())
                .allSatisfy(output -> assertThat(output.getRoom()).isEqualTo("busy"));

        job.advanceTo(restart + 10_000 + RoomOptions.defaults().maxHoldMs() + 1);
        assertThat(after.outputs().room("gap").events(Event.Kind.LOST)).isNotEmpty();
        assertThat(after.outputs().room("speaking").events(Event.Kind.STOPPED)).hasSize(1);
        assertThat(after.outputs().room("expiring").events(Event.Kind.LEFT)).hasSize(1);
        assertThat(after.outputs().room("deserted").events(Event.Kind.CLOSED)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void givesUpNothingInARoomWhoseBacklogIsStillComing(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.join("room", "cid", 1, START, START + 2_000));
        before.process(Records.audio("room", "ann", 0, START));
        before.process(Records.audio("room", "ann", 2, START));
        job.advanceTo(START + 100);
        OperatorSubtaskState state = before.stop();

        job.pauseUntil(START + 1_500);
        Subtask after = job.restart(backend, state);
        // So old that there is more to come, and just young enough to be heard.
        int lagMs = (int) OrderRoomsOperator.CAUGHT_UP_LAG_MS;
        for (int position = 0; position < 50; position++) {
            job.advanceTo(job.nowMs() + 20);
            after.process(Records.audio("room", "bob", position, job.nowMs() - lagMs));
        }
        assertThat(after.outputs().heard()).isNotEmpty();
        after.process(Records.audio("room", "ann", 1, job.nowMs() - lagMs));
        assertThat(after.outputs().events(Event.Kind.LEFT)).isEmpty();
        job.advanceTo(job.nowMs() + lagMs + 100);

        assertThat(after.outputs().putAside(LogFrame.Disposition.LATE)).isEmpty();
        assertThat(after.outputs().putAside(LogFrame.Disposition.STALE)).contains(2);
        assertThat(after.outputs().events(Event.Kind.LEFT)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void logsWhatIsTooOldToBeHeardAfterAnOutage(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.join("room", "ann", 1, START));
        before.process(Records.audio("room", "ann", 0, START));
        before.process(Records.audio("room", "ann", 2, START));
        job.advanceTo(START + 100);
        Outputs earlier = before.outputs();
        OperatorSubtaskState state = before.stop();

        long restart = START + 5_000;
        job.pauseUntil(restart);
        Subtask after = job.restart(backend, state);
        after.process(Records.audio("room", "ann", 1, START + 20));
        for (int position = 3; position < 10; position++) {
            after.process(Records.audio("room", "ann", position, START + 20 * position));
        }
        for (int position = 10; position < 15; position++) {
            job.advanceTo(job.nowMs() + 20);
            after.process(Records.audio("room", "ann", position, job.nowMs()));
        }
        job.advanceTo(job.nowMs() + 1_000);

        assertThat(earlier.heard()).containsExactly(0);
        assertThat(after.outputs().heard()).containsExactly(10, 11, 12, 13, 14);
        assertThat(after.outputs().putAside(LogFrame.Disposition.STALE))
                .containsExactlyInAnyOrder(1, 2, 3, 4, 5, 6, 7, 8, 9);
        after.outputs().assertChainedAfter(earlier.last());
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void goesBackToTheSnapshotAfterACrashAndNumbersTheReplayAnew(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.join("room", "ann", 1, START));
        before.process(Records.audio("room", "ann", 0, START));
        job.advanceTo(START + 100);
        Outputs earlier = before.outputs();
        OperatorSubtaskState state = before.snapshot();
        for (int position = 1; position < 10; position++) {
            job.advanceTo(START + 100 + 20 * position);
            before.process(Records.audio("room", "ann", position, job.nowMs()));
            before.process(Records.join("new", "bob-" + position, position, job.nowMs()));
        }
        Outputs lost = new Outputs(before.outputs()
                .list()
                .subList(earlier.list().size(), before.outputs().list().size()));
        before.close();

        job.pauseUntil(START + 500);
        Subtask after = job.restart(backend, state);
        for (int position = 1; position < 10; position++) {
            after.process(Records.audio("room", "ann", position, START + 100 + 20 * position));
            after.process(Records.join("new", "bob-" + position, position, START + 100 + 20 * position));
        }
        job.advanceTo(START + 1_000);

        assertThat(after.outputs().room("room").heard()).containsExactly(1, 2, 3, 4, 5, 6, 7, 8, 9);
        after.outputs().room("room").assertChainedAfter(earlier.room("room").last());
        after.outputs().room("new").assertChained();
        for (String room : new String[] {"room", "new"}) {
            assertThat(after.outputs().room(room).ticks().get(0).getEpoch())
                    .as(room)
                    .isGreaterThan(lost.room(room).last().getEpoch());
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void stopsWithAClearMessageWhereTheStateIsOfAFutureVersion(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.put(RoomState.newBuilder().setVersion(1_000).setRoom("room").build());

        assertThatThrownBy(() -> subtask.process(Records.join("room", "ann", 1, START)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("state of room room has version 1000, known is");
        assertThat(subtask.keys("room")).containsExactly("room");
    }
}
