package io.parley.core.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame.Disposition;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The model by itself: a few cases whose outcome the rules say in so many words. */
class RoomModelTest {

    private final List<Action> actions = new ArrayList<>();

    @Test
    void framesInOrderLeaveAtOnceAndThenInTicks() {
        act(Action.Kind.TALK, 0, 0, 3, 0, 4);

        List<ModelOutput> outputs = run(RoomOptions.defaults());

        assertThat(played(outputs)).containsExactlyElementsOf(upTo(25));
        assertThat(outputs.get(0).closeTimeMs).isEqualTo(Script.START_MS);
        assertThat(outputs.get(1).closeTimeMs - outputs.get(0).closeTimeMs).isEqualTo(100);
    }

    @Test
    void aGapIsHeldAsLongAsCanBeWhileNothingIsKnownOfLateness() {
        act(Action.Kind.SPEAK, 0, 0, 0, 0, 0);
        act(Action.Kind.SKIP, 0, 0, 1, 0, 0);
        act(Action.Kind.SPEAK, 20, 0, 0, 0, 0);

        List<ModelOutput> outputs = run(RoomOptions.defaults());

        ModelOutput lost = withEvent(outputs, Event.Kind.LOST);
        assertThat(lost.closeTimeMs).isEqualTo(Script.START_MS + 20 + 200);
        assertThat(lost.events.get(lost.events.size() - 1).getCount()).isEqualTo(2);
        assertThat(lost.frames).hasSize(1);
    }

    @Test
    void aGapIsGivenUpSoonerOnceHundredsOfChunksCameInOrder() {
        act(Action.Kind.TALK, 0, 0, 9, 0, 0);
        act(Action.Kind.SKIP, 0, 0, 1, 0, 0);
        act(Action.Kind.SPEAK, 200, 0, 0, 0, 0);

        List<ModelOutput> outputs = run(RoomOptions.defaults());

        // One chunk in 261 may be later than the least hold: the assumed one with which the stream began.
        long spokenMs = Script.START_MS + 260 * 20 + 200;
        assertThat(withEvent(outputs, Event.Kind.LOST).closeTimeMs).isBetween(spokenMs + 40, spokenMs + 100);
    }

    @Test
    void aLouderSpeakerTakesThePlaceOfTheQuietest() {
        act(Action.Kind.SPEAK, 0, 0, 0, 0, 500); // level 60
        act(Action.Kind.SPEAK, 1, 1, 0, 0, 500); // as loud: suppressed
        act(Action.Kind.SPEAK, 1, 5, 0, 0, 100); // level 12

        List<ModelOutput> outputs = run(RoomOptions.with(RoomOptions.LOUDEST, 1));

        assertThat(outputs.get(1).events)
                .extracting(event -> event.getKind() + " " + event.getParticipant())
                .containsSubsequence("STOPPED ann", "SPEAKING eve");
        assertThat(outputs.get(1).logOnly).singleElement().satisfies(frame -> {
            assertThat(frame.participant).isEqualTo("bob");
            assertThat(frame.disposition).isEqualTo(Disposition.SUPPRESSED);
        });
    }

    @Test
    void aClientThatNumbersAnewBeginsAnotherStream() {
        act(Action.Kind.TALK, 0, 0, 3, 0, 4);
        act(Action.Kind.RENUMBER, 0, 0, 0, 0, 0);
        act(Action.Kind.SPEAK, 0, 0, 0, 0, 0);

        List<ModelOutput> outputs = run(RoomOptions.defaults());

        assertThat(outputs.stream().flatMap(output -> output.origins.stream()).map(origin -> origin.getNumbering()))
                .containsExactly(1, 2);
        assertThat(played(outputs)).containsExactlyElementsOf(upTo(26));
    }

    @Test
    void moreThanTheRateIsNotPlayed() {
        for (int i = 0; i < 3; i++) {
            act(Action.Kind.FLOOD, 0, 0, 2, 0, 0); // 7 chunks of 5 frames
        }

        List<ModelOutput> outputs = run(RoomOptions.defaults());

        assertThat(played(outputs)).containsExactlyElementsOf(upTo(100));
        assertThat(outputs.stream().flatMap(output -> output.logOnly.stream()))
                .hasSize(5)
                .allSatisfy(frame -> assertThat(frame.disposition).isEqualTo(Disposition.LIMITED));
    }

    private void act(Action.Kind kind, int waitMs, int who, int x, int y, int z) {
        actions.add(new Action(kind, waitMs, who, x, y, z));
    }

    private List<ModelOutput> run(RoomOptions options) {
        return new Duel(new Subject.OfModel(options))
                .run(new Script(actions).thenTimePasses())
                .outputs();
    }

    private static List<Integer> played(List<ModelOutput> outputs) {
        List<Integer> ids = new ArrayList<>();
        outputs.forEach(output -> output.frames.forEach(frame -> ids.add(Invariants.frameId(frame.payload))));
        return ids;
    }

    private static List<Integer> upTo(int count) {
        List<Integer> ids = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            ids.add(i);
        }
        return ids;
    }

    private static ModelOutput withEvent(List<ModelOutput> outputs, Event.Kind kind) {
        return outputs.stream()
                .filter(output -> output.events.stream().anyMatch(event -> event.getKind() == kind))
                .findFirst()
                .orElseThrow();
    }
}
