package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.record.StreamRecords;
import io.parley.core.wire.Event;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import java.util.Arrays;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the operator does while it runs; what becomes of rooms otherwise is in the classes beside this one. */
class OrderRoomsOperatorTest {

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    @ParameterizedTest
    @EnumSource(Backend.class)
    void emitsFramesInOrderHoweverTheyArrive(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        for (int position : new int[] {0, 2, 1, 4, 3}) {
            subtask.process(Records.audio("room", "ann", position, START));
        }
        job.advanceTo(START + 100);

        assertThat(subtask.outputs().heard()).containsExactly(0, 1, 2, 3, 4);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void givesUpAGapWhenItsHoldEndsAndDeclaresTheLoss(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.audio("room", "ann", 0, START));
        subtask.process(Records.audio("room", "ann", 2, START));
        job.advanceTo(START + 199);
        assertThat(subtask.outputs().heard()).containsExactly(0);
        job.advanceTo(START + 300);

        assertThat(subtask.outputs().heard()).containsExactly(0, 2);
        assertThat(subtask.outputs().events(Event.Kind.LOST)).singleElement().satisfies(lost -> {
            assertThat(lost.getFirstSequence()).isEqualTo(1);
            assertThat(lost.getCount()).isEqualTo(1);
        });
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void keepsAtMostOneTimerARoomThroughCheckpoints(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        for (int position = 0; position < 50; position++) {
            long now = START + 7L * position;
            job.advanceTo(now);
            subtask.process(Records.audio("first", "ann", position, now));
            subtask.process(Records.audio("second", "bob", 2 * position, now));
            if (position % 5 == 0) {
                subtask.snapshot();
            }
            assertThat(subtask.timers()).isLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void writesOnlyRoomsThatHaveChanged(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        subtask.process(Records.join("first", "ann", 1, START));
        subtask.process(Records.join("second", "bob", 1, START));
        subtask.snapshot();
        assertThat(subtask.operator.roomsWritten()).isEqualTo(2);
        subtask.process(Records.audio("second", "bob", 0, START));
        subtask.snapshot();
        assertThat(subtask.operator.roomsWritten()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void keepsNothingOfTheElementThatFlinkUsesAgain(Backend backend) throws Exception {
        Subtask subtask = job.start(backend);
        // The chunk of frame 2 is held while the array and the element that it came in carry others.
        byte[] array = new byte[Records.audio("room", "ann", 0, START).getSerializedSize()];
        StreamRecord<io.parley.core.wire.StreamRecord> element = new StreamRecord<>(null, 0);
        for (int position : new int[] {0, 2, 1, 3}) {
            byte[] bytes = Records.audio("room", "ann", position, START).toByteArray();
            System.arraycopy(bytes, 0, array, 0, array.length);
            subtask.process(element.replace(StreamRecords.parse(array)));
        }
        Arrays.fill(array, (byte) 0);
        job.advanceTo(START + 100);

        assertThat(subtask.outputs().heard()).containsExactly(0, 1, 2, 3);
        assertThat(subtask.outputs().payloads())
                .containsExactly(Records.payload(0), Records.payload(1), Records.payload(2), Records.payload(3));
    }
}
