package io.parley.core.room;

import static io.parley.core.room.RoomDriver.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Places that come twice, late, in part or never; what a stream learns of it; and when its frames were said. */
class NumberedStreamTest {

    private final RoomOptions options = RoomOptions.defaults();
    private final RoomDriver driver = new RoomDriver(options);

    @Test
    void ofAChunkThatOverlapsTheOneBeforeItTheRestIsPlayedAtItsTime() {
        driver.join("ann", 1).join("bob", 2).advance(1_000);
        long start = driver.nowMs;
        driver.speakAs("ann", 0, 0, 5, start, 1).speakAs("bob", 0, 0, 5, start + 10, 2);
        driver.advance(90);
        driver.speakAs("bob", 5, 5, 3, start + 70, 2).speakAs("ann", 3, 3, 5, start + 60, 1);
        driver.advance(200);

        assertThat(driver.played().subList(10, 16))
                .containsExactly("ann:5", "bob:5", "ann:6", "bob:6", "ann:7", "bob:7");
        assertThat(dispositions()).containsExactly(Disposition.DUPLICATE, Disposition.DUPLICATE);
    }

    @Test
    void aChunkThatReachesIntoWhatIsHeldFillsTheGapAndNoMore() {
        driver.speak("ann", 0, 0, 5)
                .speak("ann", 10, 10, 5)
                .speak("ann", 5, 5, 7)
                .advance(200);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 15));
        assertThat(dispositions()).containsExactly(Disposition.DUPLICATE, Disposition.DUPLICATE);
    }

    @Test
    void aCopyIsToldFromALateFrameForTheLast256Places() {
        say(0, 300);
        driver.chunk("ann").at(300 - 256, 300 - 256).frames(1).captured(0).now().advance(100);
        driver.chunk("ann").at(300 - 257, 300 - 257).frames(1).captured(0).now().advance(100);
        driver.speak("ann", 300, 300, 1).advance(100);

        assertThat(dispositions()).containsExactly(Disposition.DUPLICATE, Disposition.LATE);
    }

    @Test
    void whatComesAfterItsPlaceWasGivenUpIsLateAlsoWhenItsBitHadBeenUsedBefore() {
        say(0, 300);
        driver.speak("ann", 310, 310, 5).advance(400);
        driver.chunk("ann").at(300, 300).frames(10).captured(0).now();
        driver.speak("ann", 315, 315, 5).advance(100);
        assertThat(dispositions()).hasSize(10).containsOnly(Disposition.LATE);

        driver.speak("ann", 620, 620, 5).advance(400);
        driver.chunk("ann").at(500, 500).frames(10).captured(0).now();
        driver.speak("ann", 625, 625, 5).advance(100);
        assertThat(dispositions()).hasSize(20).containsOnly(Disposition.LATE);
    }

    @Test
    void framesThatWereHeldBeforeACheckpointCountAmongThoseThatAreHeldAfterIt() {
        driver.speak("ann", 0, 0, 5);
        for (int at = 10; at < 50; at += 10) {
            driver.speak("ann", at, at, 10);
        }
        driver.throughState().speak("ann", 50, 50, 10).advance(100);

        assertThat(driver.played()).hasSize(55);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
    }

    @Test
    void aSpurtIsWaitedForIfAllThatIsMissingOfItCouldBeHeld() {
        driver.speak("ann", 50, 50, 5).advance(100);
        assertThat(driver.played()).isEmpty();

        driver.speak("bob", 51, 51, 5);
        assertThat(driver.played()).isEqualTo(sequence("bob", 51, 5));
    }

    @Test
    void aClientThatBeginsAnewAfterItsFirstChunkIsHeard() {
        driver.chunk("ann").at(0, 0).captured(1_000).now().advance(100);
        driver.chunk("ann").at(0, 0).captured(9_000).now().advance(100);

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(2);
        assertThat(driver.played()).hasSize(10);
    }

    @Test
    void aSecondGapIsHeldFromWhenTheFirstFrameBehindItCame() {
        driver.speak("ann", 0, 0, 5).speak("ann", 10, 10, 5).advance(150);
        driver.speak("ann", 20, 20, 5).advance(30);
        driver.speak("ann", 5, 5, 5).advance(options.maxHoldMs() - 31);
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();

        driver.advance(1 + options.tickPeriodMs());

        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
    }

    @Test
    void aSpurtThatComesAfterItsPlaceWasGivenUpIsNoNewBeginning() {
        driver.chunk("ann").at(0, 0).captured(1_000).now();
        driver.chunk("ann").at(10, 0).captured(1_200).now().advance(400);
        driver.chunk("ann").at(5, 0).captured(1_100).now().advance(100);

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(1);
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsExactly("late");
    }

    @Test
    void aCopyOfWhatOvertookAChunkIsNoNewBeginning() {
        driver.chunk("ann").at(0, 0).captured(1_000).now();
        driver.chunk("ann").at(10, 0).captured(1_200).now();
        driver.chunk("ann").at(5, 0).captured(1_100).now().advance(100);
        driver.chunk("ann").at(10, 0).captured(1_200).now();
        driver.chunk("ann").at(15, 5).captured(1_300).now().advance(100);

        assertThat(driver.events(Event.Kind.STREAM)).hasSize(1);
        assertThat(dispositions()).hasSize(5).containsOnly(Disposition.DUPLICATE);
    }

    // What it learns

    @Test
    void theHoldIsAsLongAsChunksAreLateAndNotLonger() {
        for (int at = 0; at < 400; at += 2) {
            driver.chunk("ann").at(at * 5 + 5, at * 5L + 5).now().advance(90);
            driver.chunk("ann").at(at * 5, at * 5L).now().advance(110);
        }
        driver.speak("ann", 2_005, 2_005, 5);

        assertThatAGapIsHeld(96);
    }

    @Test
    void whatComesAfterItsGapWasGivenUpMakesTheHoldLonger() {
        say(0, 1_000);
        for (int round = 0; round < 5; round++) {
            int at = 1_000 + round * 10;
            driver.speak("ann", at + 5, at + 5, 5).advance(90);
            driver.chunk("ann").at(at, at).captured(0).now().advance(110);
        }
        assertThat(driver.events(Event.Kind.LOST)).as("the first alone").hasSize(1);
        driver.speak("ann", 1_055, 1_055, 5);

        assertThatAGapIsHeld(96);
    }

    @Test
    void lossesAndCopiesMakeTheHoldNoLonger() {
        int at = 0;
        for (; at < 3_000; at += 15) {
            driver.speak("ann", at, at, 5).advance(100);
            long capturedMs = driver.nowMs;
            driver.speak("ann", at + 10, at + 10, 5).advance(300);
            driver.chunk("ann").at(at + 10, at + 10).captured(capturedMs).now();
        }
        driver.speak("ann", at, at, 5).advance(100);
        driver.speak("ann", at + 10, at + 10, 5);

        assertThatAGapIsHeld(options.minHoldMs());
    }

    @Test
    void whatComesInOrderBehindAGapIsNotLate() {
        int at = 0;
        for (; at < 500; at++) {
            if (at % 10 != 5) {
                driver.speak("ann", at, at, 1);
            }
            driver.advance(20);
        }
        driver.advance(400).speak("ann", at + 1, at + 1, 1);

        assertThatAGapIsHeld(options.minHoldMs());
    }

    // When it was said

    @Test
    void aChunkThatIsDelayedInTheMiddleOfALongSpurtKeepsItsTime() {
        driver.join("ann", 1).join("bob", 2).advance(1_000);
        long start = driver.nowMs;
        for (int at = 0; at < 200; at += 5) {
            long arrivalMs = start + at * 20L;
            driver.speakAs("ann", at, at, 5, arrivalMs, 1).speakAs("bob", at, at, 5, arrivalMs + 10, 2);
            driver.advance(100);
        }
        driver.speakAs("bob", 200, 200, 5, start + 4_010, 2).speakAs("ann", 200, 200, 5, start + 4_030, 1);
        driver.advance(200);

        assertThat(driver.played().subList(400, 410))
                .containsExactly(
                        "ann:200", "bob:200", "ann:201", "bob:201", "ann:202", "bob:202", "ann:203", "bob:203",
                        "ann:204", "bob:204");
    }

    @Test
    void noFrameIsPutBeforeTheOneThatItFollowsThoughItsSpurtProvesToHaveBegunEarlier() {
        driver.join("ann", 1).join("bob", 2).advance(1_000);
        long start = driver.nowMs;
        driver.speakAs("ann", 0, 0, 5, start + 60, 1).speakAs("bob", 0, 0, 5, start, 2);
        driver.advance(90);
        driver.speakAs("bob", 5, 5, 5, start + 100, 2).speakAs("ann", 5, 5, 5, start + 100, 1);
        driver.advance(200);

        // From when Bob began, Ann's last frame was at 140 ms and Bob's next ones are at 100, 120 and so on.
        assertThat(driver.played().subList(10, 20))
                .containsExactly(
                        "bob:5", "bob:6", "bob:7", "ann:5", "bob:8", "ann:6", "bob:9", "ann:7", "ann:8", "ann:9");
    }

    /** Ann speaks in chunks of five frames, in real time. */
    private void say(int from, int to) {
        for (int at = from; at < to; at += 5) {
            driver.speak("ann", at, at, 5).advance(100);
        }
    }

    /** The gap that has begun now is given up when its hold is over and a tick may close, and not before. */
    private void assertThatAGapIsHeld(int holdMs) {
        int before = driver.events(Event.Kind.LOST).size();
        driver.advance(holdMs - 1);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(before);
        driver.advance(Math.max(0, options.tickPeriodMs() - holdMs) + 1);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(before + 1);
    }

    private List<Disposition> dispositions() {
        return driver.logged().stream().map(LogFrame::getDisposition).collect(Collectors.toList());
    }
}
