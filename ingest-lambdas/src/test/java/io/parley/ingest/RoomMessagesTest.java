package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.error.ErrorCode;
import io.parley.core.options.RoomPolicy;
import io.parley.core.wire.Control;
import io.parley.core.wire.StreamRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RoomMessagesTest {

    private final FakeSystem system = new FakeSystem().connected();
    private final RoomMessages messages = system.roomMessages(RoomPolicy.OPEN);

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
                "BAD_JSON       | {\"action\":\"ping\",\"action\":\"join\"}",
                "UNKNOWN_ACTION | {}",
                "UNKNOWN_ACTION | {\"action\":\"dance\"}",
                "UNKNOWN_ACTION | {\"action\":\"JOIN\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":7}",
                "BAD_FIELD      | {\"action\":\"join\"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":null}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"name\":\" \"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"name\":\"a\\u0007\"}",
                "BAD_FIELD      | {\"action\":\"ping\",\"id\":\"a\\u0000b\"}",
                "BAD_FIELD      | {\"action\":\"ping\",\"id\":\"\\ud83d\"}",
                "BAD_FIELD      | {\"action\":\"probe\",\"room\":\"lobby\",\"id\":\"\\ude00\\ud83d\"}",
                "BAD_FIELD      | {\"action\":\"ping\",\"time\":\"now\"}",
                "BAD_FIELD      | {\"action\":\"ping\",\"time\":1e999999}",
                "BAD_FIELD      | {\"action\":\"ping\",\"time\":1.5}",
                "BAD_FIELD      | {\"action\":\"ping\",\"time\":99999999999999999999}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"name\":\"a\\u0000b\"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"name\":\"\\ud83d\"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"replaces\":\"c0=\"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"replaces\":\"c\\u0000=\",\"resume\":\"x\"}",
                "BAD_FIELD      | {\"action\":\"join\",\"room\":\"lobby\",\"replaces\":\"\\udc00\",\"resume\":\"x\"}",
                "BAD_FIELD      | {\"action\":\"switch\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":\"switch\",\"room\":\"lobby\",\"to\":\"lobby\"}",
                "BAD_ROOM       | {\"action\":\"switch\",\"room\":\"lobby\",\"to\":\"a/b\"}",
                "BAD_FIELD      | {\"action\":\"renew\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":\"mute\",\"room\":\"lobby\",\"participant\":\"a/b\"}",
                "BAD_FIELD      | {\"action\":\"mute\",\"room\":\"lobby\",\"n\":-1}",
                "BAD_FIELD      | {\"action\":\"mute\",\"room\":\"lobby\",\"n\":1.5}",
                "BAD_FIELD      | {\"action\":\"mute\",\"room\":\"lobby\",\"n\":99999999999999999999}",
                "BAD_FIELD      | {\"action\":\"mute\",\"room\":\"lobby\",\"n\":1e999999}",
                "BAD_FIELD      | {\"action\":\"block\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":\"kick\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":\"kick\",\"room\":\"lobby\",\"participant\":\"bob\",\"reason\":\"\\u001b\"}",
                "BAD_FIELD      | {\"action\":\"ban\",\"room\":\"lobby\",\"participant\":\"bob\",\"minutes\":0}",
                "BAD_FIELD      | {\"action\":\"ban\",\"room\":\"lobby\",\"participant\":\"bob\",\"minutes\":525601}",
                "BAD_FIELD      | {\"action\":\"unban\",\"room\":\"lobby\",\"participant\":7}",
                "BAD_FIELD      | {\"action\":\"set\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":\"set\",\"room\":\"lobby\",\"recording\":\"off\"}",
                "BAD_FIELD      | {\"action\":\"lock\"}",
                "BAD_FIELD      | {\"action\":\"say\",\"room\":\"lobby\"}",
                "BAD_FIELD      | {\"action\":\"say\",\"room\":\"lobby\",\"text\":\" \"}",
                "BAD_FIELD      | {\"action\":\"say\",\"room\":\"lobby\",\"text\":\"a\\u0007\"}",
                "BAD_FIELD      | {\"action\":\"say\",\"room\":\"lobby\",\"text\":\"\\ud83d!\"}",
                "BAD_ROOM       | {\"action\":\"join\",\"room\":\"\\ud83d\"}",
                "BAD_ROOM       | {\"action\":\"join\",\"room\":\"\"}",
                "BAD_ROOM       | {\"action\":\"join\",\"room\":\"a#b\"}",
                "BAD_ROOM       | {\"action\":\"leave\",\"room\":\"a b\"}",
            })
    void refusesABadMessageWithItsCode(ErrorCode code, String body) {
        assertThat(serve("$default", body).refusal()).isEqualTo(code);
        assertThat(onlyPost().get("code").asText()).isEqualTo(code.code());
        assertThat(onlyPost().has("for")).isEqualTo(code != ErrorCode.UNKNOWN_ACTION && body.contains("\"action\":\""));
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
    void takesNoJsonThatIsNestedWithoutEnd() {
        assertThat(serve("join", "{\"action\":\"join\",\"x\":" + "[".repeat(29_000))
                        .refusal())
                .isEqualTo(ErrorCode.BAD_JSON);
        assertThat(serve("join", "{\"action\":\"join\",\"x\":" + "[".repeat(100_000))
                        .refusal())
                .isEqualTo(ErrorCode.MESSAGE_TOO_LARGE);
    }

    @Test
    void saysATextUnderAVersionOfItsOwn() {
        assertThat(serve("$default", "{\"action\":\"say\",\"room\":\"lobby\",\"text\":\"hello 😀\",\"id\":\"t1\"}"))
                .isEqualTo(Ingested.TAKEN);

        assertThat(system.rooms.changes).containsExactly("say lobby by ann c1=");
        StreamRecord record = system.records.get(0);
        assertThat(record.getControlVersion()).isEqualTo(system.version);
        assertThat(record.getControl().getKind()).isEqualTo(Control.Kind.SAY);
        assertThat(record.getControl().getText()).isEqualTo("hello 😀");
        assertThat(onlyPost().toString())
                .isEqualTo("{\"action\":\"accepted\",\"for\":\"say\",\"id\":\"t1\",\"requestId\":\"request-1\"}");
    }

    @Test
    void saysAtMostFiveTextsASecond() {
        String say = "{\"action\":\"say\",\"room\":\"lobby\",\"text\":\"" + "x".repeat(500) + "\"}";
        for (int i = 0; i < 5; i++) {
            assertThat(serve("say", say)).isEqualTo(Ingested.TAKEN);
        }
        assertThat(serve("say", say).refusal()).isEqualTo(ErrorCode.RATE_LIMITED);
        assertThat(messages.serve(system.sender("c2=", "say"), say)).isEqualTo(Ingested.TAKEN);
        system.clock.advance(1_000);
        assertThat(serve("say", say)).isEqualTo(Ingested.TAKEN);

        assertThat(system.records).hasSize(7);
    }

    @Test
    void saysNoTextOfMoreThan500Characters() {
        String say = "{\"action\":\"say\",\"room\":\"lobby\",\"text\":\"" + "x".repeat(501) + "\"}";
        assertThat(serve("say", say).refusal()).isEqualTo(ErrorCode.BAD_FIELD);
    }

    @Test
    void neverTellsAClientTheTextOfAnException() {
        RoomMessages broken = system.roomMessages(
                RoomPolicy.OPEN,
                record -> {
                    throw new IllegalStateException("secret detail");
                },
                false);

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
