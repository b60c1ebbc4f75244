package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.EVICT_MS;
import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.wire.Event;
import io.parley.core.wire.StreamRecord;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rooms that throw. */
class OrderRoomsFailureTest {

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    @ParameterizedTest
    @EnumSource(Backend.class)
    void opensANewEpochOfARoomThatFailedBeforeAnyCheckpoint(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.audio("room", "ann", 0, START));
        subtask.process(failing("room", START));
        subtask.process(Records.audio("room", "ann", 2, START));
        job.advanceTo(START + 1_000);

        assertThat(subtask.outputs().events(Event.Kind.OPENED)).hasSize(2);
        assertThat(subtask.outputs().heard()).containsExactly(0, 2);
        subtask.outputs().assertChained();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void namesTheLastTickSentThoughTheRoomIsSetBackToOneBefore(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        subtask.process(Records.audio("room", "ann", 0, START));
        subtask.snapshot();
        for (int position = 1; position < 5; position++) {
            job.advanceTo(START + 100 * position);
            subtask.process(Records.audio("room", "ann", position, job.nowMs()));
        }
        subtask.process(failing("room", job.nowMs()));
        job.advanceTo(START + 500);
        subtask.process(Records.audio("room", "ann", 5, job.nowMs()));
        job.advanceTo(START + 1_000);

        assertThat(subtask.outputs().events(Event.Kind.OPENED)).hasSize(2);
        subtask.outputs().assertChained();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void numbersNoEpochTwiceHoweverOftenARoomFailsInAMillisecond(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        subtask.snapshot();
        job.advanceTo(START + 100);
        for (int i = 0; i < 5; i++) {
            subtask.process(failing("room", START + 100));
            subtask.process(Records.join("room", "bob-" + i, 2 + i, START + 100));
        }

        assertThat(subtask.outputs().events(Event.Kind.OPENED)).hasSize(6);
        subtask.outputs().assertChained();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void keepsWhatTheCheckpointHadOfARoomThatFails(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        subtask.process(Records.audio("room", "ann", 0, START));
        subtask.process(Records.audio("room", "ann", 2, START));
        subtask.snapshot();
        subtask.process(failing("room", START));
        subtask.process(Records.join("room", "bob", 2, START));
        job.advanceTo(START + 1_000);

        assertThat(subtask.outputs().heard()).containsExactly(0, 2);
        assertThat(subtask.outputs().events(Event.Kind.LOST)).hasSize(1);
        assertThat(subtask.outputs().posts())
                .last()
                .satisfies(post -> assertThat(post.getJoined().getMembersList())
                        .extracting(member -> member.getParticipant())
                        .containsExactly("ann", "bob"));
        assertThat(subtask.timers()).isLessThanOrEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void goesOnFromASnapshotTakenAfterARoomHasFailed(Backend backend) throws Exception {
        Subtask before = job.start(backend);
        before.process(Records.join("room", "ann", 1, START));
        before.snapshot();
        before.process(Records.audio("room", "ann", 0, START));
        job.advanceTo(START + 100);
        before.process(failing("room", START + 100));
        before.snapshot();
        before.process(Records.audio("room", "ann", 2, START + 100));
        job.advanceTo(START + 300);
        Outputs earlier = before.outputs();
        OperatorSubtaskState state = before.stop();

        Subtask after = job.restart(backend, state);
        after.process(Records.audio("room", "ann", 3, START + 300));
        job.advanceTo(START + 1_000);

        earlier.assertChained();
        after.outputs().assertChainedAfter(earlier.last());
        assertThat(earlier.events(Event.Kind.OPENED)).hasSize(2);
        assertThat(after.outputs().events(Event.Kind.OPENED)).hasSize(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void opensOneEpochForAFailureThoughTheRoomIsEvictedAfterIt(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("room", "ann", 1, START));
        subtask.snapshot();
        subtask.process(failing("room", START));
        subtask.process(Records.join("room", "bob", 2, START));
        job.advanceTo(START + EVICT_MS);
        subtask.snapshot();
        assertThat(subtask.operator.hotRooms()).isZero();
        subtask.process(Records.join("room", "cid", 3, START + EVICT_MS));

        assertThat(subtask.outputs().events(Event.Kind.OPENED)).hasSize(2);
        subtask.outputs().assertChained();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void disturbsNoOtherRoom(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        for (int position = 0; position < 10; position++) {
            job.advanceTo(START + 20 * position);
            subtask.process(Records.audio("other", "bob", position, job.nowMs()));
            subtask.process(failing("room", job.nowMs()));
        }
        job.advanceTo(START + 1_000);

        assertThat(subtask.outputs().room("other").heard()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9);
        assertThat(subtask.outputs().room("other").events(Event.Kind.OPENED)).hasSize(1);
    }

    /** Passes no validation, so it stands for a fault of ours. */
    private static StreamRecord failing(String room, long arrivalMs) {
        return StreamRecord.newBuilder(Records.audio(room, "ann", 1, arrivalMs))
                .setChunk(ByteString.copyFromUtf8("broken"))
                .build();
    }
}
