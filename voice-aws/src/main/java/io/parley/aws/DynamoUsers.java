package io.parley.aws;

import static io.parley.aws.ConnectionTable.await;
import static io.parley.aws.RegistryItems.number;

import io.parley.core.port.Suspensions;
import io.parley.core.port.UserConnections;
import io.parley.core.room.Suspension;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * What the connections table knows of users ({@link UserItems}). Blocks the caller; refuses to be called on the AWS
 * clients' own I/O threads.
 */
public final class DynamoUsers implements Suspensions, UserConnections {

    private final ConnectionTable table;

    public DynamoUsers(DynamoDbAsyncClient dynamo, String table, Clock clock) {
        this.table = new ConnectionTable(dynamo, table, clock, RetryPause.random());
    }

    @Override
    public Optional<Suspension> find(String participant) {
        Map<String, AttributeValue> item = await(table.getAlive(UserItems.suspensionKey(participant)));
        return item.isEmpty() ? Optional.empty() : Optional.of(UserItems.readSuspension(item));
    }

    @Override
    public void suspend(String participant, Suspension suspension) {
        await(table.dynamo()
                .putItem(PutItemRequest.builder()
                        .tableName(table.name())
                        .item(UserItems.write(participant, suspension, table.nowMs()))
                        .build()));
    }

    @Override
    public void suspendAtLeast(String participant, Suspension suspension) {
        try {
            await(table.dynamo()
                    .putItem(PutItemRequest.builder()
                            .tableName(table.name())
                            .item(UserItems.write(participant, suspension, table.nowMs()))
                            .conditionExpression("attribute_not_exists(pk) OR #until > :none AND #until < :until")
                            .expressionAttributeNames(Map.of("#until", UserItems.UNTIL))
                            .expressionAttributeValues(
                                    Map.of(":none", number(0), ":until", number(suspension.untilMs())))
                            .build()));
        } catch (ConditionalCheckFailedException e) {
            // There is a longer one.
        }
    }

    @Override
    public boolean lift(String participant) {
        Map<String, AttributeValue> item = await(table.dynamo()
                        .deleteItem(DeleteItemRequest.builder()
                                .tableName(table.name())
                                .key(UserItems.suspensionKey(participant))
                                .returnValues(ReturnValue.ALL_OLD)
                                .build()))
                .attributes();
        return item != null && table.isAlive(item);
    }

    @Override
    public List<String> of(String participant) {
        return table.queryAlive(UserItems.partition(participant), UserItems.CONNECTION_PREFIX, null).stream()
                .sorted(Comparator.comparingLong(item -> number(item, RegistryItems.EXPIRES_AT)))
                .map(UserItems::readConnection)
                .collect(Collectors.toUnmodifiableList());
    }
}
