package io.parley.aws;

import static io.parley.aws.RegistryItems.number;
import static io.parley.aws.RegistryItems.text;

import io.parley.core.port.Suspensions;
import io.parley.core.port.UserConnections;
import io.parley.core.room.Suspension;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Collectors;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/**
 * What the connections table knows of users ({@link UserItems}). Blocks the caller; refuses to be called on the AWS
 * clients' own I/O threads.
 */
public final class DynamoUsers implements Suspensions, UserConnections {

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final Clock clock;

    public DynamoUsers(DynamoDbAsyncClient dynamo, String table, Clock clock) {
        this.dynamo = Objects.requireNonNull(dynamo);
        this.table = Objects.requireNonNull(table);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public Optional<Suspension> find(String participant) {
        Map<String, AttributeValue> item = await(dynamo.getItem(GetItemRequest.builder()
                        .tableName(table)
                        .key(UserItems.suspensionKey(participant))
                        .consistentRead(true)
                        .build()))
                .item();
        return alive(item).map(UserItems::readSuspension);
    }

    @Override
    public void suspend(String participant, Suspension suspension) {
        await(dynamo.putItem(PutItemRequest.builder()
                .tableName(table)
                .item(UserItems.write(participant, suspension, clock.millis()))
                .build()));
    }

    @Override
    public void suspendAtLeast(String participant, Suspension suspension) {
        try {
            await(dynamo.putItem(PutItemRequest.builder()
                    .tableName(table)
                    .item(UserItems.write(participant, suspension, clock.millis()))
                    .conditionExpression("attribute_not_exists(pk) OR #until > :none AND #until < :until")
                    .expressionAttributeNames(Map.of("#until", UserItems.UNTIL))
                    .expressionAttributeValues(Map.of(":none", number(0), ":until", number(suspension.untilMs())))
                    .build()));
        } catch (ConditionalCheckFailedException e) {
            // There is a longer one.
        }
    }

    @Override
    public boolean lift(String participant) {
        Map<String, AttributeValue> item = await(dynamo.deleteItem(DeleteItemRequest.builder()
                        .tableName(table)
                        .key(UserItems.suspensionKey(participant))
                        .returnValues(ReturnValue.ALL_OLD)
                        .build()))
                .attributes();
        return alive(item).isPresent();
    }

    @Override
    public List<String> of(String participant) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, AttributeValue> last = null;
        do {
            QueryResponse page = await(dynamo.query(QueryRequest.builder()
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :user AND begins_with(sk, :connection)")
                    .filterExpression("expiresAt > :now")
                    .expressionAttributeValues(Map.of(
                            ":user", text(UserItems.partition(participant)),
                            ":connection", text(UserItems.CONNECTION_PREFIX),
                            ":now", number(clock.millis() / 1_000)))
                    .exclusiveStartKey(last)
                    .build()));
            items.addAll(page.items());
            last = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
        } while (last != null && !last.isEmpty());
        return items.stream()
                .sorted(Comparator.comparingLong(item -> number(item, RegistryItems.EXPIRES_AT)))
                .map(UserItems::readConnection)
                .collect(Collectors.toUnmodifiableList());
    }

    private Optional<Map<String, AttributeValue>> alive(Map<String, AttributeValue> item) {
        return item == null || item.isEmpty() || RegistryItems.isExpired(item, clock.millis())
                ? Optional.empty()
                : Optional.of(item);
    }

    private static <T> T await(CompletableFuture<T> call) {
        IoThreads.refuseBlocking("the table of users");
        try {
            return call.join();
        } catch (CompletionException e) {
            throw ServiceFailure.translate("dynamodb", e);
        }
    }
}
