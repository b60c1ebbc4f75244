package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.RoomRegistry;
import io.parley.core.room.RoomChange;
import io.parley.core.room.RoomSetting;
import io.parley.core.room.RoomSettings;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import java.time.Clock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** What moderators do to others and to the room. The registry says whether they may. Thread safe; blocks. */
final class Moderation {

    private final RoomRegistry rooms;
    private final RoomRecords records;
    private final boolean keeps;
    private final Clock clock;

    /** @param keeps whether the deployment keeps anything of what is said */
    Moderation(RoomRegistry rooms, RoomRecords records, boolean keeps, Clock clock) {
        this.rooms = Objects.requireNonNull(rooms);
        this.records = Objects.requireNonNull(records);
        this.keeps = keeps;
        this.clock = Objects.requireNonNull(clock);
    }

    void mute(ClientRequest request, boolean on) {
        String participant = request.message().requireParticipant();
        String reason = request.message().reason();
        Optional<RoomChange> changed = rooms.mute(request.room(), request.actor(), participant, on);
        changed.ifPresent(change -> records.control(
                request,
                change,
                Control.newBuilder()
                        .setKind(on ? Control.Kind.MUTE : Control.Kind.UNMUTE)
                        .setParticipant(participant)
                        .setReason(reason)
                        .setPermissions(change.permissions())
                        .setPresence(change.presence())));
    }

    void kick(ClientRequest request) {
        String participant = request.message().requireParticipant();
        String reason = request.message().reason();
        RoomChange change = rooms.kick(request.room(), request.actor(), participant);
        records.control(request, change, about(Control.Kind.KICK, participant).setReason(reason));
    }

    void ban(ClientRequest request) {
        String participant = request.message().requireParticipant();
        String reason = request.message().reason();
        int minutes = request.message().minutes();
        long untilMs =
                minutes == 0 ? 0 : clock.millis() + Duration.ofMinutes(minutes).toMillis();
        RoomChange change = rooms.ban(request.room(), request.actor(), participant, untilMs, reason);
        records.control(
                request,
                change,
                about(Control.Kind.BAN, participant).setReason(reason).setUntilMs(untilMs));
    }

    void unban(ClientRequest request) {
        String participant = request.message().requireParticipant();
        RoomChange change = rooms.unban(request.room(), request.actor(), participant);
        records.control(request, change, about(Control.Kind.UNBAN, participant));
    }

    private static Control.Builder about(Control.Kind kind, String participant) {
        return Control.newBuilder()
                .setKind(kind)
                .setParticipant(participant)
                .setPermissions(Permissions.getDefaultInstance());
    }

    void lock(ClientRequest request, boolean on) {
        RoomChange change = rooms.set(request.room(), request.actor(), Map.of(RoomSetting.LOCKED, on));
        records.control(request, change, Control.newBuilder().setKind(on ? Control.Kind.LOCK : Control.Kind.UNLOCK));
    }

    void muteRoom(ClientRequest request, boolean on) {
        set(request, Map.of(RoomSetting.MUTED, on));
    }

    void set(ClientRequest request) {
        Map<RoomSetting, Boolean> changes = new EnumMap<>(RoomSetting.class);
        request.message().pushToTalk().ifPresent(on -> changes.put(RoomSetting.PUSH_TO_TALK, on));
        request.message().recording().ifPresent(on -> changes.put(RoomSetting.RECORDING, on));
        if (changes.isEmpty()) {
            throw new ParleyException(ErrorCode.BAD_FIELD, "neither pushToTalk nor recording");
        }
        set(request, changes);
    }

    private void set(ClientRequest request, Map<RoomSetting, Boolean> changes) {
        RoomChange change = rooms.set(request.room(), request.actor(), changes);
        records.control(
                request,
                change,
                tell(change.settings(), keeps, Control.newBuilder()).setKind(Control.Kind.SETTINGS));
    }

    /** What a JOIN or SETTINGS record says of how the room may be used. */
    static Control.Builder tell(RoomSettings settings, boolean keeps, Control.Builder control) {
        return control.setRecording(keeps && settings.is(RoomSetting.RECORDING))
                .setPushToTalk(settings.is(RoomSetting.PUSH_TO_TALK))
                .setRoomMuted(settings.is(RoomSetting.MUTED));
    }
}
