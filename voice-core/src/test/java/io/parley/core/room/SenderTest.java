package io.parley.core.room;

import static io.parley.core.room.RoomDriver.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Senders that begin their numbers anew, that number nothing, and whose chunks come late. */
class SenderTest {

    private final RoomOptions options = RoomOptions.defaults();
    private final RoomDriver driver = new RoomDriver(options);

    @Test
    void aClientThatBeginsItsNumbersAnewOnItsConnectionIsHeardAgain() {
        driver.join("ann", 1).advance(100);
        driver.chunk("ann").at(0, 0).captured(1_000).now().advance(100);
        driver.chunk("ann").at(5, 5).captured(1_100).now().advance(5_000);
        driver.chunk("ann").at(0, 0).captured(9_000).now().advance(100);

        List<String> expected = sequence("ann", 0, 10);
        expected.addAll(sequence("ann", 0, 5));
        assertThat(driver.played()).isEqualTo(expected);
        assertThat(driver.events(Event.Kind.STREAM))
                .extracting(Event::getStream)
                .containsExactly(0, 1);
        assertThat(numberings()).containsExactly(1, 2);
        assertThat(driver.logged()).isEmpty();
    }

    @Test
    void aChangeOfTheFrameDurationInMidSpurtWaitsForNothingThatHasLeftBefore() {
        driver.chunk("ann").at(0, 0).now().advance(100);
        driver.chunk("ann").at(5, 5).frameMs(40).now();

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(2);
        assertThat(driver.played()).hasSize(10);
    }

    @Test
    void aConnectionThatLeavesAndJoinsAgainIsAnotherNumbering() {
        driver.join("bob", 1).join("ann", 2).advance(100);
        driver.chunk("ann").at(0, 0).version(2).now().advance(100);
        driver.leave("ann", 3).join("ann", 4).advance(100);
        driver.chunk("ann").at(0, 0).version(4).now().advance(100);

        assertThat(numberings()).containsExactly(1, 2);
    }

    @Test
    void aCopyOfTheFirstChunkIsNoNewBeginning() {
        driver.chunk("ann").at(0, 0).captured(1_000).now().advance(100);
        driver.chunk("ann").at(5, 5).captured(1_100).now().advance(100);
        driver.chunk("ann").at(0, 0).captured(1_000).now().advance(100);
        driver.chunk("ann").at(10, 10).captured(1_200).now().advance(100);

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(1);
        assertThat(driver.logged()).extracting(LogFrame::getDisposition).containsOnly(Disposition.DUPLICATE);
    }

    @Test
    void numbersThatAreFarAheadBeginAnewInsteadOfAGap() {
        driver.chunk("ann").at(0, 0).captured(1_000).now().advance(100);
        driver.chunk("ann").at(3_006, 0).captured(1_100).now().advance(100);

        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
        assertThat(driver.events(Event.Kind.STREAM)).hasSize(2);
    }

    @Test
    void whatComesLateOfNumbersThatWereGivenUpBeginsNothing() {
        driver.chunk("ann").at(9_000, 0).captured(1_000).now().advance(100);
        driver.chunk("ann").at(0, 0).captured(5_000).now().advance(100);
        driver.chunk("ann").at(9_005, 5).captured(1_100).now().advance(100);
        driver.chunk("ann").at(5, 5).captured(5_100).now().advance(100);

        assertThat(numberings()).containsExactly(1, 2);
        List<String> expected = sequence("ann", 9_000, 5);
        expected.addAll(sequence("ann", 0, 10));
        assertThat(driver.played()).isEqualTo(expected);
        assertThat(driver.logged())
                .hasSize(5)
                .extracting(LogFrame::getDisposition)
                .containsOnly(Disposition.LATE);
    }

