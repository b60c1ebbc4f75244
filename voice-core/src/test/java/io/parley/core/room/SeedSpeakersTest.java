package io.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.SeedSpeaker;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SeedSpeakersTest {

    private final RoomDriver driver = new RoomDriver(RoomOptions.defaults());

    @Test
    void namesWhoSpeaksPcmAt16KilohertzInATickWhereAClientOfTheOriginalProtocolListens() {
        driver.join("ann", 1).join("bob", 2).join("seed-c3", 3).advance(200);
        driver.chunk("ann").now().advance(200);
        driver.chunk("bob").pcm().now().advance(200);
        driver.chunk("seed-c3").pcm().unnumbered().now().advance(600);

        assertThat(told()).containsExactly(speaker(1, "bob", "BOB"), speaker(2, "seed-c3", "SEED-C3"));
        assertThat(driver.ticks())
                .allSatisfy(tick -> assertThat(tick.getSeedSpeakersList())
                        .as("the tick log has no use for them")
                        .isEmpty());
    }

    @Test
    void namesNobodyWhereNoSuchClientListens() {
        driver.join("ann", 1).join("seed-c3", 2).leave("seed-c3", 3).advance(200);
        driver.chunk("ann").pcm().now().advance(200);

        assertThat(driver.ticks())
                .anySatisfy(tick -> assertThat(tick.getFrames()).isNotEmpty());
        assertThat(told()).isEmpty();
    }

    @Test
    void namesASpeakerWhoHasJustLeftByTheParticipantAlone() {
        driver.join("ann", 1).join("seed-c3", 2).advance(200);
        driver.chunk("ann").pcm().now().advance(5);
        driver.chunk("ann").pcm().at(5, 5).now().leave("ann", 3).advance(200);

        assertThat(told()).containsExactly(speaker(0, "ann", "ANN"), speaker(0, "ann", ""));
    }

    private List<SeedSpeaker> told() {
        return driver.outputs.stream()
                .map(RoomOutput::getSeedSpeakersList)
                .flatMap(List::stream)
                .collect(Collectors.toList());
    }

    private static SeedSpeaker speaker(int stream, String participant, String name) {
        return SeedSpeaker.newBuilder()
                .setStream(stream)
                .setParticipant(participant)
                .setName(name)
                .build();
    }
}
