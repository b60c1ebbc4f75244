package io.parley.aws;

import static io.parley.aws.ConnectionTable.await;
import static io.parley.aws.RegistryItems.number;
import static io.parley.aws.RegistryItems.text;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Actor;
import io.parley.core.room.Admitted;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.RoomGrant;
import io.parley.core.room.RoomSetting;
import io.parley.core.wire.Permissions;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** How connections come into a room, and how their membership goes on by another grant. */
final class RoomJoins {

    /** The connection is known, is the participant's, and not in as many rooms as it may be. */
    private static final String MAY_JOIN = "attribute_exists(pk) AND participant = :participant AND expiresAt > :now"
            + " AND (attribute_not_exists(rooms) OR contains(rooms, :name) OR size(rooms) < :max)";

    private static final String UNUSED =
            "attribute_not_exists(pk) OR (#connection = :connection AND usedAt > :removedAt)";

    private final ConnectionTable table;
    private final RoomLeaves leaves;
    private final int maxMembers;
    private final int maxRooms;

    RoomJoins(ConnectionTable table, int maxMembers, int maxRooms) {
        this.table = table;
        this.leaves = new RoomLeaves(table);
        this.maxMembers = maxMembers;
        this.maxRooms = maxRooms;
    }

    /** What is known of a room and of who wants to be in it. META was read first, so all else is at least as new. */
    private final class State {
        final String room;
        final RoomMeta meta;
        final List<Map<String, AttributeValue>> own;
        final RoomStanding standing;
        final Map<String, AttributeValue> ban;

        State(String room, String participant) {
            this.room = room;
            meta = RoomMeta.read(await(table.get(RegistryItems.roomKey(room))), table.nowMs());
            CompletableFuture<Map<String, AttributeValue>> standingRead =
                    table.getAlive(RegistryItems.standingKey(room, participant));
            CompletableFuture<Map<String, AttributeValue>> banRead =
                    table.getAlive(RegistryItems.banKey(room, participant));
            own = table.queryAlive(RegistryItems.roomPartition(room), RegistryItems.membersPrefix(participant), null);
            standing = new RoomStanding(room, participant, await(standingRead));
            ban = await(banRead);
        }

        /** The own connection's item, or an empty map. */
        Map<String, AttributeValue> own(String connection) {
            for (Map<String, AttributeValue> item : own) {
                if (item.get("connection").s().equals(connection)) {
                    return item;
                }
            }
            return Map.of();
        }

        Admitted admitted(Member member) {
            return new Admitted(member, standing.presence(), standing.blocked(), meta.settings());
        }
    }

    Admitted join(String room, JoinRequest request) {
        return table.untilUncontended(() -> tryJoin(room, request));
    }

    private Admitted tryJoin(String room, JoinRequest request) {
        int rooms = maxRooms + (request.leaves() == null ? 0 : 1);
        requireConnection(room, request, rooms);
        State state = new State(room, request.participant());
        if (!state.ban.isEmpty()) {
            throw new ParleyException(ErrorCode.BANNED, request.participant() + " is banned");
        }
        RoomGrant grant = grant(state, request);
        Map<String, AttributeValue> memberKey =
                RegistryItems.memberKey(room, request.participant(), request.connection());
        boolean rejoins = !state.own(request.connection()).isEmpty();
        // One that has expired is in the table and may be counted or not, so the members are counted anew.
        boolean returns = !rejoins && !await(table.get(memberKey)).isEmpty();
        boolean isLocked = state.meta.settings().is(RoomSetting.LOCKED)
                && !grant.permissions().getModerate()
                && state.own.isEmpty();
        if (isLocked) {
            throw new ParleyException(ErrorCode.ROOM_LOCKED, "the room is locked");
        }
        long others =
                rejoins ? state.meta.members() - 1 : returns ? leaves.countAlive(room) : requirePlace(state, request);

        Member member = new Member(
                request.participant(),
                request.connection(),
                request.displayName(),
                state.standing.limit(grant.permissions()),
                grant.permissions(),
                request.client(),
                state.meta.nextVersion(),
                grant.endsAtMs(request.connectionExpiresAtMs()));
        List<TransactWriteItem> writes = new ArrayList<>(4);
        writes.add(table.update(
                RegistryItems.connectionKey(request.connection()),
                "ADD rooms :room",
                MAY_JOIN,
                Map.of(
                        ":room", AttributeValue.fromSs(List.of(room)),
                        ":name", text(room),
                        ":max", number(rooms),
                        ":participant", text(request.participant()),
                        ":now", number(table.nowMs() / 1_000))));
        writes.add(table.put(
                RegistryItems.write(room, member, request.resumeHash(), grant.untilMs()),
                rejoins || returns ? "attribute_exists(pk)" : "attribute_not_exists(pk)",
                null));
        writes.add(state.meta.write(table, room, others + 1, state.meta.settings(), member.expiresAtMs()));
        transact(writes, state, grant, request.connection());
        return state.admitted(member);
    }

