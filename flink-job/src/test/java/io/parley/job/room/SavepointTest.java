package io.parley.job.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The ordering operator goes on from the savepoint that its first version wrote, at that savepoint's time. */
class SavepointTest {

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    private SavepointRooms before;

    @ParameterizedTest
    @EnumSource(Backend.class)
    void fillsTheGapAndKnowsTheMembers(Backend backend) throws Exception {
        Subtask subtask = restore(backend);
        for (StreamRecord record : before.recordsAfter(job.nowMs())) {
            subtask.process(record);
        }
        job.advanceTo(job.nowMs() + 100);

        before.assertGapIsFilled(subtask.outputs().room("gap"));
        before.assertMembersAreKnown(subtask.outputs().room("members"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void playsWhatWaitedWithoutANumberAndKnowsItAgain(Backend backend) throws Exception {
        Subtask subtask = restore(backend);
        StreamRecord waited =
                SavepointRooms.recordsThatWait(before.waitingSinceMs()).get(1);
        subtask.process(waited);
        subtask.process(Records.unnumbered("unnumbered", "eve", 2, job.nowMs()));
        job.advanceTo(job.nowMs() + 1_000);

        Outputs outputs = subtask.outputs().room("unnumbered");
        assertThat(outputs.payloads()).containsExactly(Records.payload(1), Records.payload(2));
        assertThat(outputs.heard()).containsExactly(1, 2);
        assertThat(outputs.putAside(LogFrame.Disposition.DUPLICATE)).hasSize(1);
        outputs.assertChainedAfter(before.lastTick("unnumbered"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void namesTheTombstoneOfARoomThatHadEnded(Backend backend) throws Exception {
        Subtask subtask = restore(backend);
        subtask.process(Records.join("ended", "ann", 3, job.nowMs()));

        subtask.outputs().room("ended").assertChainedAfter(before.lastTick("ended"));
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void wakesARoomInWhichNothingHappensWhenItsMemberExpires(Backend backend) throws Exception {
        Subtask subtask = restore(backend);
        job.advanceTo(before.waitingSinceMs() + 2 * 3_600_000);

        Outputs outputs = subtask.outputs().room("expiring");
        Tick left = outputs.tickWith(Event.Kind.LEFT);
        assertThat(left.getCloseTimeMs())
                .isBetween(before.waitingSinceMs() + 3_500_000, before.waitingSinceMs() + 3_600_000);
        assertThat(outputs.events(Event.Kind.CLOSED)).hasSize(1);
        outputs.assertChainedAfter(before.lastTick("expiring"));
    }

    private Subtask restore(Backend backend) throws Exception {
        before = SavepointRooms.read();
        job.pauseUntil(before.waitingSinceMs() + 300);
        return job.rescale(backend, SavepointRooms.operatorState(), SavepointRooms.PARALLELISM, 1, 0);
    }
}
