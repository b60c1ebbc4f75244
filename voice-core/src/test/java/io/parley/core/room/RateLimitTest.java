package io.parley.core.room;

import static io.parley.core.room.RoomDriver.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Control;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** 75 frames a second and 100 at once, which are the defaults. */
class RateLimitTest {

    private final RoomDriver driver = new RoomDriver(RoomOptions.defaults());

    @Test
    void playsABurstAndDeclaresWhatIsOverTheRateAsLost() {
        for (int i = 0; i < 24; i++) {
            driver.speak("ann", i * 5, i * 5L, 5);
        }
        driver.advance(100);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 100));
        assertThat(driver.events(Event.Kind.LOST)).singleElement().satisfies(lost -> {
            assertThat(lost.getFirstSequence()).isEqualTo(100);
            assertThat(lost.getCount()).isEqualTo(20);
        });
        assertThat(driver.logged()).hasSize(20).allSatisfy(frame -> {
            assertThat(frame.getDisposition()).isEqualTo(Disposition.LIMITED);
            assertThat(frame.getPayload()).isNotEmpty();
        });
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsOnly("rate_limited");
    }

    @Test
    void aFloodOfOneSpeakerTakesNothingFromAnother() {
        for (int i = 0; i < 60; i++) {
            driver.speak("ann", i * 5, i * 5L, 5);
        }
        driver.speak("bob", 0, 0, 5).advance(100);

        assertThat(driver.played()).containsAll(sequence("bob", 0, 5));
    }

    @Test
    void aFurtherStreamIsNotHeardWhileTooManySpeak() {
        RoomDriver two = new RoomDriver(RoomOptions.with(RoomOptions.MAX_SPEAKERS, 2));
        two.speak("ann", 0, 0, 5).speak("bob", 0, 0, 5).speak("cid", 0, 0, 5).advance(100);
        two.speak("ann", 5, 5, 5).speak("cid", 5, 5, 5).throughState().advance(100);

        assertThat(two.played()).hasSize(15).noneMatch(frame -> frame.startsWith("cid"));
        assertThat(two.logged())
                .hasSize(10)
                .extracting(LogFrame::getDisposition)
                .containsOnly(Disposition.LIMITED);
        assertThat(two.failed()).extracting(f -> f.getReason()).containsOnly("rate_limited");

        two.speak("bob", 5, 5, 5, Chunk.FLAG_END_OF_SPURT).advance(100);
        two.speak("cid", 10, 10, 5).speak("bob", 10, 0, 5).advance(400);

        assertThat(two.played()).containsAll(sequence("cid", 10, 5)).doesNotContain("bob:10");
    }

    @Test
    void whoSaysNothingForLongLeavesItsPlaceToAnother() {
        RoomDriver one = new RoomDriver(RoomOptions.with(RoomOptions.MAX_SPEAKERS, 1));
        one.speak("ann", 0, 0, 5).advance(RoomOptions.defaults().speakerTimeoutMs());
        one.speak("bob", 0, 0, 5).advance(100);

        assertThat(one.played()).containsAll(sequence("bob", 0, 5));
    }

    @Test
    void whoIsMutedOrLeavesMakesRoomForAnother() {
        RoomDriver one = new RoomDriver(RoomOptions.with(RoomOptions.MAX_SPEAKERS, 1));
        one.join("ann", 1).join("bob", 2).join("cid", 3).speak("ann", 0, 0, 5);
        one.control(Control.Kind.MUTE, "ann", 5, false).speak("bob", 0, 0, 5);
        one.leave("bob", 6).speak("cid", 0, 0, 5).advance(100);

        assertThat(one.played()).containsAll(sequence("bob", 0, 5)).containsAll(sequence("cid", 0, 5));
    }

    @Test
    void allOfARoomTogetherAreHeldToItsRate() {
        RoomDriver narrow = new RoomDriver(RoomOptions.of(
                Map.of("room.rate", "50", "room.rate-frames-per-second", "50", "room.rate-burst-frames", "50")));
        for (int i = 0; i < 4; i++) {
            narrow.speak("ann", i * 5, i * 5L, 5).speak("bob", i * 5, i * 5L, 5).speak("cid", i * 5, i * 5L, 5);
        }
        narrow.throughState().advance(100);

        assertThat(narrow.played()).hasSize(50);
        assertThat(narrow.logged())
                .hasSize(10)
                .extracting(LogFrame::getDisposition)
                .containsOnly(Disposition.LIMITED);

        narrow.advance(900).speak("ann", 20, 20, 5).advance(100);
        assertThat(narrow.played()).hasSize(55);
    }

    @Test
    void whatOneSendsTooMuchTakesNothingOfTheRoomsRate() {
        RoomDriver narrow = new RoomDriver(RoomOptions.of(
                Map.of("room.rate", "100", "room.rate-frames-per-second", "50", "room.rate-burst-frames", "50")));
        for (int i = 0; i < 60; i++) {
            narrow.speak("ann", i * 5, i * 5L, 5);
        }
        for (int i = 0; i < 10; i++) {
            narrow.speak("bob", i * 5, i * 5L, 5);
        }
        narrow.advance(100);

        assertThat(narrow.played()).containsAll(sequence("bob", 0, 50));
    }

    @Test
    void fillsByTheTimeAtWhichFramesArrivedSoThatAJobThatIsBehindLimitsNobody() {
        long startMs = driver.nowMs - 900;
        for (int i = 0; i < 9; i++) {
            driver.chunk("ann").at(i * 5, i * 5L).arrived(startMs + i * 100L).now();
        }
        driver.advance(200);
        for (int i = 9; i < 200; i++) {
            driver.chunk("ann").at(i * 5, i * 5L).arrived(startMs + i * 100L).now();
            driver.advance(i % 50 == 0 ? 5_000 : 0);
        }

        assertThat(driver.logged())
                .extracting(LogFrame::getDisposition)
                .as("late as the job is, nobody spoke too fast")
                .doesNotContain(Disposition.LIMITED);
    }

    @Test
    void countsShortFramesByHowLongTheyAre() {
        RateLimit rate = new RateLimit(RoomOptions.defaults(), 0);
        int taken = 0;
        while (rate.take(100_000, false, 0)) {
            taken++;
        }
        assertThat(taken).isEqualTo(20);
        assertThat(rate.take(100_000, false, 66))
                .as("66 ms fill 99 ms of audio")
                .isFalse();
        assertThat(rate.take(100_000, false, 67)).isTrue();
    }

    @Test
    void aChunkCostsAtLeastTenMilliseconds() {
        RateLimit rate = new RateLimit(RoomOptions.defaults(), 0);
        int taken = 0;
        while (rate.take(2_500, false, 0)) {
            taken++;
        }
        assertThat(taken).isEqualTo(200);
    }

    @Test
    void aPauseFillsTheBucketOnceHoweverLongItWas() {
        RateLimit rate = new RateLimit(RoomOptions.defaults(), 0);
        assertThat(rate.take(2_000_000, false, 0)).isTrue();
        assertThat(rate.take(2_000_000, false, Long.MAX_VALUE)).isTrue();
        assertThat(rate.take(10_000, false, Long.MAX_VALUE)).isFalse();
    }

    @Test
    void fillsByTheTimeSinceTheChunkBefore() {
        RateLimit rate = new RateLimit(RoomOptions.defaults(), 1_000);
        assertThat(rate.take(2_000_000, false, 1_000)).isTrue();
        assertThat(rate.take(100_000, false, 1_067)).isTrue();
        assertThat(rate.take(100_000, false, 1_133)).isFalse();
        assertThat(rate.take(100_000, false, 1_134)).isTrue();
    }

    @Test
    void beginningNumbersAnewAgainAndAgainIsLimited() {
        for (int i = 0; i < 10; i++) {
            driver.chunk("ann").at(i * 100_000, 0).captured(driver.nowMs + i).now();
        }
        driver.advance(100);

        List<Event> streams = driver.events(Event.Kind.STREAM);
        assertThat(streams).hasSize(4);
        assertThat(driver.logged()).hasSize(30).allSatisfy(frame -> {
            assertThat(frame.getDisposition()).isEqualTo(Disposition.LIMITED);
            assertThat(frame.getNumbering()).as("it came to no stream").isZero();
        });
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsOnly("rate_limited");
    }
}
