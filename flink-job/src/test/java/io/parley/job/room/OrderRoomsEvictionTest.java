package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.EVICT_MS;
import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.wire.Event;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rooms in which nothing happens. */
class OrderRoomsEvictionTest {

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

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
}
