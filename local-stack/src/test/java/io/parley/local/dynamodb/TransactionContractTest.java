package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** Transactions; the pages named are of the DynamoDB developer guide and API reference. */
abstract class TransactionContractTest extends DynamoDbContract {

    static TransactWriteItem transact(Consumer<TransactWriteItem.Builder> action) {
        return TransactWriteItem.builder().applyMutation(action).build();
    }

    @Test
    void writesAllOfATransaction() {
        put("pk", "conn", "sk", "META");
        put("pk", "room", "sk", "old");

        db.transactWriteItems(transaction -> transaction.transactItems(
                transact(item -> item.conditionCheck(check -> check.tableName(table)
                        .key(item("pk", "conn", "sk", "META"))
                        .conditionExpression("attribute_exists(pk)"))),
                transact(item -> item.put(put -> put.tableName(table).item(item("pk", "room", "sk", "member")))),
                transact(item -> item.update(update -> update.tableName(table)
                        .key(item("pk", "room", "sk", "META"))
                        .updateExpression("ADD version :one")
                        .expressionAttributeValues(item(":one", 1)))),
                transact(item -> item.delete(delete -> delete.tableName(table).key(item("pk", "room", "sk", "old"))))));

        assertThat(get("room", "member")).isNotEmpty();
        assertThat(get("room", "META")).containsEntry("version", value(1));
        assertThat(get("room", "old")).isEmpty();
    }

    @Test
    void writesNothingOfATransactionOfWhichOneConditionFailsAndTellsWhich() {
        put("pk", "a", "sk", "there", "n", 1);

        TransactionCanceledException cancelled = catchThrowableOfType(
                TransactionCanceledException.class,
                () -> db.transactWriteItems(transaction -> transaction.transactItems(
                        transact(item -> item.put(put -> put.tableName(table).item(item("pk", "a", "sk", "new")))),
                        transact(item -> item.put(put -> put.tableName(table)
                                .item(item("pk", "a", "sk", "there", "n", 2))
                                .conditionExpression("attribute_not_exists(pk)")
                                .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD))))));

        List<CancellationReason> reasons = cancelled.cancellationReasons();
        assertThat(reasons).extracting(CancellationReason::code).containsExactly("None", "ConditionalCheckFailed");
        assertThat(reasons.get(0).hasItem()).isFalse();
        assertThat(reasons.get(1).item()).isEqualTo(item("pk", "a", "sk", "there", "n", 1));
        assertThat(reasons.get(1).message()).isEqualTo("The conditional request failed");
        assertThat(cancelled.awsErrorDetails().errorMessage())
                .isEqualTo("Transaction cancelled, please refer cancellation reasons for specific reasons"
                        + " [None, ConditionalCheckFailed]");
        assertThat(get("a", "new")).isEmpty();
        assertThat(get("a", "there")).containsEntry("n", value(1));
    }

    @Test
    void refusesATransactionWithTwoActionsOnOneItem() {
        assertValidation(
                () -> db.transactWriteItems(transaction -> transaction.transactItems(
                        transact(item -> item.put(put -> put.tableName(table).item(item("pk", "a", "sk", "b")))),
                        transact(item ->
                                item.delete(delete -> delete.tableName(table).key(item("pk", "a", "sk", "b")))))),
                "Transaction request cannot include multiple operations on one item");
    }

    @Test
    void readsATransaction() {
        put("pk", "a", "sk", "b", "n", 1, "m", 2);

        List<ItemResponse> responses = db.transactGetItems(transaction -> transaction.transactItems(
                        TransactGetItem.builder()
                                .get(get -> get.tableName(table).key(item("pk", "a", "sk", "b")))
                                .build(),
                        TransactGetItem.builder()
                                .get(get -> get.tableName(table).key(item("pk", "a", "sk", "absent")))
                                .build()))
                .responses();

        assertThat(responses).hasSize(2);
        assertThat(responses.get(0).item()).isEqualTo(item("pk", "a", "sk", "b", "n", 1, "m", 2));
        assertThat(responses.get(1).hasItem()).isFalse();
    }
}
