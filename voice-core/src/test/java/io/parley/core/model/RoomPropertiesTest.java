package io.parley.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AddLifecycleHook;

/** What holds of every room, whatever happens to it. */
@AddLifecycleHook(ReportLine.class)
class RoomPropertiesTest {

    @Provide
    Arbitrary<List<Action>> anything() {
        return Traces.anything();
    }

    @Provide
    Arbitrary<Map<String, String>> options() {
        return Traces.options();
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void theRoomGivesWhatItsModelGives(
            @ForAll("options") Map<String, String> settings, @ForAll("anything") List<Action> actions) {
        RoomOptions options = RoomOptions.of(settings);
        new Duel(new Subject.OfRoom(options, false), new Subject.OfModel(options))
                .run(new Script(actions).thenAllLeave());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void goingThroughItsStateChangesNothing(
            @ForAll("options") Map<String, String> settings, @ForAll("anything") List<Action> actions) {
        RoomOptions options = RoomOptions.of(settings);
        new Duel(new Subject.OfRoom(options, false), new Subject.OfRoom(options, true))
                .run(new Script(actions).thenAllLeave());
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void whatLeavesIsWholeOrderedAndAllowed(
            @ForAll("options") Map<String, String> settings, @ForAll("anything") List<Action> actions) {
        RoomOptions options = RoomOptions.of(settings);
        Subject.OfRoom room = new Subject.OfRoom(options, false);
        List<Invariants.Delivery> deliveries = new ArrayList<>();
        Duel duel = new Duel(room)
                .telling(step -> deliveries.add(new Invariants.Delivery(step, room.outputs.size())))
                .run(new Script(actions).thenAllLeave());
        try {
            new Invariants(options, deliveries, room.outputs).check();
        } catch (AssertionError e) {
            throw duel.failure(e.getMessage());
        }
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void nothingIsLeftOnceAllHaveLeft(
            @ForAll("options") Map<String, String> settings, @ForAll("anything") List<Action> actions) {
        Subject.OfRoom room = new Subject.OfRoom(RoomOptions.of(settings), false);
        Duel duel = new Duel(room).run(new Script(actions).thenAllLeave());

        assertThat(duel.isOpen()).isFalse();
        assertThat(room.nextTimerMs()).isEqualTo(Long.MAX_VALUE);
        assertThat(duel.tombstone().getSerializedSize()).isLessThanOrEqualTo(64);
    }

    /** Delays of chunks, each below the least hold, in ms. */
    @Provide
    Arbitrary<List<Action>> shortDelays() {
        return Combinators.combine(
                        Arbitraries.of(1, 1, 20, 40, 60),
                        Arbitraries.integers().between(0, 5),
                        Arbitraries.integers().between(0, 4),
                        Arbitraries.integers().between(0, 6),
                        Arbitraries.integers().between(0, 9))
                .as((waitMs, who, count, delay, end) -> new Action(Action.Kind.SPEAK, waitMs, who, count, delay, end))
                .list()
                .ofMaxSize(80);
    }

    @Property(edgeCases = EdgeCasesMode.NONE)
    void disorderBelowTheHoldCostsNothing(@ForAll("shortDelays") List<Action> actions) {
        RoomOptions options = RoomOptions.of(
                Map.of("room.min-hold-ms", "100", "room.max-held-frames", "1000", "room.rate-burst-frames", "10000"));
        Subject.OfRoom room = new Subject.OfRoom(options, false);
        Map<String, List<Integer>> sent = new HashMap<>();
        List<Action> whole = new ArrayList<>();
        for (int who = 0; who < 6; who++) {
            // The first chunk of each comes first, so that its stream begins where it does.
            whole.add(new Action(Action.Kind.SPEAK, 20, who, 0, 0, 0));
        }
        whole.addAll(actions);
        Duel duel = new Duel(room)
                .telling(step -> {
                    if (step.record.hasChunk()) {
                        Chunk chunk = step.chunk();
                        for (int i = 0; i < chunk.frameCount(); i++) {
                            sent.computeIfAbsent(step.record.getConnection(), c -> new ArrayList<>())
                                    .add(Invariants.frameId(new ModelFrames.Arrival(step.record, chunk, 0).payload(i)));
                        }
                    }
                })
                .run(new Script(whole).thenTimePasses());

        Map<String, List<Integer>> played = new HashMap<>();
        Map<Integer, String> connections = new HashMap<>();
        for (ModelOutput output : duel.outputs()) {
            output.origins.forEach(origin -> connections.put(origin.getStream(), origin.getConnection()));
            output.frames.forEach(frame -> played.computeIfAbsent(connections.get(frame.stream), c -> new ArrayList<>())
                    .add(Invariants.frameId(frame.payload)));
            assertThat(output.logOnly).extracting(frame -> frame.disposition).isEmpty();
        }
        // Frames got their ids in the order in which they were sent.
        sent.values().forEach(ids -> ids.sort(Integer::compare));
        assertThat(played).isEqualTo(sent);
    }
}
