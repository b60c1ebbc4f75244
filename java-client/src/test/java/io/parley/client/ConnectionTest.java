package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.chunk.Codec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.Test;

class ConnectionTest {

    private final ClientFixture fixture = new ClientFixture();
    private final RecordingListener heard = fixture.listener;

    @Test
    void theUpgradeCarriesKeyTokenAndSubprotocol() {
        ClientFixture fixture =
                new ClientFixture(ClientFixture.OPTIONS.withApiKey("key").withTokens(TokenSource.fixed("jwt")));
        fixture.connected();

        Transport.Upgrade upgrade = fixture.transport.upgrades.get(0);
        assertThat(upgrade.headers()).containsEntry("x-api-key", "key").containsEntry("Authorization", "Bearer jwt");
        assertThat(upgrade.subprotocols()).containsExactly("parley.v1");
    }

    @Test
    void pausesDoubleUpToTheLimitAndBeginAnewOnceTheServerHasSpoken() {
        fixture.transport.fail(6);
        CompletableFuture<Void> connected = fixture.client.connect();

        List<Long> pauses = new ArrayList<>();
        while (!connected.isDone()) {
            pauses.add(pauseBeforeNextAttempt());
        }
        assertThat(pauses)
                .as("half of 100, 200, 400, 800, 1000, 1000")
                .containsExactly(50L, 100L, 200L, 400L, 500L, 500L);

        fixture.transport.socket().drop();
        assertThat(pauseBeforeNextAttempt()).as("it opened, but nothing came").isEqualTo(500);
        fixture.say("{\"action\":\"pong\"}");
        fixture.transport.socket().drop();
        assertThat(pauseBeforeNextAttempt()).isEqualTo(50);
    }

    @Test
    void chanceMakesAPauseLonger() {
        fixture.transport.fail(1);
        fixture.random = 0.5;
        fixture.client.connect();

        assertThat(pauseBeforeNextAttempt()).isEqualTo(75);
    }

    private long pauseBeforeNextAttempt() {
        int before = fixture.transport.upgrades.size();
        long ms = 0;
        while (fixture.transport.upgrades.size() == before) {
            fixture.loop.advanceMs(1);
            ms++;
        }
        return ms;
    }

    @Test
    void afterThreeRefusedUpgradesItFetchesAFreshTokenAndStopsIfThatIsRefusedToo() {
        List<String> tokens = new ArrayList<>();
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withTokens(() -> {
            tokens.add("token-" + tokens.size());
            return CompletableFuture.completedFuture(tokens.get(tokens.size() - 1));
        }));
        fixture.transport.refuse(4, 401);
        CompletableFuture<Void> connected = fixture.client.connect();
        fixture.loop.advanceMs(60_000);

