package io.parley.core.room;

import static io.parley.core.room.RoomDriver.sequence;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.chunk.Chunk;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.Control;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Event;
import io.parley.core.wire.Joined;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogFrame.Disposition;
import io.parley.core.wire.Member;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.core.wire.Tick;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What moderators, and participants of themselves, decide about a room: by version, whatever is in flight. */
class ModerationTest {

    private static final Presence MUTED = Presence.newBuilder().setMuted(true).build();
    private static final Presence SELF_MUTED =
            Presence.newBuilder().setSelfMuted(true).build();
    private static final Presence DEAFENED =
            Presence.newBuilder().setDeafened(true).build();

    private final RoomDriver driver = new RoomDriver(RoomOptions.defaults());

    // A participant of itself

    @Test
    void whoMutesItselfIsNotHeardAfterTheTickThatSaysSoThoughItHadWaitedBehindAGap() {
        driver.join("ann", 1).join("bob", 2).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5).advance(5);
        driver.control(5, presence("ann", SELF_MUTED, false));
        driver.speak("ann", 15, 15, 5).advance(1_000);
        driver.control(Control.Kind.SAY, "bob", 6, true).advance(100);

        assertThat(driver.events(Event.Kind.PRESENCE)).singleElement().satisfies(event -> {
            assertThat(event.getParticipant()).isEqualTo("ann");
            assertThat(event.getCount()).isEqualTo(1);
        });
        assertThat(driver.played()).hasSize(10);
        assertThat(ticksAfter(Event.Kind.PRESENCE))
                .allSatisfy(tick -> assertThat(tick.getFrames()).isEmpty());
        assertThat(driver.logged()).extracting(LogFrame::getDisposition).containsOnly(Disposition.MUTED);
    }

    @Test
    void whoIsMutedHasStoppedSpeaking() {
        driver.join("ann", 1).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.control(Control.Kind.MUTE, "ann", 5, false).advance(100);

        assertThat(kindsOf("ann")).containsExactly("JOINED", "STREAM", "SPEAKING", "STOPPED", "MUTED");
    }

    @Test
    void whatAnotherChangeSaysOfAMuteIsToldAtOnceAndTheMuteThatComesAfterItTellsNothing() {
        driver.join("ann", 1).advance(200);
        driver.control(
                6,
                presence(
                        "ann",
                        Presence.newBuilder().setMuted(true).setSelfMuted(true).build(),
                        false));
        driver.control(Control.Kind.MUTE, "ann", 5, false).advance(200);

        assertThat(kindsOf("ann")).containsExactly("JOINED", "MUTED", "PRESENCE");
    }

    @Test
    void whoUnmutesItselfIsStillMutedByTheModerator() {
        driver.join("ann", 1).control(Control.Kind.MUTE, "ann", 5, false);
        driver.control(6, presence("ann", MUTED, false));
        driver.speakAs("ann", 0, 0, 5, driver.nowMs, 4).advance(200);

        assertThat(driver.played()).isEmpty();
        assertThat(driver.events(Event.Kind.UNMUTED)).isEmpty();
    }

    @Test
    void whoHearsAgainIsToldHowTheRoomIsOnAllItsConnections() {
        driver.control(1, join("ann", "ann-1").setReconnectBeforeMs(77).setExpiresAtMs(driver.nowMs + 60_000));
        driver.control(2, join("ann", "ann-2")).advance(200);
        driver.control(5, presence("ann", DEAFENED, true)).advance(200);
        assertThat(driver.posts()).hasSize(2);

        driver.control(Control.Kind.PRESENCE, "ann", 6, true).advance(200);

        List<DirectPost> posts = driver.posts().subList(2, 4);
        assertThat(posts).extracting(DirectPost::getConnection).containsExactly("ann-1", "ann-2");
        Joined joined = posts.get(0).getJoined();
        Tick last = driver.ticks().get(driver.ticks().size() - 1);
        assertThat(joined.getTick()).isEqualTo(last.getTick());
        assertThat(joined.getHash()).isEqualTo(last.getHash());
        assertThat(joined.getReconnectBeforeMs()).isEqualTo(77);
        assertThat(driver.events(Event.Kind.PRESENCE))
                .extracting(Event::getCount)
                .containsExactly(2, 0);
    }

    @Test
    void whoWasDeafenedForAMomentIsToldHowTheRoomIsThoughTheChangesComeInTheWrongOrder() {
        driver.join("ann", 1).advance(200);
        driver.control(Control.Kind.PRESENCE, "ann", 6, true);
        driver.control(5, presence("ann", DEAFENED, true)).advance(200);

        assertThat(driver.posts()).hasSize(2);
        assertThat(driver.events(Event.Kind.PRESENCE)).isEmpty();
    }

    @Test
    void whoComesMutedIsToldAsMuted() {
        driver.join("bob", 1);
        driver.control(
                2,
                join("ann", "ann-1")
                        .setPresence(Presence.newBuilder().setMuted(true).setDeafened(true)));
        driver.advance(200);

        assertThat(kindsOf("ann")).containsExactly("JOINED", "MUTED", "PRESENCE");
        Member ann = driver.posts().get(1).getJoined().getMembers(1);
        assertThat(ann.getMuted()).isTrue();
        assertThat(ann.getSelfMuted()).isFalse();
        assertThat(ann.getDeafened()).isTrue();
    }

    @Test
    void presenceIsTheParticipantsAndOutlivesTheConnectionThatSetIt() {
        driver.join("bob", 1);
        driver.control(2, join("ann", "ann-1")).control(4, join("ann", "ann-2").setPresence(SELF_MUTED));
        driver.control(3, presence("ann", SELF_MUTED, false)).leave("ann", 5).throughState();
        driver.control(6, join("cid", "cid-1")).advance(200);

        assertThat(kindsOf("ann")).containsExactly("JOINED", "PRESENCE");
        Member ann = driver.posts().get(driver.posts().size() - 1).getJoined().getMembers(1);
        assertThat(ann.getParticipant()).isEqualTo("ann");
        assertThat(ann.getSelfMuted()).isTrue();
    }

    @Test
    void whatWaitsFromBeforeAMuteLeavesWithTheTickThatTellsOfItThoughWhatWasSaidAfterItCameFirst() {
        driver.join("ann", 1).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5);
        driver.speakAs("ann", 20, 20, 5, driver.nowMs, 6).advance(5);
        driver.control(Control.Kind.MUTE, "ann", 5, false).advance(95);
        assertThat(driver.played()).hasSize(15);
        assertThat(driver.events(Event.Kind.MUTED)).hasSize(1);

        driver.control(Control.Kind.UNMUTE, "ann", 6, true);
        driver.speakAs("ann", 25, 25, 5, driver.nowMs, 6).advance(200);
        assertThat(driver.played()).hasSize(20);
    }

    // The room

    @Test
    void inAMutedRoomNobodyIsHeardButModerators() {
        driver.control(1, join("ann", "ann-1"));
        driver.control(2, moderator("bob")).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5).advance(5);
        driver.control(5, settings().setRoomMuted(true)).advance(100);
        int before = driver.played().size();

        driver.speakAs("ann", 15, 15, 5, driver.nowMs, 1);
        driver.chunk("bob").moderator().now().advance(500);

        assertThat(before)
                .as("what was said before leaves with the tick that says so")
                .isEqualTo(10);
        assertThat(driver.played().subList(before, driver.played().size())).isEqualTo(sequence("bob", 0, 5));
        assertThat(driver.events(Event.Kind.SETTINGS))
                .extracting(Event::getCount)
                .containsExactly(2);
    }

    @Test
    void aRoomThatIsMutedAgainstNobodyAnyMoreIsAsBefore() {
        driver.join("ann", 1).control(5, settings().setRoomMuted(true));
        driver.control(7, settings()).control(6, settings().setRoomMuted(true)).advance(200);
        driver.speak("ann", 0, 0, 5).advance(200);

        assertThat(driver.played()).isEqualTo(sequence("ann", 0, 5));
    }

    @Test
    void aMuteInAMutedRoomStaysWhenTheRoomIsMutedNoMore() {
        driver.join("ann", 1).control(5, settings().setRoomMuted(true));
        driver.control(Control.Kind.MUTE, "ann", 6, false).control(7, settings());
        driver.speakAs("ann", 0, 0, 5, driver.nowMs, 1).advance(200);

        assertThat(driver.played()).isEmpty();
    }

    @Test
    void inAPushToTalkRoomOnlyWhatWasPushedIsHeard() {
        driver.join("ann", 1).control(5, settings().setPushToTalk(true)).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 5, 5, 5, Chunk.FLAG_PUSH_TO_TALK).advance(300);

        assertThat(driver.played()).isEqualTo(sequence("ann", 5, 5));
        assertThat(driver.logged())
                .hasSize(5)
                .extracting(LogFrame::getDisposition)
                .containsOnly(Disposition.MUTED);
        assertThat(driver.events(Event.Kind.SETTINGS))
                .extracting(Event::getCount)
                .containsExactly(1);
    }

    @Test
    void whatWaitsUnpushedLeavesWithTheTickThatAsksForPushToTalk() {
        driver.join("ann", 1).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5).advance(5);
        driver.control(5, settings().setPushToTalk(true)).advance(1_000);

        assertThat(driver.played()).hasSize(10);
        assertThat(ticksAfter(Event.Kind.SETTINGS))
                .allSatisfy(tick -> assertThat(tick.getFrames()).isEmpty());
    }

    @Test
    void whoJoinsIsToldHowTheRoomIsAndWhatItMayThere() {
        driver.join("bob", 1).control(3, Control.newBuilder().setKind(Control.Kind.LOCK));
        driver.control(
                4,
                join("ann", "ann-1")
                        .setRoomMuted(true)
                        .setPushToTalk(true)
                        .setExpiresAtMs(driver.nowMs + 60_000)
                        .setPermissions(Permissions.newBuilder()
                                .setSpeak(true)
                                .setListen(true)
                                .setRecord(true)));
        driver.advance(200);

        Joined joined = driver.posts().get(1).getJoined();
        assertThat(joined.getRoomMuted()).isTrue();
        assertThat(joined.getPushToTalk()).isTrue();
        assertThat(joined.getLocked()).isTrue();
        assertThat(joined.getGrantUntilMs()).isEqualTo(RoomDriver.START_MS + 60_000);
        assertThat(joined.getPermissions().getRecord()).isTrue();
        assertThat(joined.getPermissions().getSpeak()).as("the room is muted").isFalse();
    }

    @Test
    void aLockThatIsOlderThanTheRoomIsKnownByAJoin() {
        driver.control(4, join("ann", "ann-1").setLocked(true)).advance(200);
        assertThat(driver.posts().get(0).getJoined().getLocked()).isTrue();

        driver.control(5, join("bob", "bob-1")).advance(200);
        assertThat(driver.posts().get(1).getJoined().getLocked())
                .as("a join without it says nothing")
                .isTrue();
    }

    // Removal

    @Test
    void eachConnectionThatIsRemovedIsToldWhyWithTheTickThatSaysSo() {
        driver.join("bob", 1);
        driver.control(2, join("ann", "ann-1")).control(3, join("ann", "ann-2")).advance(200);
        driver.control(
                9,
                Control.newBuilder()
                        .setKind(Control.Kind.BAN)
                        .setParticipant("ann")
                        .setReason("shouting")
                        .setUntilMs(1_234));
        driver.advance(200);

        List<DirectPost> posts = driver.posts().subList(3, driver.posts().size());
        assertThat(posts).extracting(DirectPost::getConnection).containsExactly("ann-1", "ann-2");
        assertThat(posts).allSatisfy(post -> {
            assertThat(post.getRemoved().getReason()).isEqualTo("banned");
            assertThat(post.getRemoved().getText()).isEqualTo("shouting");
            assertThat(post.getRemoved().getUntilMs()).isEqualTo(1_234);
        });
        assertThat(driver.outputs)
                .filteredOn(output -> output.getPostsList().containsAll(posts))
                .singleElement()
                .satisfies(output -> {
                    assertThat(output.getTick().getEvents(0).getKind()).isEqualTo(Event.Kind.LEFT);
                    assertThat(output.getTick().getRosterVersion()).isEqualTo(9);
                });
    }

    @Test
    void revokedAndSuspendedParticipantsAreRemovedLikeThoseWhoAreKicked() {
        driver.join("ann", 1).join("bob", 2).join("cid", 3);
        driver.control(5, Control.newBuilder().setKind(Control.Kind.REVOKE).setParticipant("ann"));
        driver.control(6, Control.newBuilder().setKind(Control.Kind.SUSPEND).setParticipant("bob"));
        driver.chunk("ann").version(1).now();
        driver.chunk("bob").version(2).now().advance(200);

        assertThat(driver.events(Event.Kind.LEFT)).extracting(Event::getText).containsExactly("revoked", "suspended");
        assertThat(driver.posts().stream().filter(DirectPost::hasRemoved))
                .extracting(post -> post.getRemoved().getReason())
                .containsExactly("revoked", "suspended");
        assertThat(driver.played()).isEmpty();
    }

    @Test
    void whoIsRemovedBeforeItsJoinWasAnsweredIsToldThatAlone() {
        driver.join("bob", 1).advance(150);
        driver.join("cid", 2).join("ann", 3);
        driver.control(4, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("ann"));
        driver.throughState().advance(200);

        assertThat(driver.posts().stream().filter(post -> post.getConnection().equals("ann-1")))
                .singleElement()
                .matches(DirectPost::hasRemoved);
    }

    @Test
    void whatWaitsOfSomebodyWhoWasKickedLeavesWithThatTickThoughItsJoinIsNotKnown() {
        driver.join("bob", 1).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 10, 10, 5).advance(5);
        driver.control(5, Control.newBuilder().setKind(Control.Kind.KICK).setParticipant("ann"));
        driver.advance(95);
        assertThat(driver.played()).hasSize(10);

        driver.advance(1_000);
        assertThat(driver.played()).hasSize(10);
    }

    @Test
    void aMembershipThatExpiresIsToldToItsConnectionThoughItsParticipantStays() {
        driver.control(1, join("ann", "ann-1"));
        driver.control(2, join("ann", "ann-2").setExpiresAtMs(driver.nowMs + 60_000));
        driver.advance(60_200);

        assertThat(driver.posts().get(2).getConnection()).isEqualTo("ann-2");
        assertThat(driver.posts().get(2).getRemoved().getReason()).isEqualTo("expired");
        assertThat(driver.events(Event.Kind.LEFT)).isEmpty();
    }

    @Test
    void aRenewedMembershipGoesOnIsAnsweredAndTellsNobodyElse() {
        driver.control(1, join("ann", "ann-1").setExpiresAtMs(driver.nowMs + 60_000))
                .advance(50_000);
        driver.control(
                2,
                join("ann", "ann-1")
                        .setExpiresAtMs(driver.nowMs + 60_000)
                        .setPermissions(Permissions.newBuilder().setListen(true)));
        driver.advance(59_000);
        assertThat(driver.events(Event.Kind.LEFT)).isEmpty();
        assertThat(joined()).containsExactly("ann");
        assertThat(driver.posts()).hasSize(2);
        assertThat(driver.posts().get(1).getJoined().getPermissions().getSpeak())
                .isFalse();
        driver.chunk("ann").version(1).now().advance(200);
        assertThat(driver.played()).isEmpty();

        driver.advance(2_000);
        assertThat(driver.events(Event.Kind.LEFT)).hasSize(1);
    }

    @Test
    void aRenewalThatAMuteOvertookDoesNotUndoIt() {
        driver.join("ann", 1).control(Control.Kind.MUTE, "ann", 5, false);
        driver.control(4, join("ann", "ann-1")).advance(200);
        driver.speakAs("ann", 0, 0, 5, driver.nowMs, 4).advance(200);

        assertThat(driver.played()).isEmpty();
        assertThat(driver.events(Event.Kind.UNMUTED)).isEmpty();
    }

    // What is kept

    @Test
    void ticksOfARoomThatIsNotRecordedAreMarked() {
        driver.control(1, join("ann", "ann-1").setRecording(true)).advance(200);
        driver.speak("ann", 0, 0, 5).advance(200);
        driver.control(5, settings().setRecording(false)).advance(200);
        driver.speak("ann", 5, 5, 5).advance(200);
        driver.control(6, settings().setRecording(true)).advance(200);
        driver.speak("ann", 10, 10, 5).advance(200);

        assertThat(driver.outputs.stream()
                        .filter(output -> !output.getTick().getFrames().isEmpty())
                        .map(output -> output.getUnrecorded()))
                .containsExactly(false, true, false);
    }

    @Test
    void whatWasSaidUnrecordedIsNotKeptThoughItLeavesWithTheTickThatTurnsRecordingOn() {
        driver.control(1, join("ann", "ann-1")).advance(200);
        driver.speak("ann", 0, 0, 5).advance(100);
        driver.speak("ann", 5, 5, 5).speak("ann", 15, 15, 5).advance(5);
        driver.control(5, settings().setRecording(true)).throughState().advance(1_000);

        assertThat(driver.played()).hasSize(15);
        assertThat(driver.outputs)
                .filteredOn(output -> !output.getTick().getFrames().isEmpty())
                .allMatch(output -> output.getUnrecorded());
        driver.speak("ann", 20, 20, 5).advance(200);
        assertThat(driver.outputs.get(driver.outputs.size() - 1).getUnrecorded())
                .isFalse();
    }

    private List<Tick> ticksAfter(Event.Kind kind) {
        List<Tick> ticks = driver.ticks();
        for (int i = 0; i < ticks.size(); i++) {
            if (ticks.get(i).getEventsList().stream().anyMatch(event -> event.getKind() == kind)) {
                return ticks.subList(i + 1, ticks.size());
            }
        }
        throw new AssertionError("no tick with " + kind);
    }

    private List<String> kindsOf(String participant) {
        return driver.ticks().stream()
                .flatMap(tick -> tick.getEventsList().stream())
                .filter(event -> event.getParticipant().equals(participant))
                .map(event -> event.getKind().name())
                .collect(Collectors.toList());
    }

    private List<String> joined() {
        return driver.events(Event.Kind.JOINED).stream()
                .map(Event::getParticipant)
                .collect(Collectors.toList());
    }

    private static Control.Builder settings() {
        return Control.newBuilder().setKind(Control.Kind.SETTINGS);
    }

    private static Control.Builder presence(String participant, Presence presence, boolean speak) {
        return Control.newBuilder()
                .setKind(Control.Kind.PRESENCE)
                .setParticipant(participant)
                .setPresence(presence)
                .setPermissions(Permissions.newBuilder().setSpeak(speak));
    }

    private static Control.Builder moderator(String participant) {
        return join(participant, participant + "-1")
                .setPermissions(Permissions.newBuilder().setSpeak(true).setModerate(true));
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
