package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** One connection after the other: the next is open, and the rooms joined there, before the old one is closed. */
class HandoverTest {

    /** TOC of a 20 ms packet, CELT fullband. */
    private static final byte[] PACKET = {(byte) (31 << 3), 1, 2};

    private static final long LIFE_MS = 7_200_000;

    private final List<String> tokens = new ArrayList<>();
    private final ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withTokens(() -> {
        tokens.add("t" + tokens.size());
        return CompletableFuture.completedFuture(tokens.get(tokens.size() - 1));
    }));
    private final RecordingListener heard = fixture.listener;
    private final RoomScript room = fixture.room;
    private FakeTransport.FakeSocket old;

    private void joined() {
        fixture.connected();
        fixture.client.join("lobby", "Me");
        fixture.accept("join", ",\"connection\":\"c-1\",\"resume\":\"secret\"");
        fixture.say(room.joined("\"members\":[],\"reconnectBefore\":" + (fixture.loop.millis() + LIFE_MS)));
        heard.lines.clear();
        old = fixture.transport.socket();
    }

    /** The old connection says something, so that it is not asked for a sign of life, and time goes on. */
    private void passUntilReplaced() {
        for (long passed = 0; fixture.transport.sockets.size() == 1 && passed < LIFE_MS; passed += 60_000) {
            old.say("{\"action\":\"pong\"}");
            fixture.loop.advanceMs(60_000);
        }
        heard.lines.clear();
    }

    private FakeTransport.FakeSocket next() {
        return fixture.transport.sockets.get(1);
    }

    @Test
    void beforeItsTimeIsUpASecondConnectionIsOpenedWithAFreshTokenAndJoinsInPlaceOfTheFirst() {
        joined();
        long begin = fixture.loop.millis();
        passUntilReplaced();

        assertThat(fixture.loop.millis() - begin)
                .as("early, but not much")
                .isBetween(LIFE_MS - 300_000, LIFE_MS - 60_000);
        assertThat(old.closed).isFalse();
        assertThat(fixture.transport.upgrades.get(1).headers()).containsEntry("Authorization", "Bearer t1");
        JsonNode join = fixture.transport.last("join");
        assertThat(join.path("room").asText()).isEqualTo("lobby");
        assertThat(join.path("name").asText()).isEqualTo("Me");
        assertThat(join.path("replaces").asText()).isEqualTo("c-1");
        assertThat(join.path("resume").asText()).isEqualTo("secret");
    }

    @Test
    void aConnectionWhoseEndHasPassedByAClockThatIsWrongIsNotReplacedAllTheTime() {
        fixture.connected();
        fixture.client.join("lobby");
        fixture.say(room.joined("\"members\":[],\"reconnectBefore\":" + (fixture.loop.millis() - 1)));
        fixture.loop.advanceMs(1_000);

        assertThat(fixture.transport.sockets).hasSize(1);
    }

    @Test
    void theOldOneIsPlayedUntilTheJoinAndTheNewOneFromThereOn() {
        joined();
        fixture.client.replaceConnection();
        String five = room.frame(1, 1, "a").message();
        String six = room.frame(1, 2, "b").message();
        String joinedAtSix = room.joined();
        String seven = room.frame(1, 3, "c").message();
        String eight = room.frame(1, 4, "d").message();

        old.say(five);
        next().say(joinedAtSix);
        next().say(seven);
        assertThat(heard.frames)
                .extracting(VoiceFrame::sequence)
                .as("six is under way")
                .containsExactly(1L);
        assertThat(fixture.count(ClientCounter.REPLACEMENTS)).isZero();
        old.say(six);
        assertThat(fixture.count(ClientCounter.REPLACEMENTS)).isEqualTo(1);
        old.say(seven);
        next().say(eight);

        assertThat(heard.lines)
                .containsExactly(
                        "frame ann 1 a",
                        "tick 5",
                        "frame ann 2 b",
                        "tick 6",
                        "frame ann 3 c",
                        "tick 7",
                        "frame ann 4 d",
                        "tick 8");
        assertThat(fixture.count(ClientCounter.MISSED_TICKS)).isZero();
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
        assertThat(fixture.count(ClientCounter.DUPLICATE_FRAMES)).isZero();
    }

    @Test
    void anOldOneThatIsAheadPlaysNothingTwice() {
        joined();
        fixture.client.replaceConnection();
        String joinedAtFour = room.joined();
        String five = room.frame(1, 1, "a").message();
        String six = room.frame(1, 2, "b").message();
        String seven = room.frame(1, 3, "c").message();
        old.say(five);
        old.say(six);
        next().say(joinedAtFour);
        next().say(five);
        next().say(six);
        next().say(seven);

        assertThat(heard.lines)
                .containsExactly("frame ann 1 a", "tick 5", "frame ann 2 b", "tick 6", "frame ann 3 c", "tick 7");
        assertThat(fixture.count(ClientCounter.MISSED_TICKS)).isZero();
    }

    @Test
    void aNewEpochInBetweenIsPlayedOnce() {
        joined();
        fixture.client.replaceConnection();
        String joinedAtFour = room.joined();
        String five = room.frame(1, 1, "a").message();
        String opening = room.newEpoch(200)
                .event("{\"kind\":\"opened\",\"tombstone\":{\"epoch\":100,\"tick\":5,\"hash\":\"\"}}")
                .event(RoomScript.ANN_SPEAKS_IN_STREAM_1)
                .frame(1, 1, "a")
                .frame(1, 2, "b")
                .message();
        String joinedAtOpening = room.joined();
        String one = room.frame(1, 3, "c").message();
        old.say(five);
        next().say(joinedAtOpening);
        next().say(one);
        assertThat(heard.lines).doesNotContain("frame ann 3 c");
        old.say(opening);

        assertThat(joinedAtFour).isNotEqualTo(joinedAtOpening);
        assertThat(heard.frames).extracting(VoiceFrame::sequence).containsExactly(1L, 2L, 3L);
        assertThat(fixture.count(ClientCounter.MISSED_TICKS)).isZero();
    }

    @Test
    void theOldOneIsClosedAMomentLaterAndNothingMoreIsHeardOfIt() {
        joined();
        CompletableFuture<Void> replaced = fixture.client.replaceConnection();
        assertThat(replaced).isNotDone();
        next().say(room.joined());

        assertThat(replaced).isCompleted();
        assertThat(old.closed).as("what was sent on it is under way").isFalse();
        fixture.loop.advanceMs(2_000);
        assertThat(old.closed).isTrue();
        old.drop();
        fixture.loop.advanceMs(60_000);
        assertThat(fixture.transport.sockets).hasSize(2);
        assertThat(heard.lines).isEmpty();
    }

    @Test
    void requestsThatWereAskedOnTheOldOneAreAnsweredByIt() {
        joined();
        CompletableFuture<Void> locked = fixture.client.room("lobby").lock();
        fixture.client.replaceConnection();
        next().say(room.joined());
        fixture.accept(old, "lock", "");
        fixture.client.room("lobby").selfMute();

        assertThat(locked).isCompleted();
        assertThat(next().sent("mute").get(0).path("n").asLong())
                .as("a numbering of its own")
                .isEqualTo(1);
    }

    @Test
    void roomsMoveTogetherWhenTheLastOfThemIsJoined() {
        joined();
        RoomScript attic = new RoomScript("attic");
        fixture.client.join("attic");
        fixture.say(attic.joined());
        fixture.client.replaceConnection();
        assertThat(next().sent("join")).hasSize(2);
        next().say(room.joined());
        next().say(room.frame(1, 1, "held").message());
        assertThat(fixture.count(ClientCounter.REPLACEMENTS)).isZero();
        old.say(attic.frame(1, 1, "attic").message());
        next().say(attic.joined());

        assertThat(heard.frames).extracting(VoiceFrame::room).containsExactly("attic", "lobby");
        assertThat(fixture.count(ClientCounter.REPLACEMENTS)).isEqualTo(1);
    }

    @Test
    void aRoomThatIsLeftMeanwhileIsNotWaitedForAndLeftThereToo() {
        joined();
        fixture.client.replaceConnection();
        fixture.client.leave("lobby");

        assertThat(fixture.count(ClientCounter.REPLACEMENTS)).isEqualTo(1);
        assertThat(next().sent("leave")).hasSize(1);
    }

    @Test
    void aRoomThatIsStillBeingJoinedIsJoinedOnTheNewOne() {
        joined();
        CompletableFuture<JoinedRoom> joining = fixture.client.join("attic");
        fixture.client.replaceConnection();
        next().say(room.joined());
        assertThat(next().sent("join"))
                .extracting(join -> join.path("room").asText())
                .containsExactly("lobby", "attic");
        next().say(new RoomScript("attic").joined());

        assertThat(joining).isCompleted();
    }

    @Test
    void whatTheOldOneNeverBringsIsMissedAfterAWhile() {
        joined();
        fixture.client.replaceConnection();
        room.frame(1, 1, "a").tick();
        next().say(room.joined());
        next().say(room.frame(1, 2, "b").message());
        fixture.loop.advanceMs(3_000);

        assertThat(heard.lines).containsExactly("missed 1", "frame ann 2 b", "tick 6");
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void anOldOneThatBreaksIsReplacedAtOnce() {
        joined();
        fixture.client.replaceConnection();
        old.drop();
        assertThat(next().sent("join"))
                .as("the second needs nothing of the old one")
                .hasSize(2);
        assertThat(next().sent("join").get(1).has("replaces")).isFalse();
        next().say(room.joined());
        next().say(room.frame(1, 1, "a").message());

        assertThat(heard.lines).endsWith("frame ann 1 a", "tick 5");
        assertThat(fixture.transport.sockets).hasSize(2);
    }

    @Test
    void whereNoOtherConnectionCanBeHadTheOldOneGoesOnAndItIsTriedAgain() {
        joined();
        fixture.transport.fail(2);
        CompletableFuture<Void> replaced = fixture.client.replaceConnection();
        assertThatThrownBy(replaced::join).hasMessageContaining("no route");
        old.say(room.frame(1, 1, "a").message());
        fixture.loop.advanceMs(1_000);
        next().say(room.joined());
        next().say(room.frame(1, 2, "b").message());

        assertThat(fixture.transport.upgrades).hasSize(4);
        assertThat(heard.lines).containsExactly("frame ann 1 a", "tick 5", "frame ann 2 b", "tick 6");
    }

    @Test
    void aNextOneThatRefusesOrBreaksOrIsSilentIsGivenUp() {
        List<Runnable> troubles = List.of(
                () -> next().say("{\"action\":\"error\",\"code\":\"not_allowed\",\"retry\":\"stop\"}"),
                () -> next().say("{\"action\":\"bye\",\"reason\":\"full\",\"reconnect\":false}"),
                () -> next().drop(),
                () -> fixture.loop.advanceMs(10_000));
        joined();
        for (Runnable trouble : troubles) {
            while (fixture.transport.sockets.size() > 1) {
                fixture.transport.sockets.remove(1);
            }
            CompletableFuture<Void> replaced = fixture.client.replaceConnection();
            trouble.run();
            assertThat(replaced).isCompletedExceptionally();
            assertThat(next().closed || trouble == troubles.get(2)).isTrue();
        }
        old.say(room.frame(1, 1, "a").message());

        assertThat(heard.lines).contains("frame ann 1 a");
        assertThat(heard.lines).doesNotContain("disconnected", "stopped");
    }

    @Test
    void aServerThatGaveNoSecretIsJoinedAsEver() {
        ClientFixture fixture = new ClientFixture(
                        ClientFixture.OPTIONS.withTickets(room -> CompletableFuture.completedFuture("ticket")))
                .joined();
        fixture.client.replaceConnection();

        assertThat(fixture.transport.last("join").path("ticket").asText()).isEqualTo("ticket");
        assertThat(fixture.transport.last("join").has("replaces")).isFalse();
    }

    @Test
    void whoIsKickedMeanwhileIsOutOnBoth() {
        joined();
        fixture.client.replaceConnection();
        next().say(room.joined("\"members\":[],\"reconnectBefore\":0").replace("\"tick\":4", "\"tick\":5"));
        old.say("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"kicked\"}");
        next().say("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"kicked\"}");
        next().say(room.frame(1, 1, "a").message());

        assertThat(heard.lines).containsExactly("removed lobby KICKED");
    }

    @Test
    void whatWasCollectedGoesByTheOldOneAndANewSpurtBeginsOnTheNewOne() throws Exception {
        joined();
        SpeakerStream speaker = fixture.client.speaker("lobby", Codec.OPUS, 20_000, 2);
        speaker.frame(40, PACKET);
        speaker.frame(40, PACKET);
        CompletableFuture<Void> collected = speaker.frame(40, PACKET);
        fixture.client.replaceConnection();
        next().say(room.joined());
        speaker.frame(40, PACKET);
        speaker.frame(40, PACKET);

        assertThat(collected).isCompleted();
        List<Chunk> before = chunks(old);
        assertThat(before).extracting(Chunk::sequence).containsExactly(0, 2);
        assertThat(before.get(1).isEndOfSpurt()).isTrue();
        List<Chunk> after = chunks(next());
        assertThat(after).extracting(Chunk::sequence).containsExactly(3);
        assertThat(after.get(0).spurtOffset()).isZero();
    }

    private static List<Chunk> chunks(FakeTransport.FakeSocket socket) throws Exception {
        List<Chunk> chunks = new ArrayList<>();
        for (JsonNode audio : socket.sent("sendaudio")) {
            chunks.add(Chunk.parse(audio.path("chunk").binaryValue()));
        }
        return chunks;
    }

    @Test
    void closingEndsEveryConnection() {
        joined();
        fixture.client.replaceConnection();
        fixture.client.close();

        assertThat(fixture.transport.sockets).allMatch(socket -> socket.closed);
        assertThat(fixture.client.stopped()).isDone();
    }
}
