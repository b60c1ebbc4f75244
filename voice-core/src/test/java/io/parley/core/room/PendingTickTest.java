package io.parley.core.room;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Control;
import io.parley.core.wire.Event;
import io.parley.core.wire.Tick;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** In which order a tick has what waited for it, and what is too much for one. */
class PendingTickTest {

    /** Of a frame of seven bytes, in base64 and with the head of a run. */
    private static final int FRAME_BYTES = 24;
    /** Counted for an event or a trace, and held back for the rest of the message. */
    private static final int EVENT_BYTES = 160;

    private static final int ENVELOPE_BYTES = 1_024;

    @Test
    void aTickThatIsFullClosesBeforeItsTime() {
        RoomDriver driver = ofTicksUpTo(200 * FRAME_BYTES).speak("zz", 0, 0, 5);
        for (int i = 0; i < 39; i++) {
            driver.speak("p" + i % 10, i / 10 * 5, i / 10 * 5L, 5);
        }
        assertThat(driver.ticks()).hasSize(1);

        driver.speak("p9", 15, 15, 5);

        assertThat(driver.ticks()).hasSizeGreaterThan(1);
        assertThat(driver.played()).hasSize(205);
    }

    @Test
    void hopTimesCountAmongWhatMakesATickFull() {
        RoomDriver driver = ofTicksUpTo(5_000);
        for (int i = 0; i < 10; i++) {
            driver.speak("p" + i, 0, 0, 1);
        }
        driver.advance(100);
        int before = driver.ticks().size();
        int tooMany = 5_000 / (FRAME_BYTES + EVENT_BYTES) + 1;
        for (int i = 0; i < tooMany; i++) {
            assertThat(driver.ticks()).hasSize(before);
            driver.speak("p" + i % 10, i / 10 + 1, i / 10 + 1, 1, Chunk.FLAG_TRACE);
        }

        int fit = (5_000 - ENVELOPE_BYTES) / (FRAME_BYTES + EVENT_BYTES);
        assertThat(driver.ticks().subList(before, driver.ticks().size()))
                .extracting(Tick::getTracesCount)
                .containsExactly(fit, tooMany - fit);
    }

    @Test
    void asManyFramesAsFitAreInATick() {
        RoomDriver driver = ofTicksUpTo(ENVELOPE_BYTES + 160 * FRAME_BYTES);
        for (int i = 0; i < 10; i++) {
            driver.speak("p" + i, 0, 0, 1);
        }
        driver.advance(100);
        int before = driver.ticks().size();
        for (int i = 0; i < 34; i++) {
            driver.speak("p" + i % 10, i / 10 * 5 + 1, i / 10 * 5L + 1, 5);
        }
        driver.advance(100);

        assertThat(driver.ticks().subList(before, driver.ticks().size()))
                .extracting(tick -> frames(tick))
                .containsExactly(160, 10);
    }

    @Test
    void asManyTextsAsFitAreInATickAndOneThatIsTooLongIsInOneOfItsOwn() {
        int textBytes = EVENT_BYTES + 6 * 110;
        RoomDriver driver =
                ofTicksUpTo(ENVELOPE_BYTES + 5 * textBytes).join("bob", 1).advance(100);
        driver.control(Control.Kind.MUTE, "bob", 2, true);
        int before = driver.ticks().size();
        for (int i = 0; i < 12; i++) {
            say(driver, 10 + i, 110);
        }
        driver.advance(100);
        assertThat(countsOf(driver, before, Event.Kind.SAID)).containsExactly(5, 5, 2);

        driver.advance(200).control(Control.Kind.UNMUTE, "bob", 50, true);
        before = driver.ticks().size();
        say(driver, 60, 110);
        say(driver, 61, 5_000);
        say(driver, 62, 110);
        driver.advance(100);
        assertThat(countsOf(driver, before, Event.Kind.SAID)).containsExactly(1, 1, 1);
    }

    @Test
    void namesCountAmongWhatMakesATickFull() {
        RoomDriver driver = ofTicksUpTo(ENVELOPE_BYTES + 5 * (EVENT_BYTES + 6 * 110));
        driver.join("bob", 1);
        for (int i = 0; i < 12; i++) {
            driver.control(
                    10 + i,
                    Control.newBuilder()
                            .setKind(Control.Kind.JOIN)
                            .setParticipant("p" + i)
                            .setConnection("p" + i)
                            .setDisplayName("n".repeat(110)));
        }
        driver.advance(100);

        assertThat(countsOf(driver, 1, Event.Kind.JOINED)).containsExactly(5, 5, 2);
    }

    @Test
    void framesOfTheSameTimeAreOrderedByParticipantAndThenByStream() {
        RoomDriver driver = new RoomDriver(RoomOptions.defaults()).speak("zoe", 0, 0, 1);
        driver.chunk("bob").over("bob-2").at(0, 0).frames(2).now();
        driver.chunk("ann").over("ann-1").at(100, 0).frames(2).now();
        driver.chunk("ann").over("ann-2").at(200, 0).frames(2).now().advance(100);
        assertThat(driver.played())
                .containsExactly("zoe:0", "ann:100", "ann:200", "bob:0", "ann:101", "ann:201", "bob:1");

        driver.chunk("ann").over("ann-2").at(202, 2).frames(1).now();
        driver.chunk("bob").over("bob-2").at(2, 2).frames(1).now();
        driver.chunk("ann").over("ann-1").at(102, 2).frames(1).now().advance(100);
        assertThat(driver.played().subList(7, 10)).containsExactly("ann:102", "ann:202", "bob:2");
    }

    private static RoomDriver ofTicksUpTo(int bytes) {
        return new RoomDriver(
                RoomOptions.of(Map.of("room.max-tick-bytes", Integer.toString(bytes), "room.loudest", "64")));
    }

    private static void say(RoomDriver driver, long version, int characters) {
        driver.control(version, Control.newBuilder().setKind(Control.Kind.SAY).setText("x".repeat(characters)));
    }

    private static int frames(Tick tick) {
        io.parley.core.tick.LiveFrames.Reader frames =
                new io.parley.core.tick.LiveFrames.Reader(tick.getFrames().toByteArray());
        int count = 0;
        while (frames.next()) {
            count++;
        }
        return count;
    }

    /** How many events of a kind the ticks have, of those from {@code first} on that have one. */
    private static List<Integer> countsOf(RoomDriver driver, int first, Event.Kind kind) {
        return driver.ticks().subList(first, driver.ticks().size()).stream()
                .map(tick -> (int) tick.getEventsList().stream()
                        .filter(event -> event.getKind() == kind)
                        .count())
                .filter(count -> count > 0)
                .collect(Collectors.toList());
    }
}
