package io.parley.aws;

import io.parley.core.port.RoomRegistry;
import io.parley.core.room.Actor;
import io.parley.core.room.Admitted;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.Membership;
import io.parley.core.room.OwnChoice;
import io.parley.core.room.RoomChange;
import io.parley.core.room.RoomGrant;
import io.parley.core.room.RoomSetting;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * Rooms in the table of connections ({@link RegistryItems}).
 *
 * <p>A transaction cannot say what it wrote. So a change reads the room's META consistently and then all else that it
 * depends on, decides, and writes everything in one transaction on condition that META still has the version that was
 * read; whoever comes second reads again. Since every change of anything in a room is a change of its META, nothing that
 * was read can have changed by then. A room takes a few dozen changes a second.
 *
 * <p>A room's versions begin at the clock's microseconds when its first member comes and its META goes with its last
 * member, unless settings keep it. A room that comes again begins above where it ended, unless it saw a thousand changes
 * a millisecond, or the writers' clocks differ by longer than the room was empty.
 *
 * <p>A transaction has at most a hundred writes, so no participant may have more than 48 connections in a room.
 */
public final class DynamoRoomRegistry implements RoomRegistry {

    private final ConnectionTable table;
    private final RoomJoins joins;
    private final RoomModeration moderation;

    /**
     * @param maxMembers of a room
     * @param maxRooms that a connection may be in
     */
    public DynamoRoomRegistry(DynamoDbAsyncClient dynamo, String table, int maxMembers, int maxRooms, Clock clock) {
        this(new ConnectionTable(dynamo, table, clock, RetryPause.random()), maxMembers, maxRooms);
    }

    DynamoRoomRegistry(ConnectionTable table, int maxMembers, int maxRooms) {
        this.table = table;
        this.joins = new RoomJoins(table, maxMembers, maxRooms);
        this.moderation = new RoomModeration(table);
    }

    @Override
    public Admitted join(String room, JoinRequest request) {
        RegistryItems.requireRoom(room);
        return joins.join(room, request);
    }

    @Override
    public Admitted renew(String room, Actor own, RoomGrant grant, long connectionExpiresAtMs) {
        RegistryItems.requireRoom(room);
        return joins.renew(room, own, grant, connectionExpiresAtMs);
    }

    /**
     * Two reads, the room's first: so the member lacks no change up to the version that the room had, and the settings
     * are those of that version. The first chunk after a join finds its member.
     */
    @Override
    public Optional<Membership> membership(String room, String participant, String connection) {
        RoomMeta meta = RoomMeta.read(ConnectionTable.await(table.get(RegistryItems.roomKey(room))), table.nowMs());
        Map<String, AttributeValue> item =
                ConnectionTable.await(table.getAlive(RegistryItems.memberKey(room, participant, connection)));
        if (item.isEmpty()) {
            return Optional.empty();
        }
        Member member = RegistryItems.readMember(item);
        return Optional.of(new Membership(
                member.withPermissions(meta.settings().limit(member.permissions())), meta.settings(), meta.version()));
    }

    @Override
    public Optional<RoomChange> mute(String room, Actor by, String participant, boolean on) {
        RegistryItems.requireRoom(room);
        return moderation.mute(room, by, participant, on);
    }

    @Override
    public Optional<RoomChange> choose(String room, Actor own, OwnChoice choice, boolean on) {
        RegistryItems.requireRoom(room);
        return moderation.choose(room, own, choice, on);
    }

    @Override
    public void block(String room, Actor own, String participant, boolean on) {
        RegistryItems.requireRoom(room);
        moderation.block(room, own, participant, on);
    }

    @Override
    public RoomChange set(String room, Actor by, Map<RoomSetting, Boolean> changes) {
        RegistryItems.requireRoom(room);
        return moderation.set(room, by, changes);
    }

    @Override
    public RoomChange kick(String room, Actor by, String participant) {
        RegistryItems.requireRoom(room);
        return moderation.kick(room, by, participant);
    }

    @Override
    public RoomChange ban(String room, Actor by, String participant, long untilMs, String reason) {
        RegistryItems.requireRoom(room);
        return moderation.ban(room, by, participant, untilMs, reason);
    }

    @Override
    public RoomChange unban(String room, Actor by, String participant) {
        RegistryItems.requireRoom(room);
        return moderation.unban(room, by, participant);
    }

    @Override
    public RoomChange remove(String room, String participant) {
        RegistryItems.requireRoom(room);
        return moderation.remove(room, participant);
    }

    @Override
    public RoomChange say(String room, Actor by) {
        RegistryItems.requireRoom(room);
        return moderation.say(room, by);
    }
}
