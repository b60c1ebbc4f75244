package io.parley.job.room;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.parley.core.options.RoomOptions;
import io.parley.core.tick.LiveFrames;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.job.ManualClock;
import io.parley.job.Records;
import io.parley.job.type.ProtobufSerializer;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.contrib.streaming.state.EmbeddedRocksDBStateBackend;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.StateBackend;
import org.apache.flink.runtime.state.hashmap.HashMapStateBackend;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OrderRoomsOperatorTest {

    private static final long START = 1_790_000_000_000L;
    private static final int EVICT_MS = 60_000;

    private final ManualClock clock = new ManualClock(START);
    private final List<KeyedOneInputStreamOperatorTestHarness<String, StreamRecord, RoomOutput>> open =
            new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (KeyedOneInputStreamOperatorTestHarness<?, ?, ?> harness : open) {
            harness.close();
        }
    }

    @Test
    void emitsFramesInOrderHoweverTheyArrive() throws Exception {
        Harness harness = start("heap", null);
        for (int position : new int[] {0, 2, 1, 4, 3}) {
            harness.process(Records.audio("room", "ann", position, START));
        }
        harness.advanceTo(START + 100);

        assertThat(sequences(harness.outputs())).containsExactly(0, 1, 2, 3, 4);
    }

    @Test
    void givesUpAGapWhenItsHoldEndsAndDeclaresTheLoss() throws Exception {
        Harness harness = start("heap", null);
        harness.process(Records.audio("room", "ann", 0, START));
        harness.process(Records.audio("room", "ann", 2, START));
        harness.advanceTo(START + 199);
        assertThat(sequences(harness.outputs())).containsExactly(0);
        harness.advanceTo(START + 300);

        assertThat(sequences(harness.outputs())).containsExactly(0, 2);
        assertThat(events(harness.outputs(), Event.Kind.LOST)).singleElement().satisfies(lost -> {
            assertThat(lost.getFirstSequence()).isEqualTo(1);
            assertThat(lost.getCount()).isEqualTo(1);
        });
    }

    @Test
    void keepsAtMostOneTimerARoomThroughCheckpoints() throws Exception {
        Harness harness = start("heap", null);
        for (int position = 0; position < 50; position++) {
            long now = START + 7L * position;
            harness.advanceTo(now);
            harness.process(Records.audio("first", "ann", position, now));
            harness.process(Records.audio("second", "bob", 2 * position, now));
            if (position % 5 == 0) {
                harness.snapshot();
            }
            assertThat(harness.timers()).isLessThanOrEqualTo(2);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "rocksdb"})
    void leavesOnlyATombstoneWhenTheLastMemberHasLeft(String backend) throws Exception {
        Harness harness = start(backend, null);
        harness.process(Records.join("room", "ann", 1, START));
        harness.process(Records.audio("room", "ann", 0, START));
        harness.advanceTo(START + 1_000);
        harness.snapshot();
        harness.process(Records.leave("room", "ann", 2, START + 1_000));
        harness.advanceTo(START + 10_000);

        assertThat(events(harness.outputs(), Event.Kind.CLOSED)).hasSize(1);
        assertThat(harness.timers()).isZero();
        assertThat(harness.keys("room")).isEmpty();
        assertThat(harness.keys("tombstone")).containsExactly("room");

        Tick last = last(harness.outputs());
        harness.process(Records.audio("room", "ann", 1, START + 10_000));
        Event opened = events(harness.outputs(), Event.Kind.OPENED).get(1);
        assertThat(opened.getTombstoneEpoch()).isEqualTo(last.getEpoch());
        assertThat(opened.getTombstoneTick()).isEqualTo(last.getTick());
        assertThat(opened.getTombstoneHash()).isEqualTo(last.getHash());
    }

    @ParameterizedTest
    @ValueSource(strings = {"heap", "rocksdb"})
    void opensANewEpochAfterARestoreAndKeepsTheChain(String backend) throws Exception {
        Harness before = start(backend, null);
        before.process(Records.join("room", "ann", 1, START));
        for (int position = 0; position < 4; position++) {
            before.process(Records.audio("room", "ann", position, START));
        }
        before.advanceTo(START + 100);
        // Held behind a gap, so that frames are in the state too.
        before.process(Records.audio("room", "ann", 5, START + 100));
        OperatorSubtaskState state = before.snapshot();
        Tick last = last(before.outputs());
        before.close();

        Harness after = start(backend, state);
        after.advanceTo(START + 500);
        after.process(Records.audio("room", "ann", 4, START + 400));
        after.advanceTo(START + 700);

        List<Tick> ticks = ticks(after.outputs());
        assertThat(ticks.get(0).getEpoch()).isGreaterThan(last.getEpoch());
        assertThat(ticks.get(0).getTick()).isZero();
        Event opened = ticks.get(0).getEvents(0);
        assertThat(opened.getKind()).isEqualTo(Event.Kind.OPENED);
        assertThat(opened.getTombstoneEpoch()).isEqualTo(last.getEpoch());
        assertThat(opened.getTombstoneHash()).isEqualTo(last.getHash());
        assertThat(sequences(after.outputs())).containsExactly(4, 5);
        assertChained(ticks(before.outputs()));
        assertChained(ticks);
    }

    @Test
    void opensNoEpochTwiceInOneRunThoughARoomWasEvicted() throws Exception {
        Harness harness = start("heap", null);
        harness.process(Records.join("room", "ann", 1, START));
        harness.advanceTo(START + EVICT_MS);
        harness.snapshot();
        assertThat(harness.hotRooms()).isZero();
        harness.process(Records.audio("room", "ann", 0, START + EVICT_MS));

        assertThat(events(harness.outputs(), Event.Kind.OPENED)).hasSize(1);
        assertChained(ticks(harness.outputs()));
    }

    @Test
    void writesOnlyRoomsThatHaveChanged() throws Exception {
        Harness harness = start("heap", null);
        harness.process(Records.join("first", "ann", 1, START));
        harness.process(Records.join("second", "bob", 1, START));
        harness.snapshot();
        assertThat(harness.operator.roomsWritten()).isEqualTo(2);
        harness.process(Records.audio("second", "bob", 0, START));
        harness.snapshot();
        assertThat(harness.operator.roomsWritten()).isEqualTo(1);
    }

    @Test
    void wakesNoRoomAfterARestoreBeforeTheSourceHasCaughtUp() throws Exception {
        Harness before = start("heap", null);
        before.process(Records.audio("room", "ann", 0, START));
        before.process(Records.audio("room", "ann", 2, START));
        OperatorSubtaskState state = before.snapshot();
        before.close();

        clock.setMs(START + 30_000);
        Harness after = start("heap", state);
        after.advanceTo(START + 39_000);
        assertThat(after.outputs()).isEmpty();
        after.advanceTo(START + 40_000);
        assertThat(after.outputs()).isNotEmpty();
        after.advanceTo(START + 40_000 + RoomOptions.defaults().maxHoldMs());

        assertThat(events(after.outputs(), Event.Kind.LOST)).hasSize(1);
    }

    @Test
    void wakesARoomOnceNoBacklogHasComeForASecond() throws Exception {
        Harness before = start("heap", null);
        before.process(Records.audio("room", "ann", 0, START));
        OperatorSubtaskState state = before.snapshot();
        before.close();

        clock.setMs(START + 30_000);
        Harness after = start("heap", state);
        after.advanceTo(START + 31_000);
        after.process(Records.join("room", "bob", 2, START + 2_000));
        after.process(Records.join("room", "cid", 3, START + 2_000));
        after.advanceTo(START + 31_999);
        assertThat(after.outputs()).hasSize(1);
        after.advanceTo(START + 32_000);

        assertThat(after.outputs()).hasSize(2);
        assertThat(after.outputs().get(1).getPosts(0).getConnection()).isEqualTo(Records.connection("cid"));
    }

    @Test
    void wakesARoomAsUsualOnceItHasCaughtUp() throws Exception {
        Harness before = start("heap", null);
        before.process(Records.audio("room", "ann", 0, START));
        OperatorSubtaskState state = before.snapshot();
        before.close();

        clock.setMs(START + 30_000);
        Harness after = start("heap", state);
        after.process(Records.join("room", "bob", 2, START + 30_000));
        after.process(Records.join("room", "cid", 3, START + 30_000));
        after.advanceTo(START + 30_100);

        assertThat(after.outputs()).hasSize(2);
    }

    @Test
    void setsARoomBackThatFailsAndGoesOn() throws Exception {
        Harness harness = start("heap", null);
        harness.process(Records.audio("room", "ann", 0, START));
        long epoch = last(harness.outputs()).getEpoch();
        // Passes no validation, so it stands for a fault of ours.
        harness.process(StreamRecord.newBuilder(Records.audio("room", "ann", 1, START))
                .setChunk(ByteString.copyFromUtf8("broken"))
                .build());
        harness.process(Records.audio("room", "ann", 2, START));
        harness.advanceTo(START + 1_000);

        assertThat(last(harness.outputs()).getEpoch()).isGreaterThan(epoch);
        assertThat(sequences(harness.outputs())).contains(0, 2);
    }

    private static void assertChained(List<Tick> ticks) {
        TickHash hasher = new TickHash();
        ByteString previous = TickHash.ZERO;
        for (int i = 0; i < ticks.size(); i++) {
            assertThat(ticks.get(i).getTick()).isEqualTo(i);
            assertThat(ticks.get(i).getPreviousHash()).isEqualTo(previous);
            assertThat(ticks.get(i).getHash()).isEqualTo(hasher.hash(ticks.get(i)));
            previous = ticks.get(i).getHash();
        }
    }

    private static List<Tick> ticks(List<RoomOutput> outputs) {
        return outputs.stream()
                .filter(RoomOutput::hasTick)
                .map(RoomOutput::getTick)
                .collect(Collectors.toList());
    }

    private static Tick last(List<RoomOutput> outputs) {
        List<Tick> ticks = ticks(outputs);
        return ticks.get(ticks.size() - 1);
    }

    private static List<Event> events(List<RoomOutput> outputs, Event.Kind kind) {
        return ticks(outputs).stream()
                .flatMap(tick -> tick.getEventsList().stream())
                .filter(event -> event.getKind() == kind)
                .collect(Collectors.toList());
    }

    private static List<Integer> sequences(List<RoomOutput> outputs) {
        List<Integer> sequences = new ArrayList<>();
        for (Tick tick : ticks(outputs)) {
            LiveFrames.Reader frames = new LiveFrames.Reader(tick.getFrames().toByteArray());
            while (frames.next()) {
                sequences.add(frames.sequence());
            }
        }
        return sequences;
    }

    private Harness start(String backend, OperatorSubtaskState state) throws Exception {
        return new Harness(
                backend.equals("heap") ? new HashMapStateBackend() : new EmbeddedRocksDBStateBackend(), state);
    }

    /** The operator with one subtask, time and clock in step. */
    private final class Harness {
        final OrderRoomsOperator operator = new OrderRoomsOperator(RoomOptions.defaults(), EVICT_MS, clock);
        final KeyedOneInputStreamOperatorTestHarness<String, StreamRecord, RoomOutput> harness;
        private long checkpoint;

        Harness(StateBackend backend, OperatorSubtaskState state) throws Exception {
            harness = new KeyedOneInputStreamOperatorTestHarness<>(operator, StreamRecord::getRoom, Types.STRING);
            open.add(harness);
            harness.setStateBackend(backend);
            harness.setup(new ProtobufSerializer<>(RoomOutput.class));
            harness.setProcessingTime(clock.nowMs());
            if (state != null) {
                harness.initializeState(state);
            }
            harness.open();
        }

        void process(StreamRecord record) throws Exception {
            harness.processElement(record, 0);
        }

        /** In steps of a millisecond, so that every timer runs at its own time. */
        void advanceTo(long nowMs) throws Exception {
            long fromMs = clock.nowMs();
            for (long ms : IntStream.rangeClosed(1, (int) (nowMs - fromMs))
                    .mapToLong(step -> fromMs + step)
                    .toArray()) {
                clock.setMs(ms);
                harness.setProcessingTime(ms);
            }
        }

        OperatorSubtaskState snapshot() throws Exception {
            return harness.snapshot(++checkpoint, clock.nowMs());
        }

        List<RoomOutput> outputs() {
            return harness.extractOutputValues();
        }

        int timers() {
            return harness.numProcessingTimeTimers();
        }

        int hotRooms() {
            return operator.hotRooms();
        }

        List<String> keys(String state) {
            return operator.<String>getKeyedStateBackend()
                    .getKeys(state, org.apache.flink.runtime.state.VoidNamespace.INSTANCE)
                    .collect(Collectors.toList());
        }

        void close() throws Exception {
            harness.close();
            open.remove(harness);
        }
    }
}
