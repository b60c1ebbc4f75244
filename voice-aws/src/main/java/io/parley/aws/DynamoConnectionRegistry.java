package io.parley.aws;

import static io.parley.aws.ConnectionTable.await;

import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/** Connections, and who is in which room, in one DynamoDB table ({@link RegistryItems}). */
public final class DynamoConnectionRegistry implements ConnectionRegistry {

    private final ConnectionTable table;
    private final RoomLeaves leaves;

    public DynamoConnectionRegistry(DynamoDbAsyncClient dynamo, String table, Clock clock) {
        this(new ConnectionTable(dynamo, table, clock, RetryPause.random()));
    }

    DynamoConnectionRegistry(ConnectionTable table) {
        this.table = table;
        this.leaves = new RoomLeaves(table);
    }

    @Override
    public void connect(Connection connection) {
        table.transact(List.of(
                table.put(RegistryItems.write(connection), null, null),
                table.put(UserItems.write(connection), null, null)));
    }

    @Override
    public Optional<Connection> forget(String connection) {
        DeleteItemRequest request = DeleteItemRequest.builder()
                .tableName(table.name())
                .key(RegistryItems.connectionKey(connection))
                .returnValues(ReturnValue.ALL_OLD)
                .build();
        // An expired one is given too: its rooms still have to be left.
        Optional<Connection> forgotten = table.untilUncontended(() -> {
            Map<String, AttributeValue> item =
                    await(table.dynamo().deleteItem(request)).attributes();
            return item == null || item.isEmpty() ? Optional.empty() : Optional.of(RegistryItems.readConnection(item));
        });
        forgotten.ifPresent(known -> await(table.dynamo()
                .deleteItem(DeleteItemRequest.builder()
                        .tableName(table.name())
                        .key(UserItems.connectionKey(known.participant(), connection))
                        .build())));
        return forgotten;
    }

    @Override
    public Optional<Connection> connection(String connection) {
        Map<String, AttributeValue> item = await(table.getAlive(RegistryItems.connectionKey(connection)));
        return item.isEmpty() ? Optional.empty() : Optional.of(RegistryItems.readConnection(item));
    }

    @Override
    public OptionalLong leave(String room, String participant, String connection) {
        RegistryItems.requireRoom(room);
        return leaves.leave(room, participant, connection);
    }

    /** Without display names: a post needs none, and they would be most of what is read. */
    @Override
    public List<Member> members(String room) {
        List<Member> members = new ArrayList<>();
        table.queryAlive(
                        RegistryItems.roomPartition(room), RegistryItems.MEMBER_PREFIX, RegistryItems.MEMBER_PROJECTION)
                .forEach(item -> members.add(RegistryItems.readMember(item)));
        return members;
    }
}
