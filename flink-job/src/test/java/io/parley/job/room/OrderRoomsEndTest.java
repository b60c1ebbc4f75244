package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.wire.Event;
import io.parley.core.wire.Tick;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a room leaves behind when it ends. */
class OrderRoomsEndTest {

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    @ParameterizedTest
    @EnumSource(Backend.class)
    void leavesOnlyATombstoneWhenTheLastMemberHasLeft(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        subtask.process(Records.audio("room", "ann", 0, START));
        job.advanceTo(START + 1_000);
        subtask.snapshot();
        subtask.process(Records.leave("room", "ann", 2, START + 1_000));
        job.advanceTo(START + 10_000);

        assertThat(subtask.outputs().events(Event.Kind.CLOSED)).hasSize(1);
        assertThat(subtask.timers()).isZero();
        assertThat(subtask.keys("room")).isEmpty();
        assertThat(subtask.keys("tombstone")).containsExactly("room");

        Tick last = subtask.outputs().last();
        subtask.process(Records.audio("room", "ann", 1, START + 10_000));
        Event opened = subtask.outputs().events(Event.Kind.OPENED).get(1);
        assertThat(opened.getTombstoneEpoch()).isEqualTo(last.getEpoch());
        assertThat(opened.getTombstoneTick()).isEqualTo(last.getTick());
        assertThat(opened.getTombstoneHash()).isEqualTo(last.getHash());
    }
}
