package io.parley.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class VoiceRoomTest {

    private static final String MEMBERS = "\"members\":[{\"participant\":\"me\",\"name\":\"Me\"},"
            + "{\"participant\":\"ann\",\"name\":\"Ann\",\"speaking\":true,\"muted\":false,\"selfMuted\":true,"
            + "\"deafened\":false}],\"permissions\":{\"speak\":true,\"listen\":true,\"moderate\":true,\"record\":true}";

    private final ClientFixture fixture = new ClientFixture();
    private final RecordingListener heard = fixture.listener;
    private final RoomScript room = fixture.room;
    private final VoiceRoom lobby = fixture.client.room("lobby");

    @Test
    void everyRequestIsWrittenAsTheProtocolSays() {
        fixture.joined();
        lobby.selfMute();
        lobby.selfUnmute();
        lobby.mute("ann");
        lobby.mute("ann", "too loud");
        lobby.unmute("ann");
        lobby.deafen();
        lobby.undeafen();
        lobby.block("ann");
        lobby.unblock("ann");
        lobby.muteRoom();
        lobby.unmuteRoom();
        lobby.kick("ann", null);
        lobby.ban("ann", Duration.ofHours(2), "enough");
        lobby.ban("ann", null, null);
        lobby.unban("ann");
        lobby.lock();
        lobby.unlock();
        lobby.setPushToTalk(true);
        lobby.setRecording(false);
        lobby.say("hi \"all\"");

        assertThat(sentWithoutIds())
                .containsExactly(
                        "{action:mute,room:lobby,n:1}",
                        "{action:unmute,room:lobby,n:2}",
                        "{action:mute,room:lobby,participant:ann,n:3}",
                        "{action:mute,room:lobby,participant:ann,reason:too loud,n:4}",
                        "{action:unmute,room:lobby,participant:ann,n:5}",
                        "{action:deafen,room:lobby,n:6}",
                        "{action:undeafen,room:lobby,n:7}",
                        "{action:block,room:lobby,participant:ann,n:8}",
                        "{action:unblock,room:lobby,participant:ann,n:9}",
                        "{action:muteroom,room:lobby}",
                        "{action:unmuteroom,room:lobby}",
                        "{action:kick,room:lobby,participant:ann}",
                        "{action:ban,room:lobby,participant:ann,reason:enough,minutes:120}",
                        "{action:ban,room:lobby,participant:ann}",
                        "{action:unban,room:lobby,participant:ann}",
                        "{action:lock,room:lobby}",
                        "{action:unlock,room:lobby}",
                        "{action:set,room:lobby,pushToTalk:true}",
                        "{action:set,room:lobby,recording:false}",
                        "{action:say,room:lobby,text:hi \\all\\}");
    }

    private List<String> sentWithoutIds() {
        return fixture.transport.socket().sent.stream()
                .skip(1) // the join
                .map(text -> text.replaceAll(",\"id\":\"[^\"]+\"", "").replace("\"", ""))
                .collect(Collectors.toList());
    }

    @Test
    void numbersBeginAnewOnANewConnection() {
        fixture.joined();
        lobby.selfMute();
        fixture.transport.socket().drop();
        fixture.loop.advanceMs(1_000);
        fixture.say(room.joined());
        lobby.selfUnmute();

        assertThat(fixture.transport.last("unmute").path("n").asLong()).isEqualTo(1);
    }

    @Test
    void aRequestIsDoneWhenItIsAcceptedAndFailsWithTheServersError() {
        fixture.joined();
        CompletableFuture<Void> locked = lobby.lock();
        CompletableFuture<Void> kicked = lobby.kick("ann", "bye");
        assertThat(locked).isNotDone();

        fixture.accept("lock");
        fixture.refuse("kick", "not_allowed", "fix");

        assertThat(locked).isCompleted();
        assertThatThrownBy(kicked::join).hasMessageContaining("not_allowed");
        assertThat(fixture.client.stopped()).isNotDone();
        fixture.say(room.frame(1, 1, "a").message());
        assertThat(heard.lines).as("the room is joined as before").contains("frame ann 1 a");
    }

    @Test
    void aRequestThatIsNotAnsweredOrHasNoConnectionFails() {
        assertThatThrownBy(lobby.lock()::join).hasMessageContaining(VoiceError.NOT_CONNECTED);
        fixture.connected();
        assertThatThrownBy(lobby.lock()::join).hasMessageContaining(VoiceError.NOT_JOINED);
        fixture.client.join("lobby");
        fixture.say(room.joined());
        CompletableFuture<Void> silent = lobby.lock();
        CompletableFuture<Void> lost = lobby.unlock();
        fixture.loop.advanceMs(10_000);
        assertThatThrownBy(silent::join).hasMessageContaining(VoiceError.TIMEOUT);
        assertThatThrownBy(lost::join).hasMessageContaining(VoiceError.TIMEOUT);
    }

    @Test
    void requestsTakePlacesInTheQueueLikeEverythingElse() {
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withMaxQueuedMessages(2)).joined();
        fixture.transport.slow();
        VoiceRoom lobby = fixture.client.room("lobby");
        lobby.say("one");
        lobby.say("two");

        assertThatThrownBy(lobby.say("three")::join).hasMessageContaining(VoiceError.QUEUE_FULL);
    }

    @Test
    void whatCannotBeMeantIsRefusedHere() {
        assertThatThrownBy(() -> lobby.mute(null)).hasMessageContaining("participant");
        assertThatThrownBy(() -> lobby.ban("ann", Duration.ofSeconds(59), null)).hasMessageContaining("a minute");
        assertThatThrownBy(() -> lobby.kick("ann", "x".repeat(201))).hasMessageContaining("201 characters");
    }

    @Test
    void theViewFollowsTheRoom() {
        fixture.connected();
        fixture.client.join("lobby");
        assertThat(lobby.view().participants()).isEmpty();

        fixture.say(room.joined(MEMBERS + ",\"recording\":true,\"pushToTalk\":true,\"locked\":true"));
        assertThat(lobby.view().participants())
                .extracting(Participant::toString)
                .containsExactly("me", "ann speaking self-muted");
        assertThat(lobby.view().recording()).isTrue();
        assertThat(lobby.view().pushToTalk()).isTrue();
        assertThat(lobby.view().locked()).isTrue();
        assertThat(lobby.view().muted()).isFalse();

        fixture.say(room.event("{\"kind\":\"joined\",\"participant\":\"bob\",\"name\":\"Bob\"}")
                .event("{\"kind\":\"presence\",\"participant\":\"ann\",\"selfMuted\":false,\"deafened\":true}")
                .event("{\"kind\":\"muted\",\"participant\":\"ann\"}")
                .event("{\"kind\":\"stopped\",\"participant\":\"ann\"}")
                .event("{\"kind\":\"settings\",\"pushToTalk\":false,\"muted\":true}")
                .event("{\"kind\":\"unlocked\"}")
                .event("{\"kind\":\"recording\",\"on\":false}")
                .message());
        assertThat(lobby.view().participants())
                .extracting(Participant::toString)
                .containsExactly("me", "ann muted deafened", "bob");
        assertThat(lobby.view().participant("bob").name()).isEqualTo("Bob");
        assertThat(lobby.view().recording()).isFalse();
        assertThat(lobby.view().pushToTalk()).isFalse();
        assertThat(lobby.view().locked()).isFalse();
        assertThat(lobby.view().muted()).isTrue();

        fixture.say(room.event("{\"kind\":\"unmuted\",\"participant\":\"ann\"}")
                .event("{\"kind\":\"speaking\",\"participant\":\"bob\"}")
                .event("{\"kind\":\"left\",\"participant\":\"me\"}")
                .event("{\"kind\":\"muted\",\"participant\":\"nobody\"}")
                .message());
        assertThat(lobby.view().participants())
                .extracting(Participant::toString)
                .containsExactly("ann deafened", "bob speaking");
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void theListenerSeesTheViewAsTheEventMadeIt() {
        StringBuilder seen = new StringBuilder();
        ManualLoop loop = new ManualLoop();
        FakeTransport transport = new FakeTransport();
        VoiceClient[] client = new VoiceClient[1];
        VoiceListener listener = new VoiceListener() {
            @Override
            public void onEvent(RoomEvent event) {
                seen.append(client[0].room("lobby").view().participant(event.participant()));
            }
        };
        client[0] = new VoiceClient(ClientFixture.OPTIONS, listener, transport, loop, loop, () -> 0);
        client[0].connect();
        client[0].join("lobby");
        transport.socket().say(room.joined(MEMBERS));
        transport
                .socket()
                .say(room.event("{\"kind\":\"muted\",\"participant\":\"ann\"}").message());

        assertThat(seen).hasToString("ann speaking muted self-muted");
    }

    @Test
    void whoIsBlockedIsNeitherHeardNorReadFromThenOn() {
        fixture.joined();
        fixture.say(room.frame(1, 1, "a").message());
        CompletableFuture<Void> blocked = lobby.block("ann");
        fixture.accept("block");
        String said = "{\"kind\":\"said\",\"participant\":\"ann\",\"text\":\"hi\"}";
        fixture.say(room.frame(1, 2, "b")
                .event(said)
                .event("{\"kind\":\"lost\",\"stream\":1,\"seq\":4,\"count\":3}")
                .event(
                        "{\"kind\":\"stream\",\"stream\":3,\"participant\":\"ann\",\"codec\":\"opus\",\"frameUs\":20000}")
                .frame(3, 1, "another stream")
                .message());

        assertThat(blocked).isCompleted();
        assertThat(heard.lines).containsExactly("frame ann 1 a", "tick 5", "event STREAM ann", "tick 6");
        assertThat(fixture.count(ClientCounter.BLOCKED)).isEqualTo(3);
        assertThat(lobby.view().blocked()).containsExactly("ann");

        lobby.unblock("ann");
        fixture.accept("unblock");
        fixture.say(room.frame(1, 3, "c").event(said).message());
        assertThat(heard.lines).contains("frame ann 3 c", "event SAID ann hi");
    }

    @Test
    void aBlockThatIsRefusedIsTakenBack() {
        fixture.joined();
        lobby.block("ann");
        fixture.refuse("block", "not_allowed", "fix");
        fixture.say(room.frame(1, 1, "a").message());

        assertThat(heard.lines).contains("frame ann 1 a");
    }

    @Test
    void theServerRemembersWhoIsBlocked() {
        fixture.connected();
        fixture.client.join("lobby");
        fixture.accept("join", ",\"blocked\":[\"ann\"]");
        fixture.say(room.joined());
        fixture.say(room.frame(1, 1, "a").message());

        assertThat(heard.frames).isEmpty();
        assertThat(lobby.view().blocked()).containsExactly("ann");
    }

    @Test
    void ticksThatDidNotComeBecauseOneWantedToHearNothingAreNotMissed() {
        fixture.joined();
        lobby.deafen();
        fixture.accept("deafen");
        room.frame(1, 1, "a").tick();
        room.frame(1, 2, "b").tick();
        lobby.undeafen();
        fixture.accept("undeafen");
        fixture.say(room.joined());
        fixture.say(room.frame(1, 3, "c").message());

        assertThat(heard.lines).containsExactly("frame ann 3 c", "tick 7");
        assertThat(fixture.count(ClientCounter.MISSED_TICKS)).isZero();
        assertThat(fixture.count(ClientCounter.CHAIN_BREAKS)).isZero();
    }

    @Test
    void aRoomThatIsToldAnewWhileItsTicksComeMissesNone() {
        fixture.joined();
        String underWay = room.frame(1, 1, "a").message();
        fixture.say(room.joined(MEMBERS));
        fixture.say(underWay);

        assertThat(heard.lines).as("no second join, and the tick").containsExactly("frame ann 1 a", "tick 5");
        assertThat(lobby.view().participants()).hasSize(2);
    }

    @Test
    void aTicketIsAskedForEachRoomAndEachJoin() {
        int[] asked = {0};
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withTickets(
                room -> CompletableFuture.completedFuture("ticket-" + room + "-" + ++asked[0])));
        fixture.connected();
        fixture.client.join("lobby");
        fixture.client.join("attic", "Me");
        fixture.say(fixture.room.joined());
        assertThat(tickets(fixture)).containsExactly("ticket-lobby-1", "ticket-attic-2");
        fixture.transport.socket().drop();
        fixture.loop.advanceMs(1_000);

        assertThat(tickets(fixture)).containsExactly("ticket-lobby-3", "ticket-attic-4");
    }

    private static List<String> tickets(ClientFixture fixture) {
        return fixture.transport.socket().sent("join").stream()
                .map(join -> join.path("ticket").asText())
                .collect(Collectors.toList());
    }

    @Test
    void aTicketThatCannotBeHadIsAskedForAgainThenGivenUp() {
        ClientFixture fixture = new ClientFixture(ClientFixture.OPTIONS.withTickets(room -> {
            throw new IllegalStateException("the backend sleeps");
        }));
        fixture.connected();
        CompletableFuture<JoinedRoom> joining = fixture.client.join("lobby");
        assertThat(joining).isNotDone();
        fixture.loop.advanceMs(10_000);

        assertThatThrownBy(joining::join)
                .hasMessageContaining(VoiceError.NO_TICKET)
                .hasMessageContaining("the backend sleeps");
        assertThat(fixture.listener.lines).containsExactly("error no_ticket", "error no_ticket", "error no_ticket");
        assertThat(fixture.transport.socket().sent("join")).isEmpty();
    }

    @Test
    void aTicketOrABanEndsTheJoinOfThatRoomOnly() {
        for (String[] error : new String[][] {
            {"ticket_expired", "refresh"}, {"ticket_used", "stop"}, {"ticket_required", "stop"}, {"banned", "stop"}
        }) {
            ClientFixture fixture = new ClientFixture().joined();
            RoomScript attic = new RoomScript("attic");
            fixture.client.join("attic");
            fixture.say(attic.joined());
            fixture.client.leave("lobby");
            CompletableFuture<JoinedRoom> joining = fixture.client.join("lobby");
            fixture.refuse("join", error[0], error[1]);
            fixture.loop.advanceMs(60_000);

            assertThatThrownBy(joining::join).hasMessageContaining(error[0]);
            assertThat(fixture.transport.sockets).as(error[0]).hasSize(1);
            fixture.say(attic.frame(1, 1, "a").message());
            assertThat(fixture.listener.lines).contains("frame ann 1 a");
        }
    }

    @Test
    void aSuspensionEndsTheWholeClient() {
        fixture.connected();
        fixture.client.join("lobby");
        fixture.refuse("join", "suspended", "stop");

        assertThat(fixture.client.stopped()).isDone();
        assertThat(fixture.transport.socket().closed).isTrue();
    }

    @Test
    void severalRoomsAreHeardOverOneConnection() {
        RoomScript attic = new RoomScript("attic");
        fixture.joined();
        fixture.client.join("attic");
        fixture.say(attic.joined());
        fixture.say(room.frame(1, 1, "lobby").message());
        fixture.say(attic.frame(1, 1, "attic").message());

        assertThat(fixture.transport.sockets).hasSize(1);
        assertThat(heard.frames).extracting(VoiceFrame::room).containsExactly("lobby", "attic");
        assertThat(heard.lines).endsWith("frame ann 1 lobby", "tick 5", "frame ann 1 attic", "tick 5");
    }

    @Test
    void aSwitchGoesToTheOneRoomAndLeavesTheOther() {
        fixture.joined();
        RoomScript attic = new RoomScript("attic");
        CompletableFuture<JoinedRoom> switched = fixture.client.switchRoom("lobby", "attic", "Me");
        JsonNode sent = fixture.transport.last("switch");
        assertThat(sent.path("room").asText()).isEqualTo("lobby");
        assertThat(sent.path("to").asText()).isEqualTo("attic");
        assertThat(sent.path("name").asText()).isEqualTo("Me");

        fixture.accept("switch");
        fixture.say(room.frame(1, 1, "left").message());
        fixture.say(attic.joined());
        fixture.say(attic.frame(1, 1, "a").message());

        assertThat(switched.join().room()).isEqualTo("attic");
        assertThat(heard.lines).containsExactly("joined attic", "frame ann 1 a", "tick 5");
        assertThat(fixture.transport.socket().sent("leave"))
                .as("the switch has left it")
                .isEmpty();
    }

    @Test
    void aSwitchThatIsRefusedStaysWhereItWas() {
        fixture.joined();
        CompletableFuture<JoinedRoom> switched = fixture.client.switchRoom("lobby", "attic", null);
        fixture.refuse("switch", "room_locked", "fix");
        fixture.say(room.frame(1, 1, "a").message());

        assertThatThrownBy(switched::join).hasMessageContaining("room_locked");
        assertThat(heard.lines).contains("frame ann 1 a");
    }

    @Test
    void aSwitchThatIsNotAnsweredGoesOnAsJoinThenLeave() {
        fixture.joined();
        CompletableFuture<JoinedRoom> switched = fixture.client.switchRoom("lobby", "attic", null);
        fixture.loop.advanceMs(10_000);
        assertThat(fixture.transport.last("join").path("room").asText()).isEqualTo("attic");
        fixture.say(new RoomScript("attic").joined());

        assertThat(switched).isCompleted();
        assertThat(fixture.transport.last("leave").path("room").asText()).isEqualTo("lobby");
    }

    @Test
    void whoWasRemovedDoesNotComeBackByItself() {
        for (String reason :
                new String[] {"kicked", "banned", "revoked", "suspended", "expired", "of a newer server"}) {
            ClientFixture fixture = new ClientFixture().joined();
            fixture.say("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"" + reason + "\",\"text\":\"why\"}");
            fixture.say(fixture.room.frame(1, 1, "a").message());
            fixture.transport.socket().drop();
            fixture.loop.advanceMs(60_000);

            assertThat(fixture.listener.lines.get(0)).startsWith("removed lobby");
            assertThat(fixture.transport.socket().sent("join")).as(reason).isEmpty();
            assertThat(fixture.listener.frames).isEmpty();
        }
    }

    @Test
    void whoIsNotLetInAgainAfterALostConnectionIsTold() {
        fixture.joined();
        fixture.transport.socket().drop();
        fixture.loop.advanceMs(1_000);
        fixture.refuse("join", "banned", "stop");
        fixture.loop.advanceMs(60_000);

        assertThat(heard.lines).containsExactly("disconnected", "reconnected", "error banned", "removed lobby BANNED");
        assertThat(fixture.transport.socket().sent("join")).hasSize(1);
    }

    @Test
    void aMembershipThatExpiredIsJoinedAgainWithAFreshTicket() {
        ClientFixture fixture = new ClientFixture(
                ClientFixture.OPTIONS.withTickets(room -> CompletableFuture.completedFuture("fresh")));
        fixture.joined();
        fixture.say("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"expired\"}");
        fixture.loop.advanceMs(1_000);

        assertThat(fixture.listener.lines).containsExactly("removed lobby EXPIRED for now");
        assertThat(fixture.transport.socket().sent("join")).hasSize(2);
        assertThat(fixture.transport.sockets).hasSize(1);
    }

    @Test
    void aMembershipThatExpiredWithItsTokenIsJoinedAgainOverAConnectionWithAFreshOne() {
        int[] asked = {0};
        ClientFixture fixture = new ClientFixture(
                ClientFixture.OPTIONS.withTokens(() -> CompletableFuture.completedFuture("t" + ++asked[0])));
        fixture.joined();
        fixture.say("{\"action\":\"removed\",\"room\":\"lobby\",\"reason\":\"expired\"}");
        fixture.loop.advanceMs(1_000);

        assertThat(fixture.transport.upgrades.get(1).headers()).containsEntry("Authorization", "Bearer t2");
        assertThat(fixture.transport.socket().sent("join")).hasSize(1);
    }
}
