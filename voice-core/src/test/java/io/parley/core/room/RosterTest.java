package io.parley.core.room;

import static io.parley.core.room.RoomDriver.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Control;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Tick;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Changes of who is in the room and who may do what, in whichever order their records come. */
class RosterTest {

    private final RoomDriver driver = new RoomDriver(RoomOptions.defaults());

    @Test
    void aMuteHoldsAlsoWhereItOvertakesTheJoinThatItIsAbout() {
        driver.control(Control.Kind.MUTE, "ann", 5, false).join("ann", 3).advance(200);
        driver.speakAs("ann", 0, 0, 5, driver.nowMs, 3).advance(200);

        assertThat(driver.played()).isEmpty();
        assertThat(driver.posts().get(0).getJoined().getPermissions().getSpeak())
                .isFalse();
    }

    @Test
    void noFrameLeavesAfterTheTickThatMutesItsSpeakerThoughItHadWaitedBehindAGap() {
        driver.join("ann", 1).join("bob", 2).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5).advance(5);
        driver.control(Control.Kind.MUTE, "ann", 5, false).advance(1_000);

        List<Tick> ticks = driver.ticks();
        Tick muting = ticks.stream()
                .filter(tick -> tick.getEventsList().stream().anyMatch(e -> e.getKind() == Event.Kind.MUTED))
                .findFirst()
                .orElseThrow();
        assertThat(ticks.subList(ticks.indexOf(muting) + 1, ticks.size()))
                .allSatisfy(tick -> assertThat(tick.getFrames()).isEmpty());
        assertThat(driver.played()).hasSize(10);
        assertThat(driver.events(Event.Kind.LOST)).hasSize(1);
    }

    @Test
    void aConnectionThatJoinsAgainUnderAnotherNameIsAnnouncedByIt() {
        driver.join("bob", 1).join("ann", 2).advance(200);
        driver.control(3, join("ann", "ann-1").setDisplayName("Ann B.")).advance(200);
        driver.control(4, join("ann", "ann-1").setDisplayName("Ann B.")).advance(200);

        assertThat(driver.events(Event.Kind.JOINED)).extracting(Event::getName).containsExactly("BOB", "ANN", "Ann B.");
    }

    @Test
    void anOlderUnmuteDoesNotUndoANewerMute() {
        driver.join("ann", 1).control(Control.Kind.MUTE, "ann", 7, false);
        driver.control(Control.Kind.UNMUTE, "ann", 6, true).advance(200);
        driver.speakAs("ann", 0, 0, 5, driver.nowMs, 6).advance(200);

        assertThat(driver.played()).isEmpty();
        assertThat(driver.events(Event.Kind.UNMUTED)).isEmpty();
    }

    @Test
    void aLeaveThatWasWrittenBeforeAMuteStillEndsTheMembership() {
        driver.join("ann", 1).join("bob", 2).control(Control.Kind.MUTE, "ann", 5, false);
        driver.leave("ann", 4).advance(200);

        assertThat(driver.events(Event.Kind.LEFT)).hasSize(1);
    }

    @Test
    void aKickRemovesEveryConnectionAndWhatTheyHadInFlightIsNotPlayed() {
        driver.join("bob", 1);
        driver.control(2, join("ann", "ann-1")).control(3, join("ann", "ann-2")).advance(200);
        driver.control(9, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("ann"));
        driver.chunk("ann").over("ann-1").version(2).now();
        driver.chunk("ann").over("ann-2").version(8).now().advance(200);
        driver.control(Control.Kind.SAY, "bob", 10, true);

        assertThat(driver.played()).isEmpty();
        assertThat(driver.logged())
                .hasSize(10)
                .extracting(LogFrame::getDisposition)
                .containsOnly(Disposition.MUTED);
        assertThat(driver.events(Event.Kind.LEFT)).extracting(Event::getText).containsExactly("kicked");
    }

    @Test
    void aJoinThatAKickOvertookDoesNotCountButALaterOneDoes() {
        driver.join("bob", 1);
        driver.control(5, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("ann"));
        driver.join("ann", 4).advance(200);
        assertThat(joined()).containsExactly("bob");

        driver.join("ann", 6).advance(200);

        assertThat(joined()).containsExactly("bob", "ann");
    }

    @Test
    void aBanSaysWhy() {
        driver.join("bob", 1).join("ann", 2);
        driver.control(
                5,
                Control.newBuilder()
                        .setKind(Control.Kind.BAN)
                        .setParticipant("ann")
                        .setReason("shouting"));
        driver.advance(200);

        assertThat(driver.events(Event.Kind.LEFT)).extracting(Event::getText).containsExactly("banned: shouting");
    }

    @Test
    void framesOfAParticipantWhoWasKickedAreRefusedOnConnectionsThatAreNotKnownToo() {
        driver.join("bob", 1);
        driver.control(5, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("ann"));
        driver.chunk("ann").over("ann-9").version(4).now().advance(200);
        assertThat(driver.played()).isEmpty();

        driver.chunk("ann").over("ann-9").version(6).now().advance(200);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 5));
    }

    @Test
    void aLockIsToldOnceAndAnOlderChangeDoesNotUndoIt() {
        driver.join("bob", 1);
        driver.control(4, Control.newBuilder().setKind(Control.Kind.LOCK));
        driver.control(3, Control.newBuilder().setKind(Control.Kind.UNLOCK));
        driver.control(5, Control.newBuilder().setKind(Control.Kind.LOCK)).advance(200);
        assertThat(driver.events(Event.Kind.LOCKED)).hasSize(1);
        assertThat(driver.events(Event.Kind.UNLOCKED)).isEmpty();

        driver.control(6, Control.newBuilder().setKind(Control.Kind.UNLOCK)).advance(200);
        assertThat(driver.events(Event.Kind.UNLOCKED)).hasSize(1);
    }

    @Test
    void recordingIsToldWhenItChangesAndToThoseWhoJoin() {
        driver.join("bob", 1).advance(200);
        driver.control(3, Control.newBuilder().setKind(Control.Kind.SETTINGS).setRecording(true));
        driver.control(2, Control.newBuilder().setKind(Control.Kind.SETTINGS).setRecording(false))
                .advance(200);
        assertThat(driver.events(Event.Kind.RECORDING))
                .singleElement()
                .satisfies(event -> assertThat(event.getCount()).isEqualTo(1));

        driver.control(4, join("ann", "ann-1").setRecording(true)).advance(200);

        assertThat(driver.posts().get(1).getJoined().getRecording()).isTrue();
        assertThat(driver.posts().get(0).getJoined().getRecording()).isFalse();
    }

    @Test
    void aTextThatComesTwiceIsSaidOnce() {
        driver.join("bob", 1).control(Control.Kind.SAY, "bob", 2, true);
        driver.control(Control.Kind.SAY, "bob", 2, true).advance(200);

        assertThat(driver.events(Event.Kind.SAID)).hasSize(1);
    }

    @Test
    void textsAreSaidInWhicheverOrderTheyCome() {
        driver.join("bob", 1).control(Control.Kind.SAY, "bob", 9, true);
        driver.control(Control.Kind.SAY, "bob", 4, true).advance(200);

        assertThat(driver.events(Event.Kind.SAID)).hasSize(2);
    }

    @Test
    void aTextOfSomebodyWhoWasRemovedMeanwhileIsNotSaid() {
        driver.join("bob", 1).join("ann", 2);
        driver.control(5, Control.newBuilder().setKind(Control.Kind.BAN).setParticipant("ann"));
        driver.control(Control.Kind.SAY, "ann", 4, true).advance(200);

        assertThat(driver.events(Event.Kind.SAID)).isEmpty();
    }

    @Test
    void aMembershipThatExpiresEndsAsIfItHadLeft() {
        driver.join("bob", 1);
        driver.control(2, join("ann", "ann-1").setExpiresAtMs(driver.nowMs + 60_000));
        driver.advance(59_999);
        assertThat(driver.events(Event.Kind.LEFT)).isEmpty();

        driver.advance(101);

        assertThat(driver.events(Event.Kind.LEFT)).extracting(Event::getText).containsExactly("expired");
        driver.chunk("ann").version(2).now().advance(200);
        assertThat(driver.played()).isEmpty();
    }

    @Test
    void aRoomWhoseMembersHaveAllExpiredCloses() {
        driver.control(2, join("ann", "ann-1").setExpiresAtMs(driver.nowMs + 60_000));
        driver.advance(60_000 + RoomOptions.defaults().speakerTimeoutMs() + 200);

        assertThat(driver.room.isClosed()).isTrue();
        assertThat(driver.room.tombstone().getSerializedSize()).isLessThanOrEqualTo(64);
    }

    @Test
    void aMembershipThatHasExpiredIsOverAlsoWhereTheTimerIsLate() {
        driver.join("bob", 1);
        driver.control(2, join("ann", "ann-1").setExpiresAtMs(driver.nowMs + 60_000));
        driver.nowMs += 60_000;
        driver.chunk("ann").version(2).now().advance(200);

        assertThat(driver.played()).isEmpty();
        assertThat(driver.events(Event.Kind.LEFT)).hasSize(1);
    }

    @Test
    void anUnmuteHoldsAlsoForWhatIngestReadBeforeIt() {
        driver.join("ann", 1).control(Control.Kind.MUTE, "ann", 5, false);
        driver.control(Control.Kind.UNMUTE, "ann", 6, true).advance(200);
        driver.chunk("ann").version(5).muted().now().advance(200);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 5));
        assertThat(driver.events(Event.Kind.UNMUTED)).hasSize(1);
    }

    @Test
    void oneWhoLeavesBeforeTheTickThatOrdersItsJoinIsNotAnsweredButOthersAre() {
        driver.join("ann", 1).join("bob", 2).join("cid", 3).leave("bob", 4).advance(200);

        assertThat(driver.posts()).extracting(post -> post.getConnection()).containsExactly("ann-1", "cid-1");
    }

    @Test
    void aSecondConnectionOfAParticipantIsAnsweredThoughNobodyIsToldOfIt() {
        driver.control(1, join("ann", "ann-1")).control(2, join("ann", "ann-2")).advance(200);

        assertThat(driver.posts()).extracting(post -> post.getConnection()).containsExactly("ann-1", "ann-2");
        assertThat(joined()).containsExactly("ann");
    }

    @Test
    void whatWasForgottenIsHeldAgainstThoseWhoAreNotKnown() {
        driver.join("bob", 1).advance(100);
        for (int i = 0; i <= Roster.MAX_REMEMBERED; i++) {
            driver.control(
                    100 + i, Control.newBuilder().setKind(Control.Kind.LEAVE).setConnection("gone-" + i));
        }
        driver.chunk("ann").over("gone-0").version(99).now().advance(200);
        assertThat(driver.played()).isEmpty();

        driver.chunk("cid").over("new-1").version(101).now().advance(200);
        assertThat(driver.played()).isEqualTo(sequence("cid", 0, 5));
    }

    @Test
    void aChunkForWhichIngestReadTheVeryChangeIsHeldToIt() {
        driver.join("bob", 1).join("ann", 2).advance(100);
        driver.control(Control.Kind.MUTE, "ann", 5, false);
        driver.control(Control.Kind.MUTE, "cid", 6, false);
        driver.control(7, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("dan"));
        driver.leave("eve", 8);
        driver.chunk("ann").version(5).now();
        driver.chunk("cid").version(6).now();
        driver.chunk("dan").version(7).now();
        driver.chunk("eve").version(8).now().advance(200);

        assertThat(driver.played()).isEmpty();
        assertThat(driver.failed()).extracting(f -> f.getReason()).containsOnly("muted");
    }

    @Test
    void oneOfWhomNothingIsKnownHereSpeaksIfIngestSaysSo() {
        driver.chunk("ann").muted().now();
        driver.chunk("bob").now().advance(200);

        assertThat(driver.played()).isEqualTo(sequence("bob", 0, 5));
    }

    @Test
    void aJoinThatComesTwiceIsAnsweredOnceAndAMuteThatComesTwiceIsToldOnce() {
        driver.join("ann", 1).join("ann", 1);
        driver.control(Control.Kind.MUTE, "ann", 2, false);
        driver.control(Control.Kind.MUTE, "ann", 2, false).advance(200);

        assertThat(driver.posts()).hasSize(1);
        assertThat(driver.events(Event.Kind.MUTED)).hasSize(1);
    }

    @Test
    void aLeaveOfAnEarlierMembershipDoesNotEndALaterOne() {
        driver.join("ann", 5).leave("ann", 3).advance(200);
        assertThat(driver.events(Event.Kind.LEFT)).isEmpty();

        driver.control(4, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("ann"))
                .advance(200);
        assertThat(driver.events(Event.Kind.LEFT)).isEmpty();
    }

    @Test
    void aMuteThatWasKnownAlreadyGivesUpNothingOfWhatWasSaidSince() {
        driver.join("ann", 1).control(Control.Kind.MUTE, "ann", 5, false).advance(200);
        driver.chunk("ann").at(0, 0).version(6).now();
        driver.chunk("ann").at(10, 10).version(6).now();
        driver.control(Control.Kind.MUTE, "ann", 5, false).advance(100);
        driver.chunk("ann").at(5, 5).version(6).now().advance(100);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 15));
        assertThat(driver.events(Event.Kind.LOST)).isEmpty();
    }

    @Test
    void sixtyFourTextsAreRememberedAndOlderOnesAreNotSaid() {
        driver.join("bob", 1);
        for (int version = 11; version < 11 + 64; version++) {
            driver.control(Control.Kind.SAY, "bob", version, true);
        }
        driver.control(Control.Kind.SAY, "bob", 10, true).advance(200);
        assertThat(driver.events(Event.Kind.SAID)).hasSize(65);

        driver.control(Control.Kind.SAY, "bob", 11, true);
        driver.control(Control.Kind.SAY, "bob", 9, true).advance(200);

        assertThat(driver.events(Event.Kind.SAID)).hasSize(65);
        assertThat(driver.room.state().getRoster().getSaidCount()).isEqualTo(64);
    }

    @Test
    void soManyParticipantsWhomAModeratorActedOnAreRememberedAndNoMore() {
        driver.join("bob", 1);
        for (int i = 0; i < Roster.MAX_REMEMBERED; i++) {
            driver.control(
                    100 + i, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("p" + i));
        }
        driver.chunk("p0").version(100).now();
        driver.chunk("ann").version(100).now().advance(200);
        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 5));

        for (int i = 0; i < 10; i++) {
            driver.control(
                    5_000 + i, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("q" + i));
        }
        driver.chunk("cid").version(109).now().advance(200);
        assertThat(driver.played()).hasSize(5);
        driver.join("dan", 109).advance(200);
        assertThat(joined()).containsExactly("bob");
        driver.chunk("dan").version(110).now().advance(200);
        assertThat(driver.played()).hasSize(10);
        assertThat(driver.room.state().getRoster().getStandingsCount()).isEqualTo(Roster.MAX_REMEMBERED);
    }

    private List<String> joined() {
        return driver.events(Event.Kind.JOINED).stream()
                .map(Event::getParticipant)
                .collect(Collectors.toList());
    }

    private static Control.Builder join(String participant, String connection) {
        return Control.newBuilder()
                .setKind(Control.Kind.JOIN)
                .setParticipant(participant)
                .setConnection(connection)
                .setDisplayName(participant)
                .setPermissions(Permissions.newBuilder().setSpeak(true).setListen(true));
    }
}
