package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
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
import io.parley.core.room.RoomSettings;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Rooms in memory that decide nothing: they keep what was asked of them, and answer as a test says. */
final class FakeRooms implements RoomRegistry {

    /** What was asked, such as {@code mute lobby bob true by ann c1= 7}. */
    final List<String> changes = new ArrayList<>();

    final List<JoinRequest> joins = new ArrayList<>();
    final List<RoomGrant> renewals = new ArrayList<>();

    /** What the next changes are refused with; null for nothing. */
    ErrorCode refusal;

    /** Whether a change with a higher number was made before. */
    boolean overtaken;

    RoomSettings settings = RoomSettings.DEFAULT;
    Presence presence = Presence.getDefaultInstance();
    Permissions permissions =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();
    Set<String> blocked = Set.of();

    private final FakeSystem system;

    FakeRooms(FakeSystem system) {
        this.system = system;
    }

    @Override
    public Admitted join(String room, JoinRequest request) {
        joins.add(request);
        checkIn();
        Connection known = system.connections.get(request.connection());
        if (known == null) {
            throw new ParleyException(ErrorCode.CONNECTION_GONE, "not connected");
        }
        Set<String> rooms = new HashSet<>(known.rooms());
        rooms.add(room);
        system.connections.put(
                known.id(),
                new Connection(known.id(), known.participant(), known.connectedAtMs(), Long.MAX_VALUE, rooms));
        Permissions granted =
                request.grant() == null ? permissions : request.grant().permissions();
        long endsAtMs = request.grant() == null
                ? request.connectionExpiresAtMs()
                : request.grant().endsAtMs(request.connectionExpiresAtMs());
        Member member = new Member(
                request.participant(),
                request.connection(),
                request.displayName(),
                granted,
                ++system.version,
                endsAtMs);
        system.members.put(room + member.connection(), member);
        return new Admitted(member, presence, blocked, settings);
    }

    @Override
    public Admitted renew(String room, Actor own, RoomGrant grant, long connectionExpiresAtMs) {
        renewals.add(grant);
        checkIn();
        Member member = system.members.get(room + own.connection());
        if (member == null) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        Member renewed = new Member(
                member.participant(),
                member.connection(),
                member.displayName(),
                grant.permissions(),
                ++system.version,
                grant.endsAtMs(connectionExpiresAtMs));
        return new Admitted(renewed, presence, blocked, settings);
    }

    @Override
    public Optional<Membership> membership(String room, String participant, String connection) {
        system.failIfAway();
        system.memberReads++;
        system.onMemberRead.run();
        return Optional.ofNullable(system.members.get(room + connection))
                .map(member -> new Membership(
                        member.withPermissions(settings.limit(member.permissions())), settings, system.version));
    }

    @Override
    public Optional<RoomChange> mute(String room, Actor by, String participant, boolean on) {
        RoomChange change = change("mute " + room + ' ' + participant + ' ' + on, by);
        return overtaken ? Optional.empty() : Optional.of(change);
    }

    @Override
    public Optional<RoomChange> choose(String room, Actor own, OwnChoice choice, boolean on) {
        RoomChange change = change("choose " + room + ' ' + choice + ' ' + on, own);
        return overtaken ? Optional.empty() : Optional.of(change);
    }

    @Override
    public void block(String room, Actor own, String participant, boolean on) {
        change("block " + room + ' ' + participant + ' ' + on, own);
    }

    @Override
    public RoomChange set(String room, Actor by, Map<RoomSetting, Boolean> asked) {
        RoomSettings before = settings;
        settings = settings.with(asked);
        try {
            return change("set " + room + ' ' + asked, by);
        } catch (ParleyException e) {
            settings = before;
            throw e;
        }
    }

    @Override
    public RoomChange kick(String room, Actor by, String participant) {
        return change("kick " + room + ' ' + participant, by);
    }

    @Override
    public RoomChange ban(String room, Actor by, String participant, long untilMs, String reason) {
        return change("ban " + room + ' ' + participant + ' ' + untilMs + " '" + reason + '\'', by);
    }

    @Override
    public RoomChange unban(String room, Actor by, String participant) {
        return change("unban " + room + ' ' + participant, by);
    }

    @Override
    public RoomChange remove(String room, String participant) {
        changes.add("remove " + room + ' ' + participant);
        checkIn();
        return new RoomChange(++system.version, permissions, presence, settings);
    }

    @Override
    public RoomChange say(String room, Actor by) {
        return change("say " + room, by);
    }

    private RoomChange change(String what, Actor by) {
        String number = by.number().isPresent() ? " " + by.number().getAsLong() : "";
        changes.add(what + " by " + by.participant() + ' ' + by.connection() + number);
        checkIn();
        return new RoomChange(++system.version, permissions, presence, settings);
    }

    private void checkIn() {
        system.failIfAway();
        if (refusal != null) {
            throw new ParleyException(refusal, "as the test says");
        }
    }
}
