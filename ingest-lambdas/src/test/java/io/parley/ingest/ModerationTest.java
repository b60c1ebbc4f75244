package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import io.parley.core.error.ErrorCode;
import io.parley.core.options.RoomPolicy;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import io.parley.core.wire.StreamRecord;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What moderators ask for, and what participants choose for themselves. */
class ModerationTest {

    private final FakeSystem system = new FakeSystem().connected();
    private final RoomMessages messages = system.roomMessages(RoomPolicy.OPEN);

    @Test
    void mutesAnotherAndTellsTheJobWhatResults() {
        system.rooms.permissions = Permissions.newBuilder().setListen(true).build();
        system.rooms.presence = Presence.newBuilder().setMuted(true).build();
        serve("mute", "\"participant\":\"bob\",\"n\":7,\"reason\":\"noise\",\"id\":\"m1\"");

        assertThat(system.rooms.changes).containsExactly("mute lobby bob true by ann c1= 7");
        StreamRecord record = onlyRecord();
        assertThat(record.getParticipant()).isEqualTo("ann");
        assertThat(record.getControlVersion()).isEqualTo(system.version);
        Control mute = record.getControl();
        assertThat(mute.getKind()).isEqualTo(Control.Kind.MUTE);
        assertThat(mute.getParticipant()).isEqualTo("bob");
        assertThat(mute.getReason()).isEqualTo("noise");
        assertThat(mute.getPermissions()).isEqualTo(system.rooms.permissions);
        assertThat(mute.getPresence()).isEqualTo(system.rooms.presence);
        assertThat(system.posts).singleElement().asString().isEqualTo(accepted("mute"));
    }

    @Test
    void unmutesAnother() {
        serve("unmute", "\"participant\":\"bob\"");

        assertThat(system.rooms.changes).containsExactly("mute lobby bob false by ann c1=");
        assertThat(onlyRecord().getControl().getKind()).isEqualTo(Control.Kind.UNMUTE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"n\":3", "\"participant\":\"ann\",\"n\":3"})
    void mutesItselfWithoutAskingAModerator(String fields) {
        system.rooms.presence = Presence.newBuilder().setSelfMuted(true).build();
        serve("mute", fields);

        assertThat(system.rooms.changes).containsExactly("choose lobby MUTED true by ann c1= 3");
        Control presence = onlyRecord().getControl();
        assertThat(presence.getKind()).isEqualTo(Control.Kind.PRESENCE);
        assertThat(presence.getParticipant()).isEqualTo("ann");
        assertThat(presence.getPresence()).isEqualTo(system.rooms.presence);
        assertThat(presence.getPermissions()).isEqualTo(system.rooms.permissions);
    }

