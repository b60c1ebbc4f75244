package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
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
}
