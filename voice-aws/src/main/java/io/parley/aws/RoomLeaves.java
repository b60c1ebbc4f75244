package io.parley.aws;

import static io.parley.aws.ConnectionTable.await;

import io.parley.core.room.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/** How members are taken out of a room: one connection that leaves, or all of a participant that is made to. */
final class RoomLeaves {

    private final ConnectionTable table;

    RoomLeaves(ConnectionTable table) {
        this.table = table;
    }

    OptionalLong leave(String room, String participant, String connection) {
        return table.untilUncontended(() -> tryLeave(room, participant, connection));
    }

    private OptionalLong tryLeave(String room, String participant, String connection) {
        Map<String, AttributeValue> memberKey = RegistryItems.memberKey(room, participant, connection);
        CompletableFuture<Map<String, AttributeValue>> metaRead = table.get(RegistryItems.roomKey(room));
        CompletableFuture<Map<String, AttributeValue>> connectionRead =
                table.get(RegistryItems.connectionKey(connection));
        Map<String, AttributeValue> member = await(table.get(memberKey));
        if (member.isEmpty()) {
            return OptionalLong.empty();
        }
        RoomMeta meta = RoomMeta.read(await(metaRead), table.nowMs());
        // Whether META still counts one that has expired is not known.
        long left = table.isAlive(member) ? meta.members() - 1 : countAlive(room);
        List<TransactWriteItem> writes = new ArrayList<>(3);
        writes.add(table.delete(memberKey, "attribute_exists(pk)"));
        writes.add(meta.write(table, room, left));
        if (!await(connectionRead).isEmpty()) {
            writes.add(forgetRoom(room, connection));
        }
        table.transact(writes);
        return OptionalLong.of(meta.nextVersion());
    }

    int countAlive(String room) {
        return table.queryAlive(
                        RegistryItems.roomPartition(room), RegistryItems.MEMBER_PREFIX, RegistryItems.MEMBER_PROJECTION)
                .size();
    }

    /** The writes that take these members, all alive, out of the room; without that of its META. */
    List<TransactWriteItem> removals(String room, List<Member> members) {
        Map<Member, CompletableFuture<Map<String, AttributeValue>>> connections = new HashMap<>();
        members.forEach(member -> connections.put(member, table.get(RegistryItems.connectionKey(member.connection()))));
        List<TransactWriteItem> writes = new ArrayList<>();
        for (Member member : members) {
            writes.add(table.delete(
                    RegistryItems.memberKey(room, member.participant(), member.connection()), "attribute_exists(pk)"));
            if (!await(connections.get(member)).isEmpty()) {
                writes.add(forgetRoom(room, member.connection()));
            }
        }
        return writes;
    }

    private TransactWriteItem forgetRoom(String room, String connection) {
        return table.update(
                RegistryItems.connectionKey(connection),
                "DELETE rooms :room",
                "attribute_exists(pk)",
                Map.of(":room", AttributeValue.fromSs(List.of(room))));
    }
}
