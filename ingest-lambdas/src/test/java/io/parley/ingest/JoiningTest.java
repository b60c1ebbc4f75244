package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.error.ErrorCode;
import io.parley.core.options.RoomPolicy;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.RoomGrant;
import io.parley.core.room.RoomSetting;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.core.wire.StreamRecord;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JoiningTest {

    private static final String JOIN = "{\"action\":\"join\",\"room\":\"lobby\"}";
    private static final Permissions LISTENER =
            Permissions.newBuilder().setListen(true).build();
    private static final long CONNECTION_ENDS_MS =
            MovableClock.START_MS - 60_000 + Duration.ofHours(2).plusMinutes(10).toMillis();

    private final FakeSystem system = new FakeSystem().connected();
    private final RoomMessages open = system.roomMessages(RoomPolicy.OPEN);
    private final RoomMessages byTicket = system.roomMessages(RoomPolicy.TICKET);

    @Test
    void joinsTheRoomAndTellsTheStreamBeforeTheClient() {
        assertThat(open("{\"action\":\"join\",\"room\":\"lobby\",\"name\":\"Ann B.\",\"id\":\"m1\"}"))
                .isEqualTo(Ingested.TAKEN);

        Member member = member("lobby");
        assertThat(member.displayName()).isEqualTo("Ann B.");
        StreamRecord record = system.records.get(0);
        assertThat(record.getKind()).isEqualTo(StreamRecord.Kind.CONTROL);
        assertThat(record.getRequestId()).isEqualTo("request-1");
        assertThat(record.getControlVersion()).isEqualTo(member.controlVersion());
        Control join = record.getControl();
        assertThat(join.getKind()).isEqualTo(Control.Kind.JOIN);
        assertThat(join.getParticipant()).isEqualTo("ann");
        assertThat(join.getConnection()).isEqualTo(FakeSystem.CONNECTION);
        assertThat(join.getDisplayName()).isEqualTo("Ann B.");
        assertThat(join.getPermissions())
                .isEqualTo(
                        Permissions.newBuilder().setSpeak(true).setListen(true).build());
        assertThat(join.getRecording()).isTrue();
        assertThat(join.getExpiresAtMs()).isEqualTo(CONNECTION_ENDS_MS);
        assertThat(join.getReconnectBeforeMs())
                .isEqualTo(CONNECTION_ENDS_MS - Duration.ofMinutes(15).toMillis());
        assertThat(system.calls).containsExactly("stream", "poster");
    }

    @Test
    void answersWithAllThatTheClientIsToKeep() {
        system.rooms.blocked = Set.of("bob");
        open("{\"action\":\"join\",\"room\":\"lobby\",\"id\":\"m1\"}");

        JsonNode accepted = onlyPost();
        String resume = accepted.get("resume").asText();
        assertThat(accepted.toString())
                .isEqualTo("{\"action\":\"accepted\",\"for\":\"join\",\"id\":\"m1\",\"requestId\":\"request-1\","
                        + "\"room\":\"lobby\",\"connection\":\"c1=\",\"resume\":\"" + resume
                        + "\",\"grantUntil\":" + CONNECTION_ENDS_MS + ",\"blocked\":[\"bob\"]}");
        assertThat(resume).matches("[A-Za-z0-9_-]{22}");
        assertThat(onlyJoin().resumeHash())
                .isEqualTo(ResumeSecrets.hash(resume))
                .doesNotContain(resume);
    }

    @Test
    void tellsTheJobHowTheRoomAndTheParticipantAre() {
        system.rooms.settings = system.rooms.settings.with(Map.of(
                RoomSetting.RECORDING, false,
                RoomSetting.LOCKED, true,
                RoomSetting.PUSH_TO_TALK, true,
                RoomSetting.MUTED, true));
        system.rooms.presence =
                Presence.newBuilder().setMuted(true).setDeafened(true).build();
        open(JOIN);

        Control join = system.records.get(0).getControl();
        assertThat(join.getRecording()).isFalse();
        assertThat(join.getLocked()).isTrue();
        assertThat(join.getPushToTalk()).isTrue();
        assertThat(join.getRoomMuted()).isTrue();
        assertThat(join.getPresence()).isEqualTo(system.rooms.presence);
    }

    @Test
    void saysThatNothingIsRecordedWhereTheDeploymentKeepsNothing() {
        system.roomMessages(RoomPolicy.OPEN, system.stream(), false).serve(system.sender("join"), JOIN);
        assertThat(system.records.get(0).getControl().getRecording()).isFalse();
    }

    @Test
    void callsOneWithoutANameByItsId() {
        open(JOIN);
        assertThat(system.records.get(0).getControl().getDisplayName()).isEqualTo("ann");
    }

    @Test
    void joinsAgainAsAChangeLikeTheFirst() {
        open(JOIN);
        open(JOIN);

        assertThat(system.records).hasSize(2);
        assertThat(system.records.get(1).getControlVersion())
                .isGreaterThan(system.records.get(0).getControlVersion());
    }

    @Test
    void letsNobodyJoinWhoseConnectionIsGone() {
        system.connections.clear();
        assertThat(open(JOIN).refusal()).isEqualTo(ErrorCode.CONNECTION_GONE);
        assertThat(system.records).isEmpty();
    }

    @Test
    void tellsNobodyOfAJoinThatTheRegistryRefuses() {
        system.rooms.refusal = ErrorCode.ROOM_LOCKED;
        assertThat(open(JOIN).refusal()).isEqualTo(ErrorCode.ROOM_LOCKED);

        assertThat(system.records).isEmpty();
        assertThat(onlyPost().get("code").asText()).isEqualTo("room_locked");
        assertThat(onlyPost().get("for").asText()).isEqualTo("join");
    }

    @Test
    void doesNotAcceptAJoinThatTheStreamDidNotTake() {
        system.away.add("stream");
        assertThat(open(JOIN).refusal()).isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(onlyPost().get("action").asText()).isEqualTo("error");
    }

    @Test
    void endsAnOpenMembershipWithTheUserToken() {
        long tokenEndsMs = MovableClock.START_MS + 600_000;
        open.serve(sender(tokenEndsMs), JOIN);

        assertThat(onlyPost().get("grantUntil").asLong()).isEqualTo(tokenEndsMs);
        assertThat(system.records.get(0).getControl().getExpiresAtMs()).isEqualTo(tokenEndsMs);
        assertThat(onlyJoin().grant().untilMs()).isEqualTo(tokenEndsMs);
    }

    @Test
    void letsNobodyIntoAnOpenRoomWhoseTokenHasExpired() {
        assertThat(open.serve(sender(MovableClock.START_MS), JOIN).refusal()).isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(system.rooms.joins).isEmpty();
    }

    @Test
    void asksForATicketWhereThePolicyDoes() {
        assertThat(byTicket(JOIN).refusal()).isEqualTo(ErrorCode.TICKET_REQUIRED);
        assertThat(system.rooms.joins).isEmpty();
    }

    @Test
    void grantsWhatTheTicketSaysAndConsumesItWithTheJoin() {
        long untilMs = MovableClock.START_MS + 3_600_000;
        long expiresMs = MovableClock.START_MS + 300_000;
        system.tickets = (jwt, participant, room) -> {
            assertThat(jwt).isEqualTo("signed");
            return new RoomTicket("t-1", participant, room, LISTENER, expiresMs, untilMs);
        };
        assertThat(byTicket("{\"action\":\"join\",\"room\":\"lobby\",\"ticket\":\"signed\"}"))
                .isEqualTo(Ingested.TAKEN);

        RoomGrant grant = onlyJoin().grant();
        assertThat(grant.permissions()).isEqualTo(LISTENER);
        assertThat(grant.untilMs()).isEqualTo(untilMs);
        assertThat(grant.ticket()).isEqualTo("t-1");
        assertThat(grant.ticketExpiresAtMs()).isEqualTo(expiresMs);
        assertThat(system.records.get(0).getControl().getPermissions()).isEqualTo(LISTENER);
        assertThat(onlyPost().get("grantUntil").asLong()).isEqualTo(untilMs);
    }

    @Test
    void needsNoTicketInThePlaceOfAnOwnConnection() {
        assertThat(byTicket("{\"action\":\"join\",\"room\":\"lobby\",\"replaces\":\"c0=\",\"resume\":\"secret\"}"))
                .isEqualTo(Ingested.TAKEN);

        JoinRequest join = onlyJoin();
        assertThat(join.grant()).as("that of the replaced one").isNull();
        assertThat(join.replaces()).isEqualTo("c0=");
        assertThat(join.replacesHash()).isEqualTo(ResumeSecrets.hash("secret"));
    }

    @Test
    void leavesTheRoomOnce() {
        open(JOIN);
        assertThat(open("{\"action\":\"leave\",\"room\":\"lobby\"}")).isEqualTo(Ingested.TAKEN);
        assertThat(open("{\"action\":\"leave\",\"room\":\"lobby\"}").refusal()).isEqualTo(ErrorCode.NOT_JOINED);

        assertThat(system.records).hasSize(2);
        assertThat(system.records.get(1).getControl().getKind()).isEqualTo(Control.Kind.LEAVE);
        assertThat(system.posts.get(1).get("for").asText()).isEqualTo("leave");
    }

    @Test
    void switchesByJoiningTheOtherRoomFirst() {
        open(JOIN);
        system.posts.clear();
        assertThat(open("{\"action\":\"switch\",\"room\":\"lobby\",\"to\":\"arena\",\"name\":\"Ann\"}"))
                .isEqualTo(Ingested.TAKEN);

        assertThat(system.records)
                .extracting(
                        record -> record.getRoom() + ' ' + record.getControl().getKind())
                .containsExactly("lobby JOIN", "arena JOIN", "lobby LEAVE");
        assertThat(system.rooms.joins.get(1).leaves()).isEqualTo("lobby");
        assertThat(onlyPost().get("for").asText()).isEqualTo("switch");
        assertThat(onlyPost().get("room").asText()).isEqualTo("arena");
        assertThat(system.members).containsOnlyKeys("arena" + FakeSystem.CONNECTION);
    }

    @Test
    void staysWhereItIsWhenTheOtherRoomRefusesASwitch() {
        open(JOIN);
        system.rooms.refusal = ErrorCode.ROOM_FULL;
        assertThat(open("{\"action\":\"switch\",\"room\":\"lobby\",\"to\":\"arena\"}")
                        .refusal())
                .isEqualTo(ErrorCode.ROOM_FULL);

        assertThat(system.members).containsOnlyKeys("lobby" + FakeSystem.CONNECTION);
        assertThat(system.records).hasSize(1);
    }

    @Test
    void switchesOnlyFromARoomThatWasJoined() {
        assertThat(open("{\"action\":\"switch\",\"room\":\"lobby\",\"to\":\"arena\"}")
                        .refusal())
                .isEqualTo(ErrorCode.NOT_JOINED);
        assertThat(system.members).isEmpty();
    }

    @Test
    void renewsByAFreshTicketAndTellsTheJobAsAJoinDoes() {
        system.joined("lobby", LISTENER);
        long untilMs = MovableClock.START_MS + 3_600_000;
        system.tickets = (jwt, participant, room) ->
                new RoomTicket("t-2", participant, room, LISTENER, MovableClock.START_MS + 1, untilMs);
        assertThat(byTicket("{\"action\":\"renew\",\"room\":\"lobby\",\"ticket\":\"signed\",\"id\":\"r\"}"))
                .isEqualTo(Ingested.TAKEN);

        assertThat(system.rooms.renewals).singleElement().satisfies(grant -> {
            assertThat(grant.ticket()).isEqualTo("t-2");
            assertThat(grant.untilMs()).isEqualTo(untilMs);
        });
        Control join = system.records.get(0).getControl();
        assertThat(join.getKind()).isEqualTo(Control.Kind.JOIN);
        assertThat(join.getDisplayName()).isEqualTo("Ann");
        assertThat(join.getExpiresAtMs()).isEqualTo(untilMs);
        assertThat(onlyPost().toString())
                .isEqualTo("{\"action\":\"accepted\",\"for\":\"renew\",\"id\":\"r\",\"requestId\":\"request-1\","
                        + "\"room\":\"lobby\",\"grantUntil\":" + untilMs + "}");
    }

    @Test
    void renewsInAnOpenRoomByAFreshTokenOfTheSameUser() {
        system.joined("lobby", LISTENER);
        long untilMs = MovableClock.START_MS + 3_600_000;
        system.tokens = token -> new UserToken(token, untilMs);

        assertThat(open("{\"action\":\"renew\",\"room\":\"lobby\",\"token\":\"bob\"}")
                        .refusal())
                .as("a token of another user")
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        assertThat(open("{\"action\":\"renew\",\"room\":\"lobby\",\"token\":\"ann\"}"))
                .isEqualTo(Ingested.TAKEN);
        assertThat(system.posts.get(1).get("grantUntil").asLong()).isEqualTo(untilMs);
    }

    @Test
    void doesNotRenewByATokenThatIsNotValidOrCannotBeChecked() {
        system.joined("lobby", LISTENER);
        assertThat(open("{\"action\":\"renew\",\"room\":\"lobby\",\"token\":\"x\"}")
                        .refusal())
                .isEqualTo(ErrorCode.UNAUTHORIZED);
        system.tokens = token -> {
            throw new IllegalStateException("no keys");
        };
        assertThat(open("{\"action\":\"renew\",\"room\":\"lobby\",\"token\":\"x\"}")
                        .refusal())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(system.rooms.renewals).isEmpty();
    }

    private Ingested open(String body) {
        return open.serve(system.sender("join"), body);
    }

    private Ingested byTicket(String body) {
        return byTicket.serve(system.sender("join"), body);
    }

    private Sender sender(long tokenExpiresAtMs) {
        Sender sender = system.sender("join");
        return new Sender(
                sender.connection(),
                sender.participant(),
                sender.requestId(),
                sender.route(),
                sender.domainName(),
                sender.stage(),
                sender.connectedAtMs(),
                sender.arrivalTimeMs(),
                tokenExpiresAtMs);
    }

    private Member member(String room) {
        return system.members.get(room + FakeSystem.CONNECTION);
    }

    private JoinRequest onlyJoin() {
        assertThat(system.rooms.joins).hasSize(1);
        return system.rooms.joins.get(0);
    }

    private JsonNode onlyPost() {
        assertThat(system.posts).hasSize(1);
        return system.posts.get(0);
    }
}