        assertThat(fixture.transport.upgrades)
                .extracting(upgrade -> upgrade.headers().get("Authorization"))
                .containsExactly("Bearer token-0", "Bearer token-0", "Bearer token-0", "Bearer token-1");
        assertThatThrownBy(connected::join).hasMessageContaining("unauthorized");
        assertThat(fixture.listener.lines).containsExactly("stopped");
        assertThat(fixture.client.stopped()).isDone();
        assertThat(fixture.loop.timers()).isZero();
    }

    @Test
    void aFreshTokenThatIsTakenMakesTheRefusalsForgotten() {
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withTokens(TokenSource.fixed("jwt")));
        fixture.transport.refuse(3, 403);
        CompletableFuture<Void> connected = fixture.client.connect();
        fixture.loop.advanceMs(60_000);
        assertThat(connected).isCompleted();

        fixture.transport.refuse(3, 403);
        fixture.transport.socket().drop();
        fixture.loop.advanceMs(60_000);
        assertThat(fixture.client.stopped()).isNotDone();
        assertThat(fixture.transport.sockets).hasSize(2);
    }

    @Test
    void aServerInTroubleIsNoRefusal() {
        fixture.transport.refuse(10, 503);
        CompletableFuture<Void> connected = fixture.client.connect();
        fixture.loop.advanceMs(60_000);

        assertThat(connected).isCompleted();
    }

    @Test
    void stopsAfterSoManyAttemptsIfAskedTo() {
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withMaxConnectAttempts(2));
        fixture.transport.fail(5);
        CompletableFuture<Void> connected = fixture.client.connect();
        fixture.loop.advanceMs(60_000);

        assertThat(fixture.transport.upgrades).hasSize(2);
        assertThat(connected).isCompletedExceptionally();
    }

    @Test
    void aTokenThatCannotBeFetchedIsAFailedAttempt() {
        List<Integer> asked = new ArrayList<>();
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withTokens(() -> {
            asked.add(1);
            return asked.size() == 1
                    ? CompletableFuture.failedFuture(new IllegalStateException("no issuer"))
                    : CompletableFuture.completedFuture("jwt");
        }));
        CompletableFuture<Void> connected = fixture.client.connect();
        assertThat(connected).isNotDone();
        fixture.loop.advanceMs(1_000);

        assertThat(connected).isCompleted();
    }

    @Test
    void joinsItsRoomsAgainAndGoesOnWhereItWas() {
        fixture.joined();
        fixture.say(fixture.room.frame(1, 1, "a").message());
        fixture.transport.socket().drop();
        fixture.room.frame(1, 2, "b").tick();
        fixture.loop.advanceMs(1_000);

        assertThat(fixture.transport.socket().sent("join"))
                .extracting(join -> join.path("room").asText())
                .containsExactly("lobby");
        String heldBack = fixture.room.frame(1, 1, "a").frame(1, 3, "c").message();
        fixture.say(fixture.room.joined());
        fixture.say(heldBack);
        fixture.say(fixture.room.frame(1, 1, "a").frame(1, 4, "d").message());

        assertThat(heard.lines)
                .containsExactly(
                        "frame ann 1 a",
                        "tick 5",
                        "disconnected",
                        "reconnected",
                        "missed 2",
                        "joined lobby",
                        "frame ann 4 d",
                        "tick 8");
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void whatAnOldConnectionStillSaysIsNotHeard() {
        fixture.joined();
        FakeTransport.FakeSocket old = fixture.transport.socket();
        old.drop();
        fixture.loop.advanceMs(1_000);
        fixture.say(fixture.room.joined());
        heard.lines.clear();

        old.say(fixture.room.frame(1, 1, "a").message());
        old.drop();

        assertThat(heard.lines).isEmpty();
    }

    @Test
    void aJoinThatIsNotAnsweredIsSentAgainAndGivenUpAfterTheThird() {
        fixture.connected();
        CompletableFuture<JoinedRoom> joining = fixture.client.join("lobby", "Me");
        fixture.loop.advanceMs(20_001);
        assertThat(fixture.transport.socket().sent("join")).hasSize(3);
        assertThat(joining).isNotDone();
        fixture.loop.advanceMs(10_000);

        assertThat(fixture.transport.socket().sent("join")).hasSize(3);
        assertThat(fixture.transport.socket().sent("join").get(0).path("name").asText())
                .isEqualTo("Me");
        assertThatThrownBy(joining::join)
                .hasCauseInstanceOf(VoiceException.class)
                .hasMessageContaining(VoiceError.TIMEOUT);
    }

    @Test
    void aJoinThatIsRefusedFails() {
        fixture.connected();
        CompletableFuture<JoinedRoom> joining = fixture.client.join("lobby");
        String id = fixture.transport.socket().sent("join").get(0).path("id").asText();

        fixture.say("{\"action\":\"error\",\"code\":\"not_allowed\",\"retry\":\"fix\",\"id\":\"" + id + "\"}");

        assertThatThrownBy(joining::join).hasMessageContaining("not_allowed");
        fixture.loop.advanceMs(60_000);
        assertThat(fixture.transport.socket().sent("join")).hasSize(1);
    }

    @Test
    void aJoinThatComesTooEarlyIsSentAgainLater() {
        fixture.connected();
        CompletableFuture<JoinedRoom> joining = fixture.client.join("lobby");

        fixture.say("{\"action\":\"error\",\"code\":\"unavailable\",\"retry\":\"later\",\"retryAfterMs\":700,"
                + "\"for\":\"join\",\"room\":\"lobby\"}");
        fixture.loop.advanceMs(1_000);
        assertThat(fixture.transport.socket().sent("join")).hasSize(2);
        fixture.say(fixture.room.joined());

        assertThat(joining.join().participant()).isEqualTo("me");
    }

    @Test
    void aRoomThatTheServerHasForgottenIsJoinedAgain() {
        fixture.joined();

        fixture.say("{\"action\":\"error\",\"code\":\"not_joined\",\"retry\":\"join\",\"room\":\"lobby\"}");
        fixture.loop.advanceMs(0);

        assertThat(fixture.transport.socket().sent("join")).hasSize(2);
        assertThatThrownBy(fixture.client.sendChunk("lobby", new byte[22])::join)
                .as("until it is joined again")
                .hasMessageContaining(VoiceError.NOT_JOINED);
    }

    @Test
    void joinBeforeConnectIsSentWhenTheConnectionIsOpen() {
        CompletableFuture<JoinedRoom> joining = fixture.client.join("lobby");
        fixture.connected();
        fixture.say(fixture.room.joined());

        assertThat(joining).isCompleted();
    }

    @Test
    void leaveIsDoneWhenItIsAcceptedAndTheRoomIsNotHeardAnyMore() {
        fixture.joined();
        CompletableFuture<Void> left = fixture.client.leave("lobby");
        String id = fixture.transport.socket().sent("leave").get(0).path("id").asText();
        assertThat(left).isNotDone();

        fixture.say("{\"action\":\"accepted\",\"for\":\"leave\",\"id\":\"" + id + "\"}");
        fixture.say(fixture.room.frame(1, 1, "a").message());

        assertThat(left).isCompleted();
        assertThat(heard.lines).isEmpty();
        fixture.transport.socket().drop();
        fixture.loop.advanceMs(1_000);
        assertThat(fixture.transport.socket().sent("join")).isEmpty();
    }

    @Test
    void pingAndProbeMeasureTheWay() {
        fixture.joined();
        CompletableFuture<Duration> ping = fixture.client.ping();
        CompletableFuture<ProbeTimes> probe = fixture.client.probe("lobby");
        long time = fixture.transport.socket().sent("ping").get(0).path("time").asLong();
        String id = fixture.transport.socket().sent("probe").get(0).path("id").asText();
        fixture.loop.advanceMs(40);

        fixture.say("{\"action\":\"pong\",\"data\":{\"connectionId\":\"c\"},\"time\":" + time + "}");
        fixture.say("{\"action\":\"probe\",\"id\":\"" + id + "\",\"at\":[1,2,3,4,5,6,7]}");

        assertThat(ping.join()).isEqualTo(Duration.ofMillis(40));
        assertThat(probe.join().roundTripUs()).isEqualTo(40_000);
        assertThat(probe.join().hops().jobUs()).isEqualTo(4);
    }

    @Test
    void whatIsNotAnsweredFailsInTime() {
        fixture.joined();
        CompletableFuture<Duration> ping = fixture.client.ping();
        CompletableFuture<ProbeTimes> probe = fixture.client.probe("lobby");
        fixture.loop.advanceMs(10_000);

        assertThatThrownBy(ping::join).hasMessageContaining(VoiceError.TIMEOUT);
        assertThatThrownBy(probe::join).hasMessageContaining(VoiceError.TIMEOUT);
    }

    @Test
    void aServerThatHasFallenSilentIsAskedAndThenLeft() {
        fixture.joined();
        fixture.loop.advanceMs(120_000);
        assertThat(fixture.transport.socket().sent("ping"))
                .as("the join was heard")
                .isEmpty();
        fixture.loop.advanceMs(120_000);
        assertThat(fixture.transport.socket().sent("ping")).hasSize(1);
        assertThat(heard.lines).isEmpty();
        fixture.loop.advanceMs(120_000);

        assertThat(fixture.transport.sockets.get(0).closed).isTrue();
        assertThat(heard.lines).contains("disconnected");
    }

    @Test
    void aByeForGoodEndsIt() {
        fixture.joined();

        fixture.say("{\"action\":\"bye\",\"reason\":\"kicked\",\"reconnect\":false}");
        fixture.loop.advanceMs(60_000);

        assertThat(heard.lines).containsExactly("bye kicked", "stopped");
        assertThat(fixture.transport.sockets).hasSize(1);
        assertThat(fixture.transport.socket().closed).isTrue();
    }

    @Test
    void aByeForNowIsFollowedByANewConnection() {
        fixture.joined();

        fixture.say("{\"action\":\"bye\",\"reason\":\"restart\",\"reconnect\":true}");
        fixture.transport.socket().drop();
        fixture.loop.advanceMs(1_000);

        assertThat(heard.lines).containsExactly("bye restart", "disconnected", "reconnected");
    }

    @Test
    void errorsAreObeyed() {
        List<String> tokens = new ArrayList<>();
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withTokens(() -> {
            tokens.add("t");
            return CompletableFuture.completedFuture("t" + tokens.size());
        }));
        fixture.connected();

        fixture.say("{\"action\":\"error\",\"code\":\"connection_gone\",\"retry\":\"reconnect\"}");
        fixture.loop.advanceMs(1_000);
        fixture.say("{\"action\":\"error\",\"code\":\"unauthorized\",\"retry\":\"refresh\"}");
        fixture.loop.advanceMs(1_000);
        fixture.say("{\"action\":\"error\",\"code\":\"api_key\",\"retry\":\"stop\"}");
        fixture.loop.advanceMs(60_000);

        assertThat(fixture.transport.upgrades)
                .extracting(upgrade -> upgrade.headers().get("Authorization"))
                .containsExactly("Bearer t1", "Bearer t1", "Bearer t2");
        assertThat(fixture.transport.sockets).allMatch(socket -> socket.closed);
        assertThat(fixture.client.stopped()).isDone();
    }

    @Test
    void closeSendsWhatWaitsThenCloses() {
        fixture.joined();
        fixture.transport.slow();
        CompletableFuture<Void> first = fixture.client.sendChunk("lobby", new byte[] {1});
        CompletableFuture<Void> second = fixture.client.sendChunk("lobby", new byte[] {2});
        fixture.loop.execute(fixture.client::close);
        FakeTransport.FakeSocket socket = fixture.transport.socket();
        assertThat(socket.closed).isFalse();
        socket.take();
        socket.take();

        assertThat(first).isCompleted();
        assertThat(second).isCompleted();
        assertThat(socket.closed).isTrue();
        assertThat(heard.lines).containsExactly("stopped");
    }

    @Test
    void closeDoesNotWaitForANetworkThatStands() {
        fixture.joined();
        fixture.transport.slow();
        CompletableFuture<Void> stuck = fixture.client.sendChunk("lobby", new byte[] {1});
        fixture.loop.execute(fixture.client::close);
        fixture.loop.advanceMs(1_000);

        assertThat(stuck).isCompletedExceptionally();
        assertThat(fixture.transport.socket().closed).isTrue();
        assertThat(fixture.client.stopped()).isDone();
    }

    @Test
    void afterCloseEverythingFailsWithAClearError() {
        fixture.joined();
        fixture.client.close();

        assertThat(fixture.client.stopped()).isDone();
        assertThatThrownBy(fixture.client.join("attic")::join)
                .isInstanceOf(CompletionException.class)
                .hasMessageContaining(VoiceError.CLOSED);
        assertThatThrownBy(fixture.client.sendChunk("lobby", new byte[22])::join)
                .hasMessageContaining(VoiceError.CLOSED);
        assertThatThrownBy(
                        fixture.client.speaker("lobby", Codec.OPUS, 20_000, 1).frame(0, new byte[] {1})::join)
                .hasMessageContaining(VoiceError.CLOSED);
        assertThat(fixture.loop.timers()).as("nothing is left to come").isLessThanOrEqualTo(1);
    }
}
