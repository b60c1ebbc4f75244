package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReceivingTest {

    private final ClientFixture fixture = new ClientFixture();
    private final RecordingListener heard = fixture.listener;
    private final RoomScript room = fixture.room;

    @Test
    void handsOverEventsFramesAndLossesThenTheTick() {
        fixture.joined();

        fixture.say(room.frame(1, 7, "a")
                .frame(1, 8, "b")
                .event("{\"kind\":\"joined\",\"participant\":\"bob\",\"name\":\"Bob\"}")
                .event("{\"kind\":\"lost\",\"stream\":1,\"seq\":4,\"count\":3}")
                .message());

        assertThat(heard.lines)
                .containsExactly("event JOINED bob Bob", "frame ann 7 a", "frame ann 8 b", "lost ann 4 3", "tick 5");
        assertThat(fixture.count(ClientCounter.LOST_FRAMES)).isEqualTo(3);
        assertThat(heard.frames.get(0).level()).isEqualTo(30);
    }

    @Test
    void severalTicksOfAMessageComeInOrder() {
        fixture.joined();

        fixture.say(room.messageOf(
                room.frame(1, 1, "a").tick(), room.frame(1, 2, "b").tick()));

        assertThat(heard.lines).containsExactly("frame ann 1 a", "tick 5", "frame ann 2 b", "tick 6");
    }

    @Test
    void playsEachFrameOnceThoughItComesInTwoTicks() {
        fixture.joined();

        fixture.say(room.frame(1, 0xFFFF_FFFFL, "a").message());
        fixture.say(room.frame(1, 0xFFFF_FFFFL, "a").frame(1, 0, "b").message());

        assertThat(heard.lines).containsExactly("frame ann 4294967295 a", "tick 5", "frame ann 0 b", "tick 6");
        assertThat(fixture.count(ClientCounter.DUPLICATE_FRAMES)).isEqualTo(1);
    }

    @Test
    void aTickThatComesTwiceIsIgnored() {
        fixture.joined();
        String tick = room.frame(1, 1, "a").message();

        fixture.say(tick);
        fixture.say(tick);

        assertThat(heard.lines).containsExactly("frame ann 1 a", "tick 5");
        assertThat(fixture.count(ClientCounter.IGNORED_TICKS)).isEqualTo(1);
    }

    @Test
    void theTickThatOrdersTheJoinIsNotPlayed() {
        fixture.connected();
        fixture.client.join("lobby");
        String before = room.frame(1, 1, "a").message();

        fixture.say(room.joined());
        fixture.say(before);
        fixture.say(room.frame(1, 2, "b").message());

        assertThat(heard.lines).containsExactly("joined lobby", "frame ann 2 b", "tick 6");
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void doesNotHearItself() {
        fixture.joined();

        fixture.say(room.event(RoomScript.ME_SPEAKS_IN_STREAM_2)
                .event("{\"kind\":\"lost\",\"stream\":2,\"seq\":4,\"count\":3}")
                .frame(2, 1, "mine")
                .frame(1, 1, "a")
                .message());

        assertThat(heard.lines).containsExactly("event STREAM me", "frame ann 1 a", "tick 5");
        assertThat(fixture.count(ClientCounter.OWN_FRAMES)).isEqualTo(1);
    }

    @Test
    void hearsItselfIfAskedTo() {
        ClientFixture echo = new ClientFixture(ClientFixture.OPTIONS.withOwnVoice(true)).joined();

        echo.say(echo.room
                .event(RoomScript.ME_SPEAKS_IN_STREAM_2)
                .frame(2, 1, "mine")
                .message());

        assertThat(echo.listener.lines).contains("frame me 1 mine");
    }

    @Test
    void countsTheTicksThatItMissesAndGoesOnWithTheChain() {
        fixture.joined();

        fixture.say(room.frame(1, 1, "a").message());
        room.frame(1, 2, "b").tick();
        room.frame(1, 3, "c").tick();
        fixture.say(room.frame(1, 4, "d").message());
        fixture.say(room.frame(1, 5, "e").message());

        assertThat(heard.lines)
                .containsExactly(
                        "frame ann 1 a", "tick 5", "missed 2", "frame ann 4 d", "tick 8", "frame ann 5 e", "tick 9");
        assertThat(fixture.count(ClientCounter.MISSED_TICKS)).isEqualTo(2);
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void aStreamThatIsDeclaredAgainGoesOnAndIsNotToldAgain() {
        fixture.joined();

        fixture.say(room.event(RoomScript.ME_SPEAKS_IN_STREAM_2).message());
        fixture.say(
                room.event(RoomScript.ME_SPEAKS_IN_STREAM_2).frame(1, 1, "a").message());

        assertThat(heard.lines).containsExactly("event STREAM me", "tick 5", "frame ann 1 a", "tick 6");
    }

    @Test
    void ticksThatCarriedItsOwnVoiceAloneAreNotMissed() {
        fixture.joined();

        fixture.say(room.event(RoomScript.ME_SPEAKS_IN_STREAM_2).message());
        room.frame(2, 1, "mine").tick();
        room.frame(2, 2, "mine").tick();
        fixture.say(room.frame(1, 1, "a").skipped("me", 6).message());

        assertThat(heard.lines).containsExactly("event STREAM me", "tick 5", "frame ann 1 a", "tick 8");
        assertThat(fixture.count(ClientCounter.MISSED_TICKS)).isZero();
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void ticksThatWereMissedBeforeOrWereSkippedForSomebodyElseAreCounted() {
        fixture.joined();

        room.frame(1, 1, "a").tick();
        room.frame(2, 1, "mine").tick();
        fixture.say(room.frame(1, 2, "b").skipped("me", 6).message());
        room.frame(1, 3, "c").tick();
        fixture.say(room.frame(1, 4, "d").skipped("ann", 8).message());

        assertThat(heard.lines)
                .containsExactly("missed 1", "frame ann 2 b", "tick 7", "missed 1", "frame ann 4 d", "tick 9");
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void aLaterEpochReplacesTheOneBeforeAndTheOldOneIsIgnored() {
        fixture.joined();
        fixture.say(room.frame(1, 7, "a").message());
        String old = room.frame(1, 8, "b").message();

        room.newEpoch(200)
                .event("{\"kind\":\"opened\",\"tombstone\":{\"epoch\":100,\"tick\":7,\"hash\":\"\"}}")
                .event(RoomScript.ANN_SPEAKS_IN_STREAM_1)
                .frame(1, 8, "b again");
        fixture.say(room.message());
        fixture.say(old);

        assertThat(heard.lines)
                .containsExactly(
                        "frame ann 7 a",
                        "tick 5",
                        "missed 2",
                        "event OPENED ",
                        "event STREAM ann",
                        "frame ann 8 b again",
                        "tick 0");
        assertThat(fixture.count(ClientCounter.IGNORED_TICKS)).isEqualTo(1);
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void whatWasPlayedBeforeTheJobWentBackIsNotPlayedAgainInTheNewEpoch() {
        fixture.joined();
        fixture.say(room.frame(1, 7, "a").frame(1, 8, "b").message());

        fixture.say(room.newEpoch(200)
                .event("{\"kind\":\"opened\",\"tombstone\":{\"epoch\":100,\"tick\":5,\"hash\":\"\"}}")
                .event(RoomScript.ANN_SPEAKS_IN_STREAM_1)
                .frame(1, 8, "b")
                .frame(1, 9, "c")
                .message());

        assertThat(heard.frames).extracting(VoiceFrame::sequence).containsExactly(7L, 8L, 9L);
        assertThat(fixture.count(ClientCounter.DUPLICATE_FRAMES)).isEqualTo(1);
    }

    @Test
    void aStreamThatBeginsAfterTheOpeningTickOrIsAnotherSpeakersIsANewNumbering() {
        fixture.joined();
        fixture.say(room.frame(1, 7, "a").message());

        fixture.say(room.newEpoch(200)
                .event("{\"kind\":\"opened\",\"tombstone\":{\"epoch\":100,\"tick\":5,\"hash\":\"\"}}")
                .event(RoomScript.ANN_SPEAKS_IN_STREAM_1.replace("ann", "bob"))
                .frame(1, 7, "bob")
                .message());
        fixture.say(room.newEpoch(300)
                .event("{\"kind\":\"opened\",\"tombstone\":{\"epoch\":200,\"tick\":0,\"hash\":\"\"}}")
                .message());
        fixture.say(room.event(RoomScript.ANN_SPEAKS_IN_STREAM_1.replace("ann", "bob"))
                .frame(1, 7, "bob again")
                .message());
        fixture.say(room.newEpoch(400)
                .event("{\"kind\":\"opened\"}")
                .event(RoomScript.ANN_SPEAKS_IN_STREAM_1.replace("ann", "bob"))
                .frame(1, 7, "bob in a room that is new")
                .message());

        assertThat(heard.lines)
                .contains(
                        "frame ann 7 a",
                        "frame bob 7 bob",
                        "frame bob 7 bob again",
                        "frame bob 7 bob in a room that is new");
    }

    @Test
    void aNewEpochWhoseFirstTicksWereMissedIsPlayedAllTheSame() {
        fixture.joined();
        room.newEpoch(200).event(RoomScript.ANN_SPEAKS_IN_STREAM_1).tick();

        fixture.say(room.frame(1, 1, "a").message());

        assertThat(heard.lines).containsExactly("missed 1", "tick 1");
        assertThat(fixture.count(ClientCounter.UNKNOWN_STREAM_FRAMES)).isEqualTo(1);
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void aTickThatWasAlteredBreaksTheChainOnce() {
        fixture.joined();

        fixture.say(room.event("{\"kind\":\"said\",\"participant\":\"bob\",\"text\":\"yes\"}")
                .message()
                .replace("yes", "no"));
        fixture.say(room.frame(1, 1, "a").message());

        assertThat(heard.lines).containsExactly("break at 5", "event SAID bob no", "tick 5", "frame ann 1 a", "tick 6");
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isEqualTo(1);
    }

    @Test
    void theChainIsNotCheckedIfNotAskedTo() {
        ClientFixture trusting = new ClientFixture(ClientFixture.OPTIONS.withChainChecked(false)).joined();

        trusting.say(trusting.room
                .event("{\"kind\":\"said\",\"participant\":\"bob\",\"text\":\"yes\"}")
                .message()
                .replace("yes", "no"));

        assertThat(trusting.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void whatItCannotReadIsCountedAndTheNextTickIsPlayed() {
        fixture.joined();
        String[] bad = {
            "",
            "not json",
            "[]",
            "null",
            "{\"action\":\"tick\"}",
            "{\"action\":\"tick\",\"room\":\"lobby\",\"ticks\":[7]}",
            "{\"action\":\"tick\",\"room\":\"lobby\",\"ticks\":[{\"epoch\":\"x\"}]}",
            "{\"action\":\"tick\",\"room\":\"lobby\",\"ticks\":[{\"epoch\":100,\"tick\":5,\"hash\":\"AAAA\"}]}",
            room.message().replace("\"frames\":\"\"", "\"frames\":\"*\""),
            "{\"action\":\"joined\",\"room\":\"lobby\"}",
            "{\"action\":\"error\"}"
        };

        for (String message : bad) {
            fixture.say(message);
        }
        fixture.say(room.frame(1, 1, "a").message());

        assertThat(fixture.count(ClientCounter.MALFORMED)).isEqualTo(bad.length);
        assertThat(heard.errors)
                .hasSize(bad.length)
                .allMatch(error -> error.code().equals(VoiceError.MALFORMED));
        assertThat(heard.lines).endsWith("missed 1", "frame ann 1 a", "tick 6");
        assertThat(fixture.transport.socket().processed).isEqualTo(bad.length + 2);
    }

    @Test
    void framesThatEndInsideOneAreCountedAsMalformed() {
        fixture.joined();

        fixture.say(room.message().replace("\"frames\":\"\"", "\"frames\":\"AAEAAAABAQ==\""));

        assertThat(fixture.count(ClientCounter.MALFORMED)).isEqualTo(1);
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isEqualTo(1);
    }

    @Test
    void messagesOfANewerServerAreIgnored() {
        fixture.joined();

        fixture.say("{\"action\":\"wave\",\"room\":\"lobby\"}");

        assertThat(heard.lines).isEmpty();
    }

    @Test
    void aFrameOfTheGatewayItselfIsAnErrorToRetry() {
        fixture.joined();

        fixture.say("{\"message\":\"Internal server error\",\"connectionId\":\"c\",\"requestId\":\"r-9\"}");

        VoiceError error = heard.errors.get(0);
        assertThat(error.code()).isEqualTo(VoiceError.GATEWAY);
        assertThat(error.retry()).isEqualTo(io.parley.core.error.Retry.LATER);
        assertThat(error.text()).isEqualTo("Internal server error");
        assertThat(error.requestId()).isEqualTo("r-9");
    }

    @Test
    void aListenerThatBreaksDoesNotBreakTheClient() {
        fixture.joined();
        heard.breaks = true;

        fixture.say(room.frame(1, 1, "a").frame(1, 2, "b").message());

        assertThat(heard.lines).containsExactly("frame ann 1 a", "frame ann 2 b", "tick 5");
        assertThat(fixture.count(ClientCounter.LISTENER_FAILURES)).isEqualTo(3);
    }

    @Test
    void readsWhatTheBroadcastLambdaWrites() throws Exception {
        fixture.connected();
        fixture.client.join("lobby");

        fixture.say(golden("joined-message.json"));
        fixture.say(golden("tick-message.json"));
        fixture.say(golden("tick-message-events.json"));
        fixture.say(golden("error-message.json"));

        assertThat(heard.lines)
                .containsExactly(
                        // The stream that the tick declares is known from the joined message.
                        "joined lobby",
                        "event JOINED bob Bob é",
                        "frame ann 4294967294 \u0098\u0001\u0002\u0003".replace("\u0098", "\uFFFD"),
                        "frame ann 4294967295 \uFFFD\u0004",
                        "lost ann 4294967289 5",
                        "tick 3",
                        "event OPENED ",
                        "event OPENED ",
                        "event JOINED bob Bob \"the\" é",
                        "event MUTED ann",
                        "event UNMUTED ann",
                        "event STREAM ann",
                        "event SPEAKING ann",
                        "event STOPPED ann",
                        "event SAID ann hi\nthere",
                        "event LEFT ann gone",
                        "event PRESENCE ann",
                        "event PRESENCE ann",
                        "event SETTINGS ",
                        "event SETTINGS ",
                        "event LOCKED ",
                        "event UNLOCKED ",
                        "event RECORDING  on",
                        "event RECORDING  off",
                        "event CLOSED ",
                        "lost ann 4294967295 5",
                        "tick 0",
                        "error rate_limited");
        HopTimes hops = heard.ticks.get(0).traces().get(0);
        assertThat(hops.sequence()).isEqualTo(4294967294L);
        assertThat(hops.gatewayUs()).isEqualTo(1_700_000_000_200_000L);
        assertThat(hops.postUs()).isEqualTo(1_700_000_000_206_500L);
        assertThat(heard.errors.get(0).retryAfterMs()).isEqualTo(1_000);
    }

    private static String golden(String file) throws Exception {
        return Files.readString(Path.of("..", "testdata", "golden", file));
    }
}
