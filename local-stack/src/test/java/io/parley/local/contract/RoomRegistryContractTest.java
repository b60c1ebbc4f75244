package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.error.ErrorCode;
import io.parley.core.port.RoomRegistry;
import io.parley.core.room.Actor;
import io.parley.core.room.Admitted;
import io.parley.core.room.Connection;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.Membership;
import io.parley.core.room.OwnChoice;
import io.parley.core.room.RoomChange;
import io.parley.core.room.RoomGrant;
import io.parley.core.room.RoomSetting;
import io.parley.core.wire.Permissions;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/** What ingest may count on where it asks who may do what in a room. */
abstract class RoomRegistryContractTest extends RegistryFixture {

    static final Permissions MODERATOR =
            SPEAKER.toBuilder().setModerate(true).setRecord(true).build();
    static final Permissions LISTENER = Permissions.newBuilder().setListen(true).build();

    final Actor moderator = actor("mo", "m=");
    final Actor bob = actor("bob", "b=");

    @BeforeEach
    void putAModeratorAndBobIntoTheLobby() {
        connect("m=", "mo");
        connect("b=", "bob");
        rooms.join("lobby", wish("mo", "m=").withGrant(RoomGrant.of(MODERATOR, 0)));
        join("lobby", "bob", "b=");
    }

    @Test
    void takesTheVoiceOfTheMutedOnAllItsConnectionsAndGivesItBack() {
        connect("b2=", "bob");
        rooms.join("lobby", wish("bob", "b2=").withGrant(RoomGrant.of(LISTENER, 0)));
        long before = version();

        RoomChange muted = rooms.mute("lobby", moderator, "bob", true).orElseThrow();
        assertThat(muted.controlVersion()).isEqualTo(before + 1);
        assertThat(muted.permissions()).isEqualTo(LISTENER);
        assertThat(muted.presence().getMuted()).isTrue();
        assertThat(permissions("bob", "b=")).isEqualTo(LISTENER);
        assertThat(registry.members("lobby"))
                .filteredOn(member -> member.participant().equals("bob"))
                .extracting(Member::controlVersion)
                .containsOnly(muted.controlVersion());

        RoomChange unmuted = rooms.mute("lobby", moderator, "bob", false).orElseThrow();
        assertThat(unmuted.permissions()).isEqualTo(SPEAKER);
        assertThat(permissions("bob", "b=")).isEqualTo(SPEAKER);
        assertThat(permissions("bob", "b2=")).as("what was not granted").isEqualTo(LISTENER);
    }

