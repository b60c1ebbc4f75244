package io.parley.aws;

import static io.parley.aws.RegistryItems.number;
import static io.parley.aws.RegistryItems.text;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * The table of connections and rooms ({@link RegistryItems}): consistent reads without what has expired, and
 * transactions that are tried again when others wrote the same items.
 *
 * <p>Time to live is for cleaning up only: whatever is past its {@code expiresAt} is not there for any reader.
 * Blocks the caller; refuses to be called on the AWS clients' own I/O threads.
 */
final class ConnectionTable {

    static final int MAX_ATTEMPTS = 20;
    static final String CONDITION_FAILED = "ConditionalCheckFailed";

    private static final Set<String> CONTENTION =
            Set.of("None", CONDITION_FAILED, "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

    private final DynamoDbAsyncClient dynamo;
    private final String name;
    private final Clock clock;
    private final RetryPause pause;

    ConnectionTable(DynamoDbAsyncClient dynamo, String name, Clock clock, RetryPause pause) {
        this.dynamo = Objects.requireNonNull(dynamo);
        this.name = Objects.requireNonNull(name);
        this.clock = Objects.requireNonNull(clock);
        this.pause = Objects.requireNonNull(pause);
    }

    DynamoDbAsyncClient dynamo() {
        return dynamo;
    }

    String name() {
        return name;
    }

    long nowMs() {
        return clock.millis();
    }

    /** The item; an empty map where there is none. Unlike the others also one that has expired. */
    CompletableFuture<Map<String, AttributeValue>> get(Map<String, AttributeValue> key) {
        return dynamo.getItem(GetItemRequest.builder()
                        .tableName(name)
                        .key(key)
                        .consistentRead(true)
                        .build())
                .thenApply(answer -> answer.hasItem() ? answer.item() : Map.of());
    }

    /** The item, or an empty map where there is none or it has expired. */
    CompletableFuture<Map<String, AttributeValue>> getAlive(Map<String, AttributeValue> key) {
        return get(key).thenApply(item -> isAlive(item) ? item : Map.of());
    }

    /**
     * The items of a partition that have not expired.
     *
     * @param projection what is read of them; null for all
     */
    List<Map<String, AttributeValue>> queryAlive(String partition, String sortKeyPrefix, String projection) {
        List<Map<String, AttributeValue>> items = new ArrayList<>();
        Map<String, AttributeValue> last = null;
        do {
            QueryResponse page = await(dynamo.query(QueryRequest.builder()
                    .tableName(name)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :partition AND begins_with(sk, :prefix)")
                    .filterExpression("expiresAt > :now")
                    .projectionExpression(projection)
                    .expressionAttributeNames(projection == null ? null : Map.of("#connection", "connection"))
                    .expressionAttributeValues(Map.of(
                            ":partition", text(partition),
                            ":prefix", text(sortKeyPrefix),
                            ":now", number(nowMs() / 1_000)))
                    .exclusiveStartKey(last)
                    .build()));
            items.addAll(page.items());
            last = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
        } while (last != null && !last.isEmpty());
        return items;
    }

    boolean isAlive(Map<String, AttributeValue> item) {
        return !item.isEmpty() && !RegistryItems.isExpired(item, nowMs());
    }

    /** @param condition null for none */
    TransactWriteItem put(Map<String, AttributeValue> item, String condition, Map<String, AttributeValue> values) {
        return TransactWriteItem.builder()
                .put(Put.builder()
                        .tableName(name)
                        .item(item)
                        .conditionExpression(condition)
                        .expressionAttributeValues(values)
                        .build())
                .build();
    }

    /** The same where the condition names the attribute {@code connection}, a reserved word, as {@code #connection}. */
    TransactWriteItem putNamingConnection(
            Map<String, AttributeValue> item, String condition, Map<String, AttributeValue> values) {
        Put put = put(item, condition, values).put().toBuilder()
                .expressionAttributeNames(Map.of("#connection", "connection"))
                .build();
        return TransactWriteItem.builder().put(put).build();
    }

    /** @param condition null for none */
    TransactWriteItem delete(Map<String, AttributeValue> key, String condition) {
        return TransactWriteItem.builder()
                .delete(Delete.builder()
                        .tableName(name)
                        .key(key)
                        .conditionExpression(condition)
                        .build())
                .build();
    }

    TransactWriteItem update(
            Map<String, AttributeValue> key, String expression, String condition, Map<String, AttributeValue> values) {
        return TransactWriteItem.builder()
                .update(Update.builder()
                        .tableName(name)
                        .key(key)
                        .updateExpression(expression)
                        .conditionExpression(condition)
                        .expressionAttributeValues(new HashMap<>(values))
                        .build())
                .build();
    }

    void transact(List<TransactWriteItem> writes) {
        await(dynamo.transactWriteItems(
                TransactWriteItemsRequest.builder().transactItems(writes).build()));
    }

    /**
     * Repeats the change while others write the same items, after a pause that grows and varies; one that loses
     * {@value #MAX_ATTEMPTS} times is given up as {@code UNAVAILABLE}.
     */
    <T> T untilUncontended(Supplier<T> change) {
        for (int attempt = 1; ; attempt++) {
            try {
                return change.get();
            } catch (TransactionCanceledException | TransactionConflictException | TransactionInProgressException e) {
                if (!isContention(e)) {
                    throw e;
                }
                if (attempt == MAX_ATTEMPTS) {
                    throw new ParleyException(
                            ErrorCode.UNAVAILABLE, "lost " + MAX_ATTEMPTS + " races: " + e.getMessage());
                }
            }
            pause.before(attempt);
        }
    }

    /** Amazon DynamoDB API reference, TransactWriteItems: the cancellation reasons. */
    private static boolean isContention(DynamoDbException failure) {
        return !(failure instanceof TransactionCanceledException)
                || ((TransactionCanceledException) failure)
                        .cancellationReasons().stream().allMatch(reason -> CONTENTION.contains(reason.code()));
    }

    static <T> T await(CompletableFuture<T> call) {
        IoThreads.refuseBlocking("the connection registry");
        try {
            return call.join();
        } catch (CompletionException e) {
            throw ServiceFailure.translate("dynamodb", e);
        }
    }
}
