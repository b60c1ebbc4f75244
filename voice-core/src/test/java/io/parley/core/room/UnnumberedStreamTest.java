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

/** Senders of the original protocol, which number nothing. */
class UnnumberedStreamTest {

    private final RoomOptions options = RoomOptions.defaults();
    private final RoomDriver driver = new RoomDriver(options);
    private final long startMs = driver.nowMs;

    @Test
    void chunksThatArrivedInTheSameMillisecondLeaveByTheirCaptureTime() {
        say(0, startMs, 10);
        say(10, startMs, 30);
        say(5, startMs, 20);
        driver.advance(400);

        assertThat(driver.played()).isEqualTo(sequence("mod", 0, 15));
    }

    @Test
    void ofTheSameMillisecondWhatWasCapturedBeforeTheLastThatLeftIsLateAndWhatCameAfterItIsNot() {
        say(0, startMs, 10);
        driver.advance(400);
        say(100, startMs, 9);
        say(5, startMs, 11);
        driver.advance(400);

        assertThat(driver.played()).isEqualTo(sequence("mod", 0, 10));
        assertThat(dispositions()).hasSize(5).containsOnly(Disposition.LATE);
    }

    @Test
    void whatArrivedTooLongAgoIsLoggedAsStale() {
        say(0, startMs, 10);
        say(100, startMs - options.playoutDeadlineMs() - 1, 0);
        driver.advance(400);

        assertThat(driver.played()).isEqualTo(sequence("mod", 0, 5));
        assertThat(dispositions()).hasSize(5).containsOnly(Disposition.STALE);
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsExactly("stale");
    }

    @Test
    void anotherFrameDurationOrNumbersBeginAnotherStream() {
        driver.chunk("mod").unnumbered().now();
        driver.chunk("mod").unnumbered().frameMs(40).now();
        driver.chunk("mod").frameMs(40).now().advance(400);

        assertThat(driver.events(Event.Kind.STREAM))
                .extracting(Event::getFrameDurationUs)
                .containsExactly(20_000, 40_000, 40_000);
    }

    @Test
    void asManyFramesAsMayBeHeldWaitNoLonger() {
        for (int i = 0; i < 5; i++) {
            driver.chunk("mod")
                    .unnumbered()
                    .at(i * 10, 0)
                    .frames(10)
                    .captured(i)
                    .now();
        }
        driver.advance(options.tickPeriodMs());

        assertThat(driver.played()).isEqualTo(sequence("mod", 0, 50));
    }

    @Test
    void aChunkThatIsTooLateMakesTheHoldLongerByAsMuch() {
        int at = 0;
        for (; at < 1_250; at += 5) {
            say(at, driver.nowMs, at);
            driver.advance(100);
        }
        for (int round = 0; round < 5; round++, at += 5) {
            long arrivalMs = driver.nowMs;
            say(at, arrivalMs + 1, 5_000 + round);
            driver.advance(60);
            driver.chunk("mod").unnumbered().at(0, 0).arrived(arrivalMs).now().advance(340);
        }
        assertThat(dispositions()).as("the first alone").hasSize(5).containsOnly(Disposition.LATE);
        int before = driver.ticks().size();

        say(0, driver.nowMs, 9_000);
        driver.advance(63);
        assertThat(driver.ticks()).hasSize(before);
        driver.advance(1);
        assertThat(driver.ticks()).hasSize(before + 1);
    }

    @Test
    void aChunkThatIsDelayedOnItsWayKeepsItsTime() {
        driver.chunk("mod").unnumbered().at(0, 0).arrived(startMs - 200).now();
        driver.chunk("non").unnumbered().at(0, 0).arrived(startMs - 190).now();
        driver.chunk("mod").unnumbered().at(5, 0).arrived(startMs - 70).now();
        driver.chunk("non").unnumbered().at(5, 0).arrived(startMs - 90).now();
        driver.advance(400);

        assertThat(driver.played().subList(10, 20))
                .containsExactly(
                        "mod:5", "non:5", "mod:6", "non:6", "mod:7", "non:7", "mod:8", "non:8", "mod:9", "non:9");
    }

    @Test
    void whatWaitsAndWhatHasLeftIsKnownAfterACheckpoint() {
        say(0, startMs, 10);
        driver.advance(400);
        for (int i = 0; i < 4; i++) {
            driver.chunk("mod")
                    .unnumbered()
                    .at(5 + i * 10, 0)
                    .frames(10)
                    .captured(20 + i)
                    .now();
        }
        driver.throughState();
        say(0, startMs, 10);
        assertThat(driver.played()).hasSize(5);
        driver.chunk("mod").unnumbered().at(45, 0).frames(10).captured(30).now();
        driver.advance(options.tickPeriodMs());

        assertThat(driver.played()).isEqualTo(sequence("mod", 0, 55));
        assertThat(dispositions()).hasSize(5).containsOnly(Disposition.DUPLICATE);
    }

    @Test
    void oneWhoLeavesIsHeardOut() {
        driver.join("ann", 1).join("mod", 2).advance(100);
        driver.chunk("mod").unnumbered().version(2).now();
        driver.leave("mod", 3).advance(100);

        assertThat(driver.played()).isEqualTo(sequence("mod", 0, 5));
    }

    private void say(int sequence, long arrivalMs, long capturedMs) {
        driver.chunk("mod")
                .unnumbered()
                .at(sequence, 0)
                .arrived(arrivalMs)
                .captured(capturedMs)
                .now();
    }

    private List<Disposition> dispositions() {
        return driver.logged().stream().map(LogFrame::getDisposition).collect(Collectors.toList());
    }
}
