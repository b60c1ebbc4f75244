package io.parley.job.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.StreamRecord;
import io.parley.job.ManualClock;
import io.parley.job.type.ProtobufSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend.PriorityQueueStateType;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.KeyedStateBackend;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Subtasks of the ordering operator on one clock, with Flink's processing time in step. Closes them after each test.
 */
final class OperatorHarness implements AfterEachCallback {

    static final long START = 1_790_000_000_000L;
    static final int EVICT_MS = 60_000;
    static final int MAX_PARALLELISM = 128;

    /** Where keyed state lies. */
    enum Backend {
        HEAP,
        ROCKSDB,
        /** Flink then writes timers before it asks the operator for its state. */
        ROCKSDB_WITH_TIMERS_ON_HEAP;

        StateBackend open() {
            if (this == HEAP) {
                return new HashMapStateBackend();
            }
            EmbeddedRocksDBStateBackend backend = new EmbeddedRocksDBStateBackend();
            backend.setPriorityQueueStateType(
                    this == ROCKSDB ? PriorityQueueStateType.ROCKSDB : PriorityQueueStateType.HEAP);
            return backend;
        }
    }

    private final ManualClock clock = new ManualClock(START);
    private final List<Subtask> open = new ArrayList<>();
    private final RoomOptions options;
    private final int evictIdleMs;
    private long checkpoint;

    OperatorHarness() {
        this(RoomOptions.defaults(), EVICT_MS);
    }

    OperatorHarness(RoomOptions options, int evictIdleMs) {
        this.options = options;
        this.evictIdleMs = evictIdleMs;
    }

    @Override
    public void afterEach(ExtensionContext context) throws Exception {
        for (Subtask subtask : List.copyOf(open)) {
            subtask.close();
        }
    }

    /** The only subtask of a job without state. */
    Subtask start(Backend backend) throws Exception {
        return new Subtask(backend, null, 1, 0);
    }

    /** The only subtask of a job that goes on from what the only one before wrote. */
    Subtask restart(Backend backend, OperatorSubtaskState state) throws Exception {
        return new Subtask(backend, state, 1, 0);
    }

    /** A subtask of a job that goes on from the state, repackaged, of all that were before; null if none were. */
    Subtask rescale(Backend backend, OperatorSubtaskState state, int before, int now, int index) throws Exception {
        OperatorSubtaskState own = state == null
                ? null
                : AbstractStreamOperatorTestHarness.repartitionOperatorState(
                        state, MAX_PARALLELISM, before, now, index);
        return new Subtask(backend, own, now, index);
    }

    /** Which of so many subtasks has the room. */
    static int owner(String room, int parallelism) {
        return KeyGroupRangeAssignment.assignKeyToParallelOperator(room, MAX_PARALLELISM, parallelism);
    }

    long nowMs() {
        return clock.nowMs();
    }

    /** From timer to timer, so that each runs at its own time. */
    void advanceTo(long nowMs) throws Exception {
        while (clock.nowMs() < nowMs) {
            long next = nowMs;
            for (Subtask subtask : open) {
                for (long timer : subtask.harness.getProcessingTimeService().getActiveTimerTimestamps()) {
                    next = Math.min(next, timer);
                }
            }
            jumpTo(Math.max(next, clock.nowMs() + 1));
        }
    }

    /** In one step, as after a long pause: timers that were due meanwhile run late. */
    void jumpTo(long nowMs) throws Exception {
        clock.setMs(nowMs);
        for (Subtask subtask : open) {
            subtask.harness.setProcessingTime(nowMs);
            subtask.harness.setStateTtlProcessingTime(nowMs);
        }
    }

    /** Lets time pass while nothing runs; for between {@link Subtask#close} and {@link #restart}. */
    void pauseUntil(long nowMs) {
        clock.setMs(nowMs);
    }

    /** One subtask of the operator. */
    final class Subtask {
        final OrderRoomsOperator operator = new OrderRoomsOperator(options, evictIdleMs, clock);
        private final KeyedOneInputStreamOperatorTestHarness<String, StreamRecord, RoomOutput> harness;

        private Subtask(Backend backend, OperatorSubtaskState state, int parallelism, int index) throws Exception {
            harness = new KeyedOneInputStreamOperatorTestHarness<>(
                    operator, StreamRecord::getRoom, Types.STRING, MAX_PARALLELISM, parallelism, index);
            open.add(this);
            harness.setStateBackend(backend.open());
            harness.setup(new ProtobufSerializer<>(RoomOutput.class));
            harness.setProcessingTime(clock.nowMs());
            harness.setStateTtlProcessingTime(clock.nowMs());
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
            // Timers of the earlier run that are overdue run before any record does.
            harness.setProcessingTime(clock.nowMs());
        }

        void process(StreamRecord record) throws Exception {
            harness.processElement(record, 0);
        }

        OperatorSubtaskState snapshot() throws Exception {
            harness.prepareSnapshotPreBarrier(++checkpoint);
            return harness.snapshot(checkpoint, clock.nowMs());
        }

        /** An element that may be used again, as Flink does where objects are reused. */
        void process(org.apache.flink.streaming.runtime.streamrecord.StreamRecord<StreamRecord> element)
                throws Exception {
            harness.processElement(element);
        }

        /** A snapshot, and nothing after it. */
        OperatorSubtaskState stop() throws Exception {
            OperatorSubtaskState state = snapshot();
            close();
            return state;
        }

        Outputs outputs() {
            return new Outputs(harness.extractOutputValues());
        }

        /** Timers that Flink keeps in keyed state. */
        int timers() {
            return harness.numProcessingTimeTimers();
        }

        /** Fails unless this, of all that rooms ever were, is the only thing that is left. */
        void assertOnlyTombstonesOf(List<String> rooms) {
            assertThat(operator.hotRooms()).as("rooms on the heap").isZero();
            assertThat(operator.waitingRooms()).as("rooms that will be woken").isZero();
            assertThat(timers()).as("timers in keyed state").isZero();
            assertThat(keys("room")).as("rooms in keyed state").isEmpty();
            assertThat(keys("tombstone")).as("tombstones").containsExactlyInAnyOrderElementsOf(rooms);
        }

        /** Rooms that have something in keyed state of that name. */
        List<String> keys(String state) {
            return operator.<String>getKeyedStateBackend()
                    .getKeys(state, VoidNamespace.INSTANCE)
                    .sorted()
                    .collect(Collectors.toList());
        }

        /** Puts a room into keyed state past the operator. */
        void put(RoomState state) throws Exception {
            KeyedStateBackend<String> backend = operator.getKeyedStateBackend();
            backend.setCurrentKey(state.getRoom());
            backend.getPartitionedState(
                            VoidNamespace.INSTANCE,
                            VoidNamespaceSerializer.INSTANCE,
                            new ValueStateDescriptor<>("room", new ProtobufSerializer<>(RoomState.class)))
                    .update(state);
        }

        void close() throws Exception {
            open.remove(this);
            harness.close();
        }
    }
}