    /** The connection is known, and in fewer rooms than it may be, as far as those have not ended for it. */
    private void requireConnection(String room, JoinRequest request, int max) {
        Map<String, AttributeValue> item = await(table.getAlive(RegistryItems.connectionKey(request.connection())));
        if (item.isEmpty() || !item.get("participant").s().equals(request.participant())) {
            throw new ParleyException(ErrorCode.CONNECTION_GONE, request.connection() + " is not connected");
        }
        List<String> rooms = item.containsKey(RegistryItems.ROOMS)
                ? item.get(RegistryItems.ROOMS).ss()
                : List.of();
        if (rooms.contains(room) || rooms.size() < max) {
            return;
        }
        int left = 0;
        for (String other : rooms) {
            Map<String, AttributeValue> key =
                    RegistryItems.memberKey(other, request.participant(), request.connection());
            if (await(table.getAlive(key)).isEmpty()) {
                leaves.leave(other, request.participant(), request.connection());
                left++;
            }
        }
        if (rooms.size() - left >= max) {
            throw new ParleyException(ErrorCode.TOO_MANY_ROOMS, "in " + (rooms.size() - left) + " rooms");
        }
    }

    /** How many others there are; throws {@code ROOM_FULL}. */
    private long requirePlace(State state, JoinRequest request) {
        long members = state.meta.members();
        if (members >= maxMembers && request.replaces() == null) {
            members = leaves.countAlive(state.room);
            if (members >= maxMembers) {
                throw new ParleyException(ErrorCode.ROOM_FULL, members + " members");
            }
        }
        return members;
    }

    private static RoomGrant grant(State state, JoinRequest request) {
        if (request.replaces() == null) {
            return request.grant();
        }
        Map<String, AttributeValue> replaced = state.own(request.replaces());
        if (replaced.isEmpty()) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "the replaced connection is not in the room");
        }
        if (!isSame(replaced.get(RegistryItems.RESUME_HASH), request.replacesHash())) {
            throw new ParleyException(ErrorCode.NOT_ALLOWED, "another secret");
        }
        if (request.grant() != null) {
            return request.grant();
        }
        Member member = RegistryItems.readMember(replaced);
        long untilMs = number(replaced, RegistryItems.GRANT_UNTIL);
        return RoomGrant.of(member.grant(), untilMs == 0 ? member.expiresAtMs() : untilMs);
    }

    private static boolean isSame(AttributeValue hash, String other) {
        return hash != null
                && MessageDigest.isEqual(
                        hash.s().getBytes(StandardCharsets.US_ASCII), other.getBytes(StandardCharsets.US_ASCII));
    }

    Admitted renew(String room, Actor own, RoomGrant grant, long connectionExpiresAtMs) {
        return table.untilUncontended(() -> tryRenew(room, own, grant, connectionExpiresAtMs));
    }

    private Admitted tryRenew(String room, Actor own, RoomGrant grant, long connectionExpiresAtMs) {
        State state = new State(room, own.participant());
        Map<String, AttributeValue> item = state.own(own.connection());
        if (item.isEmpty()) {
            throw new ParleyException(ErrorCode.NOT_JOINED, "not in that room");
        }
        Member before = RegistryItems.readMember(item);
        Permissions permissions = state.standing.limit(grant.permissions());
        Member member = new Member(
                before.participant(),
                before.connection(),
                before.displayName(),
                permissions,
                grant.permissions(),
                before.client(),
                state.meta.nextVersion(),
                grant.endsAtMs(connectionExpiresAtMs));
        List<TransactWriteItem> writes = new ArrayList<>(3);
        writes.add(table.put(
                RegistryItems.write(
                        room, member, RegistryItems.textOr(item, RegistryItems.RESUME_HASH, ""), grant.untilMs()),
                "attribute_exists(pk)",
                null));
        writes.add(state.meta.write(table, room, state.meta.members(), state.meta.settings(), member.expiresAtMs()));
        transact(writes, state, grant, own.connection());
        return state.admitted(member);
    }

    /** With the use of the grant's ticket, if it has one, as the last write. */
    private void transact(List<TransactWriteItem> writes, State state, RoomGrant grant, String connection) {
        if (grant.ticket() == null) {
            table.transact(writes);
            return;
        }
        writes.add(use(grant, connection, state.standing.removedAtMs()));
        try {
            table.transact(writes);
        } catch (TransactionCanceledException e) {
            List<CancellationReason> reasons = e.cancellationReasons();
            if (ConnectionTable.CONDITION_FAILED.equals(
                    reasons.get(reasons.size() - 1).code())) {
                throw new ParleyException(ErrorCode.TICKET_USED, "ticket " + grant.ticket());
            }
            throw e;
        }
    }

    private TransactWriteItem use(RoomGrant grant, String connection, long removedAtMs) {
        return table.putNamingConnection(
                RegistryItems.usedTicket(grant.ticket(), connection, table.nowMs(), grant.ticketExpiresAtMs()),
                UNUSED,
                Map.of(":connection", text(connection), ":removedAt", number(removedAtMs)));
    }
}
