package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.error.ErrorCode;
import io.parley.core.options.RoomPolicy;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomMessagesTest {

    private final FakeSystem system = new FakeSystem().connected();
    private final RoomMessages messages = system.roomMessages(RoomPolicy.OPEN);

    @Test
    void joinsTheRoomAndTellsTheStreamBeforeTheClient() {
        assertThat(serve("join", "{\"action\":\"join\",\"room\":\"lobby\",\"name\":\"Ann B.\",\"id\":\"m1\"}"))
                .isEqualTo(Ingested.TAKEN);

        assertThat(system.members.get("lobby" + FakeSystem.CONNECTION).displayName())
                .isEqualTo("Ann B.");
        StreamRecord record = system.records.get(0);
        assertThat(record.getKind()).isEqualTo(StreamRecord.Kind.CONTROL);
        assertThat(record.getRequestId()).isEqualTo("request-1");
        assertThat(record.getControlVersion())
                .isEqualTo(system.members.get("lobby" + FakeSystem.CONNECTION).controlVersion());
        Control join = record.getControl();
        assertThat(join.getKind()).isEqualTo(Control.Kind.JOIN);
        assertThat(join.getParticipant()).isEqualTo("ann");
        assertThat(join.getConnection()).isEqualTo(FakeSystem.CONNECTION);
        assertThat(join.getDisplayName()).isEqualTo("Ann B.");
        assertThat(join.getPermissions())
                .isEqualTo(
                        Permissions.newBuilder().setSpeak(true).setListen(true).build());
        assertThat(join.getRecording()).isTrue();
        assertThat(join.getExpiresAtMs()).isGreaterThan(join.getReconnectBeforeMs());
        assertThat(join.getReconnectBeforeMs())
                .isEqualTo(MovableClock.START_MS
                        - 60_000
                        + Duration.ofHours(2).minusMinutes(5).toMillis());
        assertThat(system.calls).containsExactly("stream", "poster");
        assertThat(onlyPost().toString())
                .isEqualTo("{\"action\":\"accepted\",\"for\":\"join\",\"id\":\"m1\",\"requestId\":\"request-1\"}");
    }

    @Test
    void callsOneWithoutANameByItsId() {
        serve("join", "{\"action\":\"join\",\"room\":\"lobby\"}");
        assertThat(system.records.get(0).getControl().getDisplayName()).isEqualTo("ann");
    }

    @Test
    void joinsAgainAsAChangeLikeTheFirst() {
        serve("join", "{\"action\":\"join\",\"room\":\"lobby\"}");
        serve("join", "{\"action\":\"join\",\"room\":\"lobby\"}");

        assertThat(system.records).hasSize(2);
        assertThat(system.records.get(1).getControlVersion())
                .isGreaterThan(system.records.get(0).getControlVersion());
    }

    @Test
    void refusesEveryJoinWhileTicketsAreAskedForAndNotReadYet() {
        Ingested ingested = system.roomMessages(RoomPolicy.TICKET)
                .serve(system.sender("join"), "{\"action\":\"join\",\"room\":\"lobby\"}");

        assertThat(ingested.refusal()).isEqualTo(ErrorCode.NOT_ALLOWED);
        assertThat(system.members).isEmpty();
        assertThat(onlyPost().get("code").asText()).isEqualTo("not_allowed");
    }

    @Test
    void letsNobodyJoinWhoseConnectionIsGone() {
        system.connections.clear();
        assertThat(serve("join", "{\"action\":\"join\",\"room\":\"lobby\"}").refusal())
                .isEqualTo(ErrorCode.CONNECTION_GONE);
        assertThat(system.records).isEmpty();
    }

    @Test
    void doesNotAcceptAJoinThatTheStreamDidNotTake() {
        system.away.add("stream");
        assertThat(serve("join", "{\"action\":\"join\",\"room\":\"lobby\"}").refusal())
                .isEqualTo(ErrorCode.UNAVAILABLE);
        assertThat(onlyPost().get("action").asText()).isEqualTo("error");
    }

    @Test
    void leavesTheRoomOnce() {
        serve("join", "{\"action\":\"join\",\"room\":\"lobby\"}");
        assertThat(serve("leave", "{\"action\":\"leave\",\"room\":\"lobby\"}")).isEqualTo(Ingested.TAKEN);
        assertThat(serve("leave", "{\"action\":\"leave\",\"room\":\"lobby\"}").refusal())
                .isEqualTo(ErrorCode.NOT_JOINED);

        assertThat(system.records).hasSize(2);
        assertThat(system.records.get(1).getControl().getKind()).isEqualTo(Control.Kind.LEAVE);
        assertThat(system.posts.get(1).get("for").asText()).isEqualTo("leave");
    }

    @Test
    void answersAPingAsTheOriginalSystemDid() {
        serve("ping", "{\"action\":\"ping\"}");
        assertThat(onlyPost().toString())
                .isEqualTo("{\"action\":\"pong\",\"data\":{\"connectionId\":\"c1=\",\"timestamp\":"
                        + MovableClock.START_MS + "}}");
    }

    @Test
    void returnsTheTimeOfAPing() {
        serve("ping", "{\"action\":\"ping\",\"time\":42}");
        assertThat(onlyPost().get("time").asLong()).isEqualTo(42);
    }

    @Test
    void sendsAProbeTheWholeWay() {
        serve("join", "{\"action\":\"join\",\"room\":\"lobby\"}");
        assertThat(serve("probe", "{\"action\":\"probe\",\"room\":\"lobby\",\"id\":\"p7\",\"time\":42}"))
                .isEqualTo(Ingested.TAKEN);

        StreamRecord probe = system.records.get(1);
        assertThat(probe.getKind()).isEqualTo(StreamRecord.Kind.PROBE);
        assertThat(probe.getProbe().getId()).isEqualTo("p7");
        assertThat(probe.getProbe().getClientTimeMs()).isEqualTo(42);
        assertThat(probe.getTrace().getStreamUs()).isEqualTo(MovableClock.START_MS * 1_000);
    }

    @Test
    void probesOnlyARoomThatWasJoined() {
        assertThat(serve("probe", "{\"action\":\"probe\",\"room\":\"lobby\"}").refusal())
                .isEqualTo(ErrorCode.NOT_JOINED);
        assertThat(system.records).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BAD_JSON       | not json",
                "BAD_JSON       | \"join\"",
                "UNKNOWN_ACTION | {}",
                "UNKNOWN_ACTION | {\"action\":\"dance\"}",
                "UNKNOWN_ACTION | {\"action\":\"JOIN\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":7}",
                "BAD_FIELD      | {\"action\":\"join\"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":null}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"name\":\" \"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"name\":\"a\\u0007\"}",
                "BAD_FIELD      | {\"action\":\"ping\",\"time\":\"now\"}",
                "BAD_FIELD      | {\"action\":\"ping\",\"time\":1.5}",
                "BAD_FIELD      | {\"action\":\"ping\",\"time\":99999999999999999999}",
                "BAD_ROOM       | {\"action\":\"join\",\"room\":\"\"}",
                "BAD_ROOM       | {\"action\":\"join\",\"room\":\"a#b\"}",
                "BAD_ROOM       | {\"action\":\"leave\",\"room\":\"a b\"}",
            })
    void refusesABadMessageWithItsCode(ErrorCode code, String body) {
        assertThat(serve("$default", body).refusal()).isEqualTo(code);
        assertThat(onlyPost().get("code").asText()).isEqualTo(code.code());
        assertThat(onlyPost().has("for")).isFalse();
        assertThat(system.metrics.refusals(code)).isEqualTo(1);
        assertThat(system.records).isEmpty();
        assertThat(system.members).isEmpty();
    }

    @Test
    void refusesANameOrIdOfMoreThan64Characters() {
        String name = "x".repeat(65);
        assertThat(serve("join", "{\"action\":\"join\",\"room\":\"lobby\",\"name\":\"" + name + "\"}")
                        .refusal())
                .isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(serve("ping", "{\"action\":\"ping\",\"id\":\"" + name + "\"}")
                        .refusal())
                .isEqualTo(ErrorCode.BAD_FIELD);
        assertThat(serve("join", "{\"action\":\"join\",\"room\":\"lobby\",\"name\":\"" + "😀".repeat(64) + "\"}")
                        .refusal())
                .isNull();
    }

    @Test
    void neverTellsAClientTheTextOfAnException() {
        RoomMessages broken = new RoomMessages(
                system.registry(),
                record -> {
                    throw new IllegalStateException("secret detail");
                },
                system.answers(),
                RoomPolicy.OPEN,
                false,
                system.clock,
                system.metrics);

        assertThat(broken.serve(system.sender("join"), "{\"action\":\"join\",\"room\":\"lobby\"}")
                        .refusal())
                .isEqualTo(ErrorCode.INTERNAL);
        assertThat(onlyPost().toString()).doesNotContain("secret");
    }

    private Ingested serve(String route, String body) {
        return messages.serve(system.sender(route), body);
    }

    private JsonNode onlyPost() {
        assertThat(system.posts).hasSize(1);
        return system.posts.get(0);
    }
}