    @Test
    void aClientThatBeginsAnewFarBehindIsHeardThoughItsFirstChunkIsLost() {
        driver.chunk("ann").at(9_000, 0).captured(1_000).now().advance(100);
        driver.chunk("ann").at(5, 5).captured(5_100).now().advance(options.maxHoldMs() + 100);

        List<String> expected = sequence("ann", 9_000, 5);
        expected.addAll(sequence("ann", 5, 5));
        assertThat(driver.played()).isEqualTo(expected);
        assertThat(numberings()).containsExactly(1, 2);
    }

    @Test
    void numbersThatAreNotSoFarAheadAreAGap() {
        driver.chunk("ann").at(0, 0).now().advance(100);
        driver.chunk("ann").at(3_005, 0).now().advance(options.maxHoldMs() + 100);

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(1);
        assertThat(driver.events(Event.Kind.LOST))
                .singleElement()
                .satisfies(lost -> assertThat(lost.getCount()).isEqualTo(3_000));
    }

    @Test
    void theHoldComesDownOnceAStreamHasShownThatItsChunksComeInOrder() {
        int at = 0;
        for (; at < 200; at++) {
            driver.chunk("ann").at(at * 5, at * 5L).now().advance(100);
        }
        driver.chunk("ann").at(at * 5 + 5, at * 5L + 5).now();
        driver.advance(options.minHoldMs() + options.tickPeriodMs());

        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
    }

