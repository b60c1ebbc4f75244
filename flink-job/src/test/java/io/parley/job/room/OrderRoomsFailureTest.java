package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.wire.StreamRecord;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rooms that throw. */
class OrderRoomsFailureTest {

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    @ParameterizedTest
    @EnumSource(Backend.class)
    void setsARoomBackThatFailsAndGoesOn(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.audio("room", "ann", 0, START));
        long epoch = subtask.outputs().last().getEpoch();
        subtask.process(failing("room", START));
        subtask.process(Records.audio("room", "ann", 2, START));
        job.advanceTo(START + 1_000);

        assertThat(subtask.outputs().last().getEpoch()).isGreaterThan(epoch);
        assertThat(subtask.outputs().heard()).contains(0, 2);
    }

    /** Passes no validation, so it stands for a fault of ours. */
    private static StreamRecord failing(String room, long arrivalMs) {
        return StreamRecord.newBuilder(Records.audio(room, "ann", 1, arrivalMs))
                .setChunk(ByteString.copyFromUtf8("broken"))
                .build();
    }
}