    @Test
    void deafensItselfAndEndsThat() {
        serve("deafen", "\"n\":1");
        serve("undeafen", "\"n\":2");

        assertThat(system.rooms.changes)
                .containsExactly("choose lobby DEAFENED true by ann c1= 1", "choose lobby DEAFENED false by ann c1= 2");
        assertThat(system.records)
                .extracting(record -> record.getControl().getKind())
                .containsExactly(Control.Kind.PRESENCE, Control.Kind.PRESENCE);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\"participant\":\"bob\",\"n\":3", "\"n\":3"})
    void acceptsAChangeThatWasOvertakenAndTellsTheJobNothing(String fields) {
        system.rooms.overtaken = true;
        assertThat(serve("mute", fields)).isEqualTo(Ingested.TAKEN);

        assertThat(system.records).isEmpty();
        assertThat(system.posts).singleElement().asString().contains("accepted");
    }

    @Test
    void blocksAnotherAndTellsNobody() {
        serve("block", "\"participant\":\"bob\",\"n\":1");
        serve("unblock", "\"participant\":\"bob\",\"n\":2");

        assertThat(system.rooms.changes)
                .containsExactly("block lobby bob true by ann c1= 1", "block lobby bob false by ann c1= 2");
        assertThat(system.records).isEmpty();
        assertThat(system.posts).hasSize(2);
        assertThat(serve("block", "\"participant\":\"ann\"").refusal()).isEqualTo(ErrorCode.NOT_ALLOWED);
    }

    @Test
    void kicksWithAReason() {
        serve("kick", "\"participant\":\"bob\",\"reason\":\"" + "r".repeat(200) + '"');

        assertThat(system.rooms.changes).containsExactly("kick lobby bob by ann c1=");
        Control kick = onlyRecord().getControl();
        assertThat(kick.getKind()).isEqualTo(Control.Kind.KICK);
        assertThat(kick.getParticipant()).isEqualTo("bob");
        assertThat(kick.getReason()).hasSize(200);
        assertThat(serve("kick", "\"participant\":\"bob\",\"reason\":\"" + "r".repeat(201) + '"')
                        .refusal())
                .isEqualTo(ErrorCode.BAD_FIELD);
    }

    @Test
    void bansForSoManyMinutes() {
        serve("ban", "\"participant\":\"bob\",\"minutes\":525600,\"reason\":\"spam\"");

        long untilMs = MovableClock.START_MS + Duration.ofDays(365).toMillis();
        assertThat(system.rooms.changes).containsExactly("ban lobby bob " + untilMs + " 'spam' by ann c1=");
        Control ban = onlyRecord().getControl();
        assertThat(ban.getKind()).isEqualTo(Control.Kind.BAN);
        assertThat(ban.getReason()).isEqualTo("spam");
        assertThat(ban.getUntilMs()).isEqualTo(untilMs);
    }

    @Test
    void bansForGoodAndEndsThat() {
        serve("ban", "\"participant\":\"bob\"");
        serve("unban", "\"participant\":\"bob\"");

        assertThat(system.rooms.changes).containsExactly("ban lobby bob 0 '' by ann c1=", "unban lobby bob by ann c1=");
        assertThat(system.records)
                .extracting(record -> record.getControl().getKind())
                .containsExactly(Control.Kind.BAN, Control.Kind.UNBAN);
        assertThat(system.records.get(0).getControl().getUntilMs()).isZero();
    }

    @Test
    void locksAndUnlocks() {
        serve("lock", "");
        serve("unlock", "");

        assertThat(system.rooms.changes)
                .containsExactly("set lobby {LOCKED=true} by ann c1=", "set lobby {LOCKED=false} by ann c1=");
        assertThat(system.records)
                .extracting(record -> record.getControl().getKind())
                .containsExactly(Control.Kind.LOCK, Control.Kind.UNLOCK);
    }

    @Test
    void tellsTheJobOfAllSettingsWhicheverWasChanged() {
        serve("muteroom", "");
        serve("set", "\"pushToTalk\":true,\"recording\":false");
        serve("unmuteroom", "");

        assertThat(system.rooms.changes)
                .containsExactly(
                        "set lobby {MUTED=true} by ann c1=",
                        "set lobby {PUSH_TO_TALK=true, RECORDING=false} by ann c1=",
                        "set lobby {MUTED=false} by ann c1=");
        List<Control> controls =
                system.records.stream().map(StreamRecord::getControl).toList();
        assertThat(controls).extracting(Control::getKind).containsOnly(Control.Kind.SETTINGS);
        assertThat(controls).extracting(Control::getRoomMuted).containsExactly(true, true, false);
        assertThat(controls).extracting(Control::getPushToTalk).containsExactly(false, true, true);
        assertThat(controls).extracting(Control::getRecording).containsExactly(true, false, false);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mute", "unmute", "kick", "ban", "unban", "lock", "unlock", "muteroom", "unmuteroom"})
    void tellsNobodyOfWhatTheRegistryRefuses(String action) {
        system.rooms.refusal = ErrorCode.NOT_ALLOWED;
        assertThat(serve(action, "\"participant\":\"bob\"").refusal()).isEqualTo(ErrorCode.NOT_ALLOWED);

        assertThat(system.records).isEmpty();
        assertThat(system.posts.get(0).get("code").asText()).isEqualTo("not_allowed");
        assertThat(system.posts.get(0).get("for").asText()).isEqualTo(action);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mute", "deafen", "kick", "ban", "unban", "lock", "muteroom", "say"})
    void answersWithAnErrorWhatTheStreamDidNotTakeAndDoesItAgainWhenAskedAgain(String action) {
        String fields = "\"participant\":\"bob\",\"text\":\"hi\",\"n\":1";
        system.away.add("stream");
        assertThat(serve(action, fields).refusal()).isEqualTo(ErrorCode.UNAVAILABLE);
        system.away.clear();
        assertThat(serve(action, fields)).isEqualTo(Ingested.TAKEN);

        assertThat(system.rooms.changes).hasSize(2);
        assertThat(onlyRecord().getControlVersion()).isEqualTo(system.version);
    }

    private Ingested serve(String action, String fields) {
        String body =
                "{\"action\":\"" + action + "\",\"room\":\"lobby\"" + (fields.isEmpty() ? "" : "," + fields) + "}";
        return messages.serve(system.sender("$default"), body);
    }

    private StreamRecord onlyRecord() {
        assertThat(system.records).hasSize(1);
        return system.records.get(0);
    }

    private static String accepted(String action) {
        return "{\"action\":\"accepted\",\"for\":\"" + action + "\",\"id\":\"m1\",\"requestId\":\"request-1\"}";
    }
}
