package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.parley.local.contract.Endpoint;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/** With the sentences that moto does not hold to; each says what moto does instead. */
class LocalTransactionContractTest extends TransactionContractTest {

    private final SettableClock clock = new SettableClock();

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new DynamoDbService(vertx, clock, DynamoDbOptions.DEFAULT)));
    }

    /** moto answers the whole item. */
    @Test
    void projectsWhatATransactionReads() {
        put("pk", "a", "sk", "b", "n", 1, "m", 2);

        assertThat(db.transactGetItems(transaction -> transaction.transactItems(List.of(TransactGetItem.builder()
                                .get(get -> get.tableName(table)
                                        .key(item("pk", "a", "sk", "b"))
                                        .projectionExpression("m"))
                                .build())))
                        .responses()
                        .get(0)
                        .item())
                .isEqualTo(item("m", 2));
    }

    /** API reference of TransactWriteItems, ClientRequestToken; moto ignores it. */
    @Test
    void appliesATransactionOnceForTenMinutesPerToken() {
        TransactWriteItemsRequest increment = increment("token-of-" + table, 1);

        db.transactWriteItems(increment);
        db.transactWriteItems(increment);
        assertThat(get("a", "b")).containsEntry("n", value(1));
        assertThatThrownBy(() -> db.transactWriteItems(increment("token-of-" + table, 2)))
                .isInstanceOf(IdempotentParameterMismatchException.class);

        clock.advance(Duration.ofMinutes(10).plusMillis(1));
        db.transactWriteItems(increment);
        assertThat(get("a", "b")).containsEntry("n", value(2));
    }

    private TransactWriteItemsRequest increment(String token, int by) {
        return TransactWriteItemsRequest.builder()
                .clientRequestToken(token)
                .transactItems(transact(item -> item.update(update -> update.tableName(table)
                        .key(item("pk", "a", "sk", "b"))
                        .updateExpression("ADD n :by")
                        .expressionAttributeValues(item(":by", by)))))
                .build();
    }

    /** The page "DynamoDB transactions": what an update finds out about its item cancels the transaction. */
    @Test
    void cancelsATransactionWhoseUpdateDoesNotFitItsItem() {
        put("pk", "a", "sk", "b", "words", "one two");

        TransactionCanceledException cancelled = catchThrowableOfType(
                TransactionCanceledException.class,
                () -> db.transactWriteItems(transaction -> transaction.transactItems(
                        transact(item -> item.put(put -> put.tableName(table).item(item("pk", "a", "sk", "new")))),
                        transact(item -> item.update(update -> update.tableName(table)
                                .key(item("pk", "a", "sk", "b"))
                                .updateExpression("ADD words :one")
                                .expressionAttributeValues(item(":one", 1)))))));

        assertThat(cancelled.cancellationReasons())
                .extracting(CancellationReason::code)
                .containsExactly("None", "ValidationError");
        assertThat(get("a", "new")).isEmpty();
    }

    @Test
    void refusesATransactionOfMoreThanAHundredActions() {
        assertValidation(
                () -> db.transactWriteItems(transaction -> transaction.transactItems(IntStream.range(0, 101)
                        .mapToObj(i -> transact(item ->
                                item.put(put -> put.tableName(table).item(item("pk", "a", "sk", "s" + i)))))
                        .toList())),
                "between 1 and 100");
    }
}