    @Test
    void keepsTheMuteOfAModeratorWhateverTheMutedOneDoes() {
        rooms.mute("lobby", moderator, "bob", true);
        rooms.choose("lobby", bob, OwnChoice.MUTED, true);
        RoomChange own = rooms.choose("lobby", bob, OwnChoice.MUTED, false).orElseThrow();
        assertThat(own.permissions().getSpeak()).isFalse();
        assertThat(own.presence().getMuted()).isTrue();
        assertThat(own.presence().getSelfMuted()).isFalse();

        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.mute("lobby", bob, "bob", false));
        disconnect("b=");
        connect("b3=", "bob");
        Admitted again = rooms.join("lobby", wish("bob", "b3="));
        assertThat(again.member().permissions()).isEqualTo(LISTENER);
        assertThat(again.presence().getMuted()).isTrue();
    }

    @Test
    void keepsOwnChoicesWhenAModeratorUnmutes() {
        rooms.choose("lobby", bob, OwnChoice.MUTED, true);
        rooms.mute("lobby", moderator, "bob", true);
        assertThat(rooms.mute("lobby", moderator, "bob", false)
                        .orElseThrow()
                        .permissions()
                        .getSpeak())
                .isFalse();
    }

    @Test
    void givesTheDeafenedNoTicks() {
        RoomChange deafened =
                rooms.choose("lobby", bob, OwnChoice.DEAFENED, true).orElseThrow();
        assertThat(deafened.presence().getDeafened()).isTrue();
        assertThat(member("bob", "b=").permissions().getListen()).isFalse();
        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.say("lobby", bob));

        rooms.choose("lobby", bob, OwnChoice.DEAFENED, false);
        assertThat(member("bob", "b=").permissions()).isEqualTo(SPEAKER);
    }

    @Test
    void keepsWhatWasChosenThroughAnEmptyRoomForThirtyDays() {
        rooms.mute("lobby", moderator, "bob", true);
        rooms.block("lobby", bob, "mo", true);
        rooms.set("lobby", moderator, Map.of(RoomSetting.RECORDING, false, RoomSetting.PUSH_TO_TALK, true));
        disconnect("m=");
        disconnect("b=");
        assertThat(registry.members("lobby")).isEmpty();

        Admitted again = joinAfter(Duration.ofDays(29), "bob", "late=");
        assertThat(again.presence().getMuted()).isTrue();
        assertThat(again.blocked()).containsExactly("mo");
        assertThat(again.settings().is(RoomSetting.RECORDING)).isFalse();
        assertThat(again.settings().is(RoomSetting.PUSH_TO_TALK)).isTrue();
    }

    @Test
    void forgetsWhatWasChosenThirtyDaysAfterItsLastChange() {
        rooms.mute("lobby", moderator, "bob", true);
        rooms.set("lobby", moderator, Map.of(RoomSetting.LOCKED, true, RoomSetting.PUSH_TO_TALK, true));
        disconnect("m=");
        disconnect("b=");
        long last = Long.parseLong(roomMeta().get("controlVersion").n());

        Admitted again = joinAfter(Duration.ofDays(31), "bob", "late=");
        assertThat(again.presence().getMuted()).isFalse();
        assertThat(again.settings().isDefault()).isTrue();
        assertThat(again.member().controlVersion()).isGreaterThan(last);
        assertThat(rooms.membership("lobby", "bob", "late=")
                        .orElseThrow()
                        .settings()
                        .isDefault())
                .isTrue();
    }

    @Test
    void blocksUpToAHundredAndKeepsThemWithTheOwnStanding() {
        for (int i = 0; i < 100; i++) {
            rooms.block("lobby", bob, "p" + i, true);
        }
        assertCode(ErrorCode.TOO_MANY_BLOCKED, () -> rooms.block("lobby", bob, "one-more", true));
        rooms.block("lobby", bob, "p7", true);
        rooms.block("lobby", bob, "p8", false);
        rooms.block("lobby", bob, "one-more", true);

        assertThat(rooms.join("lobby", wish("bob", "b=")).blocked())
                .hasSize(100)
                .contains("one-more", "p7")
                .doesNotContain("p8");
        assertThat(member("bob", "b=").permissions()).isEqualTo(SPEAKER);
    }

    @Test
    void leavesOnlyModeratorsTheirVoiceInAMutedRoom() {
        RoomChange muted = rooms.set("lobby", moderator, Map.of(RoomSetting.MUTED, true));
        Membership membership = membership("bob", "b=");
        assertThat(membership.member().permissions()).isEqualTo(LISTENER);
        assertThat(membership.member().grant()).isEqualTo(SPEAKER);
        assertThat(membership.controlVersion()).isEqualTo(muted.controlVersion());
        assertThat(permissions("mo", "m=")).isEqualTo(MODERATOR);

        rooms.set("lobby", moderator, Map.of(RoomSetting.MUTED, false));
        assertThat(permissions("bob", "b=")).isEqualTo(SPEAKER);
        assertThat(roomMeta()).doesNotContainKeys("roomMuted", "locked", "recording", "pushToTalk");
    }

    @Test
    void locksTheRoomToAllButModeratorsAndThoseWhoAreInIt() {
        rooms.set("lobby", moderator, Map.of(RoomSetting.LOCKED, true));
        connect("c=", "cid");
        connect("b2=", "bob");
        connect("m2=", "mia");

        assertCode(ErrorCode.ROOM_LOCKED, () -> join("lobby", "cid", "c="));
        join("lobby", "bob", "b2=");
        rooms.join("lobby", wish("mia", "m2=").withGrant(RoomGrant.of(MODERATOR, 0)));
        disconnect("b=");
        disconnect("b2=");
        connect("b3=", "bob");
        assertCode(ErrorCode.ROOM_LOCKED, () -> join("lobby", "bob", "b3="));
        rooms.set("lobby", moderator, Map.of(RoomSetting.LOCKED, false));
        join("lobby", "cid", "c=");
    }

    @Test
    void takesAllConnectionsOfTheKickedOutOfTheRoomAndLetsItComeBack() {
        connect("b2=", "bob");
        join("lobby", "bob", "b2=");
        long before = version();

        assertThat(rooms.kick("lobby", moderator, "bob").controlVersion()).isEqualTo(before + 1);
        assertThat(registry.members("lobby")).extracting(Member::participant).containsExactly("mo");
        assertThat(registry.connection("b=").orElseThrow().rooms()).isEmpty();
        assertThat(registry.connection("b2=").orElseThrow().rooms()).isEmpty();
        assertThat(join("lobby", "bob", "b=").controlVersion()).isEqualTo(before + 2);
        assertThat(roomMeta().get("memberCount").n()).isEqualTo("2");
    }

    @Test
    void kicksAgainWhoIsNotThere() {
        long first = rooms.kick("lobby", moderator, "bob").controlVersion();
        assertThat(rooms.kick("lobby", moderator, "bob").controlVersion()).isEqualTo(first + 1);
    }

    @Test
    void letsTheBannedInWhenTheBanEnds() {
        rooms.ban("lobby", moderator, "bob", now.toEpochMilli() + 600_000, "noise");
        assertThat(registry.members("lobby")).extracting(Member::participant).containsExactly("mo");

        assertCode(ErrorCode.BANNED, () -> join("lobby", "bob", "b="));
        join("arena", "bob", "b=");
        roomsAt(now.plusSeconds(601)).join("lobby", wish("bob", "b="));
    }

    @Test
    void letsTheBannedInWhenAModeratorSaysSo() {
        rooms.ban("lobby", moderator, "bob", 0, "");
        assertCode(ErrorCode.BANNED, () -> joinAfter(Duration.ofDays(3_650), "bob", "late="));

        rooms.unban("lobby", moderator, "bob");
        join("lobby", "bob", "b=");
    }

    @Test
    void asksForTheRightToModerateAndToRecord() {
        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.mute("lobby", bob, "mo", true));
        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.kick("lobby", bob, "mo"));
        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.ban("lobby", bob, "mo", 0, ""));
        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.unban("lobby", bob, "mo"));
        for (RoomSetting setting : RoomSetting.values()) {
            assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.set("lobby", bob, Map.of(setting, true)));
        }
        connect("r=", "rec");
        rooms.join(
                "lobby",
                wish("rec", "r=")
                        .withGrant(
                                RoomGrant.of(SPEAKER.toBuilder().setRecord(true).build(), 0)));
        rooms.set("lobby", actor("rec", "r="), Map.of(RoomSetting.RECORDING, false));
        assertCode(
                ErrorCode.NOT_ALLOWED,
                () -> rooms.set(
                        "lobby",
                        actor("rec", "r="),
                        Map.of(RoomSetting.RECORDING, true, RoomSetting.PUSH_TO_TALK, true)));

        assertThat(registry.members("lobby")).hasSize(3);
        assertThat(permissions("mo", "m=")).isEqualTo(MODERATOR);
    }

    @Test
    void letsNobodyActFromOutsideTheRoom() {
        connect("m2=", "mo");
        Actor outside = actor("mo", "m2=");
        assertCode(ErrorCode.NOT_JOINED, () -> rooms.mute("lobby", outside, "bob", true));
        assertCode(ErrorCode.NOT_JOINED, () -> rooms.choose("lobby", outside, OwnChoice.MUTED, true));
        assertCode(ErrorCode.NOT_JOINED, () -> rooms.say("lobby", outside));
        assertCode(ErrorCode.NOT_JOINED, () -> rooms.block("lobby", outside, "bob", true));
        assertCode(ErrorCode.NOT_JOINED, () -> rooms.renew("lobby", outside, RoomGrant.of(MODERATOR, 0), expiry()));
        assertCode(ErrorCode.NOT_JOINED, () -> rooms.mute("lobby", actor("mo", "b="), "bob", true));
        assertCode(ErrorCode.BAD_ROOM, () -> rooms.kick("lob/by", moderator, "bob"));
    }

    @Test
    void letsNobodyRemoveThemselves() {
        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.kick("lobby", moderator, "mo"));
        assertCode(ErrorCode.NOT_ALLOWED, () -> rooms.ban("lobby", moderator, "mo", 0, ""));
    }

    @Test
    void actsOnThoseWhoAreNotThere() {
        RoomChange muted = rooms.mute("lobby", moderator, "eve", true).orElseThrow();
        assertThat(muted.permissions()).isEqualTo(Permissions.getDefaultInstance());
        connect("e=", "eve");
        assertThat(join("lobby", "eve", "e=").permissions()).isEqualTo(LISTENER);
    }

    @Test
    void letsTheHigherNumberHoldInWhicheverOrderTheyCome() {
        rooms.mute("lobby", numbered(moderator, 2), "bob", false);
        assertThat(rooms.mute("lobby", numbered(moderator, 1), "bob", true)).isEmpty();
        assertThat(permissions("bob", "b=")).isEqualTo(SPEAKER);
        rooms.mute("lobby", numbered(moderator, 3), "bob", true);
        assertThat(permissions("bob", "b=")).isEqualTo(LISTENER);
    }

    @Test
    void tellsApartNumbersOfOtherKindsSubjectsAndConnections() {
        connect("m2=", "mo");
        rooms.join("lobby", wish("mo", "m2=").withGrant(RoomGrant.of(MODERATOR, 0)));
        rooms.mute("lobby", numbered(moderator, 9), "bob", false);

        assertThat(rooms.mute("lobby", numbered(actor("mo", "m2="), 1), "bob", true))
                .as("another connection")
                .isPresent();
        assertThat(rooms.mute("lobby", numbered(moderator, 1), "eve", true))
                .as("another subject")
                .isPresent();
        assertThat(rooms.choose("lobby", numbered(moderator, 1), OwnChoice.MUTED, true))
                .as("another kind")
                .isPresent();
        rooms.block("lobby", numbered(bob, 5), "mo", true);
        rooms.block("lobby", numbered(bob, 4), "eve", true);
        rooms.block("lobby", numbered(bob, 3), "mo", false);
        assertThat(rooms.join("lobby", wish("bob", "b=")).blocked()).containsExactlyInAnyOrder("mo", "eve");
    }

    @Test
    void makesTheSameChangeAgainUnderTheNextVersion() {
        RoomChange first =
                rooms.mute("lobby", numbered(moderator, 7), "bob", true).orElseThrow();
        RoomChange again =
                rooms.mute("lobby", numbered(moderator, 7), "bob", true).orElseThrow();
        assertThat(again.controlVersion()).isEqualTo(first.controlVersion() + 1);
        assertThat(again.presence()).isEqualTo(first.presence());
    }

    @Test
    void numbersWhatIsSaidButLetsNobodyTalkWhomAModeratorMuted() {
        long before = version();
        assertThat(rooms.say("lobby", bob).controlVersion()).isEqualTo(before + 1);
        rooms.choose("lobby", bob, OwnChoice.MUTED, true);
        rooms.say("lobby", bob);
        rooms.mute("lobby", moderator, "bob", true);
        assertCode(ErrorCode.MUTED, () -> rooms.say("lobby", bob));
    }

    @Test
    void letsAConnectionSayFiveTextsASecond() {
        connect("b2=", "bob");
        join("lobby", "bob", "b2=");
        for (int i = 0; i < 5; i++) {
            rooms.say("lobby", bob);
        }
        assertCode(ErrorCode.RATE_LIMITED, () -> rooms.say("lobby", bob));
        rooms.say("lobby", actor("bob", "b2="));
        roomsAt(now.plusSeconds(1)).say("lobby", bob);
    }

    @Test
    void takesARoomTicketForOneConnectionAlone() {
        connect("b2=", "bob");
        JoinRequest ticketed = wish("bob", "b=").withGrant(ticket("t1", MODERATOR, 0));
        assertThat(rooms.join("lobby", ticketed).member().grant()).isEqualTo(MODERATOR);
        rooms.join("lobby", ticketed);

        assertCode(
                ErrorCode.TICKET_USED,
                () -> rooms.join("lobby", wish("bob", "b2=").withGrant(ticket("t1", MODERATOR, 0))));
        assertThat(registry.connection("b2=").orElseThrow().rooms()).isEmpty();
        assertCode(ErrorCode.TICKET_USED, () -> rooms.renew("lobby", moderator, ticket("t1", MODERATOR, 0), expiry()));
    }

    @Test
    void doesNotConsumeATicketOfWhoIsNotLetIn() {
        connect("c=", "cid");
        rooms.set("lobby", moderator, Map.of(RoomSetting.LOCKED, true));
        assertCode(
                ErrorCode.ROOM_LOCKED,
                () -> rooms.join("lobby", wish("cid", "c=").withGrant(ticket("t2", SPEAKER, 0))));

        connect("c2=", "cid");
        rooms.set("lobby", moderator, Map.of(RoomSetting.LOCKED, false));
        rooms.join("lobby", wish("cid", "c2=").withGrant(ticket("t2", SPEAKER, 0)));
    }

    @Test
    void endsAMembershipWithItsGrantUnlessThatIsRenewed() {
        long untilMs = now.toEpochMilli() + 60_000;
        Member granted = rooms.join("lobby", wish("bob", "b=").withGrant(RoomGrant.of(SPEAKER, untilMs)))
                .member();
        assertThat(granted.expiresAtMs()).isEqualTo(untilMs);
        RoomRegistry later = roomsAt(now.plusSeconds(61));
        assertThat(later.membership("lobby", "bob", "b=")).isEmpty();

        rooms.choose("lobby", bob, OwnChoice.MUTED, true);
        Admitted renewed = rooms.renew("lobby", bob, ticket("t3", MODERATOR, expiry() + 1), expiry());
        assertThat(renewed.member().expiresAtMs())
                .as("no longer than the connection")
                .isEqualTo(expiry());
        assertThat(renewed.member().displayName()).isEqualTo("Ann ☃");
        assertThat(renewed.presence().getSelfMuted()).isTrue();
        assertThat(renewed.member().permissions())
                .isEqualTo(MODERATOR.toBuilder().setSpeak(false).build());
        assertThat(later.membership("lobby", "bob", "b=")).isPresent();
        assertCode(
                ErrorCode.NOT_JOINED,
                () -> roomsAt(now.plusSeconds(7_201)).renew("lobby", bob, RoomGrant.of(SPEAKER, 0), expiry()));
    }

    @Test
    void letsAnOwnConnectionThatKnowsTheSecretTakeOver() {
        long untilMs = now.toEpochMilli() + 3_600_000;
        rooms.join("lobby", wish("bob", "b=").withGrant(RoomGrant.of(MODERATOR, untilMs)));
        rooms.set("lobby", moderator, Map.of(RoomSetting.LOCKED, true));
        connect("b2=", "bob");
        JoinRequest next = wish("bob", "b2=").withGrant(null).inPlaceOf("b=", "hash-b=");

        Member member = rooms.join("lobby", next).member();
        assertThat(member.grant()).isEqualTo(MODERATOR);
        assertThat(member.expiresAtMs()).isEqualTo(untilMs);
        assertThat(membership("bob", "b=")).as("until its client closes it").isNotNull();
    }

    @Test
    void letsNobodyTakeOverAConnectionThatIsNotTheirOwnOrWithoutItsSecret() {
        connect("b2=", "bob");
        connect("c=", "cid");
        assertCode(
                ErrorCode.NOT_ALLOWED,
                () -> rooms.join("lobby", wish("bob", "b2=").inPlaceOf("b=", "hash-x")));
        assertCode(
                ErrorCode.NOT_JOINED,
                () -> rooms.join("lobby", wish("cid", "c=").inPlaceOf("b=", "hash-b=")));
        assertCode(
                ErrorCode.NOT_JOINED,
                () -> rooms.join("arena", wish("bob", "b2=").inPlaceOf("b=", "hash-b=")));
        rooms.ban("lobby", moderator, "bob", 0, "");
        assertCode(
                ErrorCode.BANNED, () -> rooms.join("lobby", wish("bob", "b2=").inPlaceOf("b=", "hash-b=")));
    }

    @Test
    void takesTheParticipantOutOfTheRoomAndVoidsTheTicketsThatItUsed() {
        rooms.join("lobby", wish("bob", "b=").withGrant(ticket("t4", SPEAKER, 0)));
        rooms.remove("lobby", "bob");
        assertThat(registry.members("lobby")).extracting(Member::participant).containsExactly("mo");

        RoomRegistry later = roomsAt(now.plusMillis(1));
        assertCode(
                ErrorCode.TICKET_USED,
                () -> later.join("lobby", wish("bob", "b=").withGrant(ticket("t4", SPEAKER, 0))));
        later.join("lobby", wish("bob", "b=").withGrant(ticket("t5", SPEAKER, 0)));
    }

    @Test
    void removesFromARoomThatNobodyIsIn() {
        long first = rooms.remove("arena", "bob").controlVersion();
        assertThat(first).isPositive();
        assertThat(registry.members("arena")).isEmpty();
    }

    @Test
    void holdsTheCapOfMembersForAllButWhoTakesOver() {
        for (int i = 0; i < MAX_MEMBERS - 2; i++) {
            connect("c" + i, "p" + i);
            join("lobby", "p" + i, "c" + i);
        }
        connect("c=", "cid");
        assertCode(ErrorCode.ROOM_FULL, () -> join("lobby", "cid", "c="));
        join("lobby", "bob", "b=");
        connect("b2=", "bob");
        rooms.join("lobby", wish("bob", "b2=").inPlaceOf("b=", "hash-b="));
        assertThat(registry.members("lobby")).hasSize(MAX_MEMBERS + 1);
        disconnect("b=");
        disconnect("b2=");
        join("lobby", "cid", "c=");
    }

    @Test
    void countsAnewWhereTheRoomSeemsFullOfThoseWhoHaveGone() {
        for (int i = 0; i < MAX_MEMBERS - 2; i++) {
            connect("c" + i, "p" + i);
            rooms.join("lobby", wish("p" + i, "c" + i).withGrant(RoomGrant.of(SPEAKER, now.toEpochMilli() + 60_000)));
        }
        RoomRegistry later = roomsAt(now.plusSeconds(61));
        connect("c=", "cid");
        later.join("lobby", wish("cid", "c="));

        assertThat(roomMeta().get("memberCount").n()).isEqualTo("3");
        // One of them comes again, and one leaves at last: neither is counted twice or taken off twice.
        later.join("lobby", wish("p0", "c0"));
        registryAt(now.plusSeconds(61)).leave("lobby", "p1", "c1");
        assertThat(roomMeta().get("memberCount").n()).isEqualTo("4");
    }

    @Test
    void holdsTheCapOfRoomsButCountsNoneWhoseGrantHasEnded() {
        for (String room : new String[] {"r1", "r2", "r3"}) {
            rooms.join(room, wish("bob", "b=").withGrant(RoomGrant.of(SPEAKER, now.toEpochMilli() + 60_000)));
        }
        assertCode(ErrorCode.TOO_MANY_ROOMS, () -> join("r4", "bob", "b="));
        rooms.join("r3", wish("bob", "b="));
        rooms.join("r4", wish("bob", "b=").leaving("lobby"));
        registry.leave("lobby", "bob", "b=");
        assertThat(registry.connection("b=").orElseThrow().rooms()).containsExactlyInAnyOrder("r1", "r2", "r3", "r4");

        roomsAt(now.plusSeconds(61)).join("r5", wish("bob", "b="));
        assertThat(registry.connection("b=").orElseThrow().rooms()).containsExactlyInAnyOrder("r3", "r4", "r5");
    }

    Actor actor(String participant, String connection) {
        return new Actor(participant, connection, OptionalLong.empty());
    }

    Actor numbered(Actor actor, long number) {
        return new Actor(actor.participant(), actor.connection(), OptionalLong.of(number));
    }

    RoomGrant ticket(String id, Permissions permissions, long untilMs) {
        return RoomGrant.of(permissions, untilMs).byTicket(id, now.toEpochMilli() + 300_000);
    }

    /** By a connection of that time. */
    Admitted joinAfter(Duration time, String participant, String connection) {
        Instant then = now.plus(time);
        long endsAtMs = then.toEpochMilli() + 7_200_000;
        registry.connect(new Connection(connection, participant, then.toEpochMilli(), endsAtMs, Set.of()));
        return roomsAt(then)
                .join(
                        "lobby",
                        new JoinRequest(participant, connection, endsAtMs, "Late", "hash")
                                .withGrant(RoomGrant.of(SPEAKER, 0)));
    }

    Membership membership(String participant, String connection) {
        return rooms.membership("lobby", participant, connection).orElseThrow();
    }

    Permissions permissions(String participant, String connection) {
        return membership(participant, connection).member().permissions();
    }

    /** As those who post to it see it. */
    Member member(String participant, String connection) {
        return registry.members("lobby").stream()
                .filter(member -> member.participant().equals(participant)
                        && member.connection().equals(connection))
                .findFirst()
                .orElseThrow();
    }

    long version() {
        return Long.parseLong(roomMeta().get("controlVersion").n());
    }

    Map<String, AttributeValue> roomMeta() {
        return items().stream()
                .filter(item -> item.get("pk").s().equals("ROOM#lobby")
                        && item.get("sk").s().equals("META"))
                .findFirst()
                .orElseThrow();
    }
}
