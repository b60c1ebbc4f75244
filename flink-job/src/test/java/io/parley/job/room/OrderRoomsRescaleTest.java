package io.parley.job.room;

import static io.parley.job.room.OperatorHarness.START;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.wire.Event;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamRecord;
import io.parley.job.Records;
import io.parley.job.room.OperatorHarness.Backend;
import io.parley.job.room.OperatorHarness.Subtask;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Rooms that move to other subtasks. */
class OrderRoomsRescaleTest {

    private static final List<String> ROOMS =
            IntStream.range(0, 20).mapToObj(i -> "room-" + i).collect(Collectors.toList());
    /** Nobody says anything there after the move. */
    private static final String SILENT = "silent";

    private static final int FRAMES = 12;

    @RegisterExtension
    final OperatorHarness job = new OperatorHarness();

    private List<Subtask> subtasks = new ArrayList<>();
    private final List<RoomOutput> all = new ArrayList<>();

    @ParameterizedTest
    @EnumSource(Backend.class)
    void keepsEveryChainAndFrameWhereOneSubtaskBecomesTwo(Backend backend) throws Exception {
        subtasks.add(job.start(backend));
        speakUntilAGapIsPending();
        OperatorSubtaskState state = stopAll();
        startAll(backend, state, 1, 2);

        assertThat(subtasks).allSatisfy(subtask -> assertThat(subtask.timers()).isPositive());
        assertThat(subtasks.get(0).timers() + subtasks.get(1).timers()).isEqualTo(ROOMS.size() + 1);
        fillTheGapAndSpeakOn();
        assertNothingIsMissing();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void keepsEveryChainAndFrameWhereTwoSubtasksBecomeOne(Backend backend) throws Exception {
        startAll(backend, null, 2, 2);
        speakUntilAGapIsPending();
        OperatorSubtaskState state = stopAll();
        startAll(backend, state, 2, 1);

        assertThat(subtasks.get(0).timers()).isEqualTo(ROOMS.size() + 1);
        fillTheGapAndSpeakOn();
        assertNothingIsMissing();
    }

    @ParameterizedTest
    @EnumSource(Backend.class)
    void wakesARoomAtItsNewOwner(Backend backend) throws Exception {
        subtasks.add(job.start(backend));
        speakUntilAGapIsPending();
        startAll(backend, stopAll(), 1, 2);
        int owner = OperatorHarness.owner(SILENT, 2);
        job.advanceTo(job.nowMs() + OrderRoomsOperator.MAX_CATCH_UP_MS + 1_000);

        assertThat(subtasks.get(owner).outputs().room(SILENT).events(Event.Kind.LOST))
                .hasSize(1);
        assertThat(subtasks.get(1 - owner).outputs().room(SILENT).list()).isEmpty();
    }

    private void speakUntilAGapIsPending() throws Exception {
        List<String> rooms = new ArrayList<>(ROOMS);
        rooms.add(SILENT);
        for (String room : rooms) {
            process(Records.join(room, "ann", 1, START));
        }
        for (int position = 0; position < FRAMES / 2; position++) {
            job.advanceTo(START + 20 * position);
            for (String room : rooms) {
                if (position != FRAMES / 2 - 2) {
                    process(Records.audio(room, "ann", position, job.nowMs()));
                }
            }
        }
    }

    private void fillTheGapAndSpeakOn() throws Exception {
        for (String room : ROOMS) {
            process(Records.audio(room, "ann", FRAMES / 2 - 2, job.nowMs()));
        }
        for (int position = FRAMES / 2; position < FRAMES; position++) {
            job.advanceTo(job.nowMs() + 20);
            for (String room : ROOMS) {
                process(Records.audio(room, "ann", position, job.nowMs()));
            }
        }
        job.advanceTo(job.nowMs() + 1_000);
    }

    private void assertNothingIsMissing() {
        collect();
        Outputs outputs = new Outputs(all);
        List<Integer> everything = IntStream.range(0, FRAMES).boxed().collect(Collectors.toList());
        for (String room : ROOMS) {
            assertThat(outputs.room(room).heard()).as(room).isEqualTo(everything);
            assertThat(outputs.room(room).events(Event.Kind.OPENED)).as(room).hasSize(2);
            assertThat(outputs.room(room).events(Event.Kind.LOST)).as(room).isEmpty();
            outputs.room(room).assertChained();
        }
    }

    private void process(StreamRecord record) throws Exception {
        subtasks.get(OperatorHarness.owner(record.getRoom(), subtasks.size())).process(record);
    }

    private OperatorSubtaskState stopAll() throws Exception {
        collect();
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = subtasks.get(i).stop();
        }
        return AbstractStreamOperatorTestHarness.repackageState(states);
    }

    private void startAll(Backend backend, OperatorSubtaskState state, int before, int now) throws Exception {
        subtasks = new ArrayList<>();
        for (int i = 0; i < now; i++) {
            subtasks.add(job.rescale(backend, state, before, now, i));
        }
    }

    private void collect() {
        subtasks.forEach(subtask -> all.addAll(subtask.outputs().list()));
    }
}
