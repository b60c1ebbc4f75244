package io.parley.core.room;

import static io.parley.core.room.RoomDriver.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame.Disposition;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A room in which two are heard at a time. */
class LoudestStreamsTest {

    private final RoomDriver driver = new RoomDriver(RoomOptions.with(RoomOptions.LOUDEST, 2));

    @Test
    void whoeverComesFirstIsHeardAndTheRestIsSuppressedAndNotLost() {
        driver.chunk("ann").level(30).now();
        driver.chunk("bob").level(30).now();
        driver.chunk("cid").level(30).now().advance(100);

        assertThat(driver.played()).containsAll(sequence("ann", 0, 5)).containsAll(sequence("bob", 0, 5));
        assertThat(driver.played()).doesNotContainAnyElementsOf(sequence("cid", 0, 5));
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
        assertThat(driver.logged()).hasSize(5).allSatisfy(frame -> {
            assertThat(frame.getParticipant()).isEqualTo("cid");
            assertThat(frame.getDisposition()).isEqualTo(Disposition.SUPPRESSED);
            assertThat(frame.getPayload()).isNotEmpty();
        });
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsExactly("suppressed");
        assertThat(speaking()).containsExactly("ann", "bob");
    }

    @Test
    void oneWhoIsClearlyLouderTakesThePlaceOfTheQuietest() {
        driver.chunk("ann").level(30).now();
        driver.chunk("bob").level(40).now();
        driver.chunk("cid").level(34).now().advance(100);

        assertThat(driver.played()).containsAll(sequence("cid", 0, 5));
        assertThat(driver.events(Event.Kind.STOPPED))
                .extracting(Event::getParticipant)
                .containsExactly("bob");
        driver.chunk("bob").at(5, 5).level(40).now().advance(100);
        assertThat(driver.played()).doesNotContain("bob:5");
    }

    @Test
    void oneWhoIsALittleLouderDoesNot() {
        driver.chunk("ann").level(30).now();
        driver.chunk("bob").level(40).now();
        driver.chunk("cid").level(35).now().advance(100);

        assertThat(driver.played()).doesNotContain("cid:0");
        assertThat(driver.events(Event.Kind.STOPPED)).isEmpty();
    }

    @Test
    void oneLoudFrameTakesNoPlaceButAChunkOfThemDoes() {
        driver.chunk("ann").level(30).now();
        driver.chunk("bob").level(40).now();
        driver.chunk("cid").level(40).now();
        driver.chunk("cid").at(5, 5).frames(1).level(20).now().advance(100);
        assertThat(driver.played()).doesNotContain("cid:5");

        driver.chunk("cid").at(6, 6).frames(10).level(20).now().advance(100);

        assertThat(driver.played()).containsAll(sequence("cid", 6, 10));
    }

    @Test
    void oneWhoHadStoppedIsAsLoudAsItsNextFrame() {
        long stopMs = RoomOptions.defaults().speakerTimeoutMs();
        driver.join("zoe", 1).chunk("ann").level(60).now();
        long lastMs = driver.nowMs;
        driver.advance(stopMs);
        driver.chunk("bob").level(30).now();
        driver.chunk("cid").level(30).now().advance(100);
        // It was on its way for so long that it arrived before the speaker was said to have stopped.
        driver.chunk("ann")
                .at(5, 0)
                .frames(1)
                .level(20)
                .arrived(lastMs + stopMs)
                .now()
                .advance(100);

        assertThat(driver.played()).contains("ann:5");
    }

    @Test
    void ofTwoWhoAreEquallyQuietTheOneWhoCameLastGivesItsPlace() {
        driver.chunk("ann").level(40).now();
        driver.chunk("bob").level(40).now();
        driver.chunk("cid").level(20).now().advance(100);

        assertThat(driver.events(Event.Kind.STOPPED))
                .extracting(Event::getParticipant)
                .containsExactly("bob");
    }

    @Test
    void aRoomThatOpensAgainAfterItsEndHasAllItsPlaces() {
        // By the gateway's clock, which is ahead here, they have not been silent for so long when the room closes.
        driver.chunk("ann").arrived(driver.nowMs + 1_000).now();
        driver.chunk("bob").arrived(driver.nowMs + 1_000).now();
        driver.advance(RoomOptions.defaults().speakerTimeoutMs() + 100);
        assertThat(driver.room.isClosed()).isTrue();

        driver.chunk("cid").now();

        assertThat(driver.events(Event.Kind.OPENED)).hasSize(2);
        assertThat(driver.played()).containsAll(sequence("cid", 0, 5));
    }

    @Test
    void theEndOfASpurtMakesAPlace() {
        driver.chunk("ann").flag(Chunk.FLAG_END_OF_SPURT).now();
        driver.chunk("bob").now();
        driver.chunk("cid").now().advance(100);

        assertThat(driver.played()).contains("ann:0", "bob:0", "cid:0");
        assertThat(speaking()).containsExactly("ann", "bob", "cid");
    }

    @Test
    void oneWhoFallsSilentWithoutSayingSoMakesAPlaceAfterAWhile() {
        driver.join("ann", 1).chunk("ann").now();
        driver.chunk("bob").now();
        driver.advance(RoomOptions.defaults().speakerTimeoutMs() + 200);
        driver.chunk("cid").now().advance(100);

        assertThat(driver.played()).contains("cid:0");
        assertThat(driver.events(Event.Kind.STOPPED)).hasSize(2);
    }

    @Test
    void aParticipantWithTwoConnectionsIsToldOfOnce() {
        driver.chunk("ann").over("ann-1").now();
        driver.chunk("ann").over("ann-2").flag(Chunk.FLAG_END_OF_SPURT).now();
        driver.advance(100);
        assertThat(speaking()).containsExactly("ann");
        assertThat(driver.events(Event.Kind.STOPPED)).isEmpty();

        driver.chunk("ann")
                .over("ann-1")
                .at(5, 5)
                .flag(Chunk.FLAG_END_OF_SPURT)
                .now()
                .advance(100);

        assertThat(driver.events(Event.Kind.STOPPED)).hasSize(1);
        assertThat(driver.events(Event.Kind.STREAM))
                .extracting(Event::getStream)
                .containsExactly(0, 1);
    }

    private List<String> speaking() {
        return driver.events(Event.Kind.SPEAKING).stream()
                .map(Event::getParticipant)
                .collect(Collectors.toList());
    }
}