    @Test
    void theHoldGrowsWithTheLatenessOfTheStreamThough() {
        int at = 0;
        for (; at < 400; at += 2) {
            // Every other chunk is overtaken by the next and comes 90 ms after it.
            driver.chunk("ann").at(at * 5 + 5, at * 5L + 5).now().advance(90);
            driver.chunk("ann").at(at * 5, at * 5L).now().advance(110);
        }
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 2_000));
    }

    @Test
    void unnumberedChunksLeaveInTheOrderInWhichTheGatewayGotThem() {
        long start = driver.nowMs;
        int[] order = {0, 2, 1, 3};
        for (int i : order) {
            driver.chunk("mod")
                    .unnumbered()
                    .arrived(start + i)
                    .captured(start + i * 10L)
                    .frames(4)
                    .now();
        }
        driver.advance(options.maxHoldMs() + options.tickPeriodMs());

        assertThat(numbersPlayed()).containsExactly(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
        assertThat(driver.logged()).isEmpty();
    }

    @Test
    void anUnnumberedChunkWaitsForOneHold() {
        driver.chunk("mod").unnumbered().now().advance(options.maxHoldMs() - 1);
        assertThat(numbersPlayed()).isEmpty();

        driver.advance(1);

        assertThat(numbersPlayed()).hasSize(5);
    }

    @Test
    void anUnnumberedChunkThatComesTwiceIsADuplicateAndOneThatComesTooLateIsLate() {
        long start = driver.nowMs;
        driver.chunk("mod").unnumbered().arrived(start).captured(7).now();
        driver.chunk("mod").unnumbered().arrived(start).captured(7).now().advance(400);
        driver.chunk("mod").unnumbered().arrived(start).captured(7).now();
        driver.chunk("mod").unnumbered().arrived(start - 10).captured(1).now().advance(400);
        driver.chunk("mod").unnumbered().now().advance(400);

        assertThat(numbersPlayed()).hasSize(10);
        assertThat(driver.logged())
                .extracting(LogFrame::getDisposition)
                .containsOnly(Disposition.DUPLICATE, Disposition.LATE)
                .hasSize(15);
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsExactly("late");
    }

    @Test
    void anUnnumberedSpeakerHasStoppedAfterASecond() {
        driver.join("ann", 1);
        driver.chunk("mod").unnumbered().now().advance(900);
        assertThat(driver.events(Event.Kind.SPEAKING)).hasSize(1);
        assertThat(driver.events(Event.Kind.STOPPED)).isEmpty();

        driver.advance(500);

        assertThat(driver.events(Event.Kind.STOPPED)).hasSize(1);
    }

    @Test
    void aSilencedSpeakersFramesPassWithoutBeingDeclaredLost() {
        driver.join("ann", 1).join("bob", 2).advance(100);
        driver.chunk("ann").at(0, 0).now().advance(100);
        driver.control(io.parley.core.wire.Control.Kind.MUTE, "ann", 5, false);
        driver.chunk("ann").at(5, 5).version(1).now().advance(100);
        driver.control(io.parley.core.wire.Control.Kind.UNMUTE, "ann", 6, true);
        driver.chunk("ann").at(10, 10).version(6).now().advance(100);

        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
        List<String> expected = sequence("ann", 0, 5);
        expected.addAll(sequence("ann", 10, 5));
        assertThat(driver.played()).isEqualTo(expected);
    }

    @Test
    void whatASilencedSpeakerSaidBehindAGapWaitsNoLongerThanTheHold() {
        driver.join("ann", 1).join("bob", 2).advance(100);
        driver.chunk("ann").at(0, 0).now().advance(100);
        driver.control(io.parley.core.wire.Control.Kind.MUTE, "ann", 5, false).advance(100);
        driver.chunk("ann").at(10, 10).version(1).now();
        driver.advance(options.maxHoldMs() + options.tickPeriodMs());

        assertThat(driver.events(Event.Kind.LOST))
                .singleElement()
                .satisfies(lost -> assertThat(lost.getCount()).isEqualTo(5));
    }

    @Test
    void whatAStreamHeldLeavesWhenItsSenderBeginsAnew() {
        driver.join("ann", 1).advance(100);
        driver.chunk("ann").at(0, 0).captured(1_000).now().advance(200);
        driver.chunk("ann").at(10, 10).captured(1_200).now().advance(100);
        driver.chunk("ann").at(9_000, 0).captured(1_300).now().advance(100);
        driver.join("bob", 2).advance(100);

        List<String> expected = sequence("ann", 0, 5);
        expected.addAll(sequence("ann", 10, 5));
        expected.addAll(sequence("ann", 9_000, 5));
        assertThat(driver.played()).isEqualTo(expected);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
        assertThat(driver.posts().get(1).getJoined().getStreamsList())
                .as("the one that is over is not")
                .hasSize(1);
    }

    @Test
    void aTickClosesEarlyOnceTheNextChunkOfEverySpeakerIsIn() {
        driver.speak("ann", 0, 0, 5).advance(30);
        driver.speak("bob", 0, 0, 5).advance(65);
        int before = driver.ticks().size();
        driver.speak("ann", 5, 5, 5);

        assertThat(driver.ticks()).hasSize(before + 1);
        assertThat(driver.played()).hasSize(15);
    }

    @Test
    void aTickWaitsWhileTheNextChunkOfASpeakerIsNotIn() {
        driver.speak("ann", 0, 0, 5).advance(30);
        driver.speak("bob", 0, 0, 5).advance(60);
        int before = driver.ticks().size();
        driver.speak("bob", 5, 5, 5);
        assertThat(driver.ticks()).hasSize(before);

        driver.advance(10);
        assertThat(driver.ticks()).hasSize(before + 1);
    }

    @Test
    void aTickWaitsForASpeakerOfWhomWhatWasReadyHadBecomeTooOld() {
        RoomDriver slow = new RoomDriver(RoomOptions.of(
                Map.of("room.tick-period-ms", "400", "room.playout-deadline-ms", "100", "room.max-hold-ms", "90")));
        slow.speak("ann", 0, 0, 5).advance(10);
        slow.speak("ann", 5, 5, 5).advance(390);
        assertThat(slow.logged()).extracting(LogFrame::getDisposition).containsOnly(Disposition.STALE);
        int before = slow.ticks().size();

        slow.advance(250).speak("bob", 0, 0, 5);

        assertThat(slow.ticks()).as("Ann's next chunk is not in").hasSize(before);
    }

    @Test
    void aTickThatClosesEarlyDoesNotBringTheNextOneForward() {
        driver.speak("ann", 0, 0, 5).advance(60);
        driver.speak("ann", 5, 5, 5);
        assertThat(driver.ticks()).hasSize(2);
        driver.advance(60);
        driver.speak("ann", 10, 10, 5);
        assertThat(driver.ticks()).hasSize(2);

        driver.advance(30);
        assertThat(driver.ticks())
                .as("due 200 ms after the first, early by half a period")
                .hasSize(2);
        driver.speak("ann", 15, 15, 5);
        assertThat(driver.ticks()).hasSize(3);
    }

    @Test
    void whatWasReadyBeforeAnOutageIsTooOldAfterIt() {
        driver.join("ann", 1).advance(100).speak("ann", 0, 0, 5).advance(10);
        driver.speak("ann", 5, 5, 5).speak("ann", 10, 10, 5, Chunk.FLAG_END_OF_SPURT);
        driver.restart(30_000).advance(100);
        driver.speak("ann", 15, 0, 5).advance(200);

        List<String> expected = sequence("ann", 0, 5);
        expected.addAll(sequence("ann", 15, 5));
        assertThat(driver.played()).isEqualTo(expected);
        assertThat(driver.logged())
                .hasSize(10)
                .extracting(LogFrame::getDisposition)
                .containsOnly(Disposition.STALE);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
    }

    @Test
    void nothingIsGivenUpOrFreedWhileTheSourceCatchesUp() {
        driver.speak("ann", 0, 0, 5).speak("ann", 10, 10, 5);
        driver.room.setCatchingUp(true);
        driver.nowMs += 60_000;
        driver.speak("bob", 0, 0, 5);
        driver.room.onTimer(driver.nowMs * 1_000, driver.outputs::add);

        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
        assertThat(driver.room.isClosed()).isFalse();
        driver.room.setCatchingUp(false);
        driver.advance(10_000);
        assertThat(driver.events(Event.Kind.LOST)).isNotEmpty();
        assertThat(driver.room.isClosed()).isTrue();
    }

    @Test
    void anEpochThatHasUsedUpItsStreamIndexesIsFollowedByAnother() {
        driver.join("bob", 1).advance(100);
        driver.speak("bob", 0, 0, 5).advance(100);
        driver.room = Room.restore(driver.room.state().setNextStream(65_500).build(), options);
        for (int who = 0; who < 100; who++) {
            // Leaves again at once, so that only the numbering of streams runs out.
            String visitor = "v" + who;
            driver.join(visitor, 3L * who + 10).speakAs(visitor, 0, 0, 1, driver.nowMs, 3L * who + 11);
            driver.leave(visitor, 3L * who + 12);
            if (who % 50 == 0) {
                driver.advance(100);
            }
        }
        driver.speak("bob", 5, 5, 5).advance(200);

        assertThat(driver.events(Event.Kind.OPENED)).hasSize(2);
        assertThat(driver.events(Event.Kind.STREAM))
                .extracting(Event::getStream)
                .allMatch(index -> index < 0xFFFF);
        assertThat(driver.played()).contains("bob:9");
    }

    private List<Integer> numberings() {
        List<Integer> numberings = new ArrayList<>();
        driver.ticks()
                .forEach(tick ->
                        tick.getLogOnly().getOriginsList().forEach(origin -> numberings.add(origin.getNumbering())));
        return numberings;
    }

    private List<Integer> numbersPlayed() {
        List<Integer> numbers = new ArrayList<>();
        driver.ticks().forEach(tick -> {
            io.parley.core.tick.LiveFrames.Reader frames =
                    new io.parley.core.tick.LiveFrames.Reader(tick.getFrames().toByteArray());
            while (frames.next()) {
                numbers.add(frames.sequence());
            }
        });
        return numbers;
    }
}
