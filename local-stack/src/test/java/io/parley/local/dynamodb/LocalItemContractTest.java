package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import java.math.BigDecimal;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;

/** With the sentences that moto does not hold to; each says what moto does instead. */
class LocalItemContractTest extends ItemContractTest {

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new DynamoDbService(vertx, Clock.systemUTC(), DynamoDbOptions.DEFAULT)));
    }

    /** moto's server has threads and no lock, and loses some. */
    @Test
    void losesNoIncrementOfManyThreads() throws Exception {
        put("pk", "a", "sk", "b", "n", 0);
        int threads = 8;
        int increments = 25;
        ExecutorService executor = Executors.newFixedThreadPool(threads);
        try {
            List<Callable<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                tasks.add(() -> {
                    for (int done = 0; done < increments; ) {
                        done += compareAndIncrement() ? 1 : 0;
                    }
                    return null;
                });
            }
            for (Future<Void> task : executor.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            executor.shutdown();
        }

        assertThat(get("a", "b")).containsEntry("n", value(threads * increments));
    }

    private boolean compareAndIncrement() {
        int seen = Integer.parseInt(get("a", "b").get("n").n());
        try {
            db.updateItem(update -> update.tableName(table)
                    .key(item("pk", "a", "sk", "b"))
                    .updateExpression("SET n = :next")
                    .conditionExpression("n = :seen")
                    .expressionAttributeValues(item(":seen", seen, ":next", seen + 1)));
            return true;
        } catch (ConditionalCheckFailedException e) {
            return false;
        }
    }

    /** moto takes it twice. */
    @Test
    void refusesToSwitchTimeToLiveOnTwice() {
        expire();

        assertValidation(this::expire, "TimeToLive is already enabled");
    }

    private Object expire() {
        return db.updateTimeToLive(update -> update.tableName(table)
                .timeToLiveSpecification(ttl -> ttl.attributeName("expiresAt").enabled(true)));
    }

    /** moto stores any number, or fails with a 500. */
    @ParameterizedTest
    @CsvSource({
        "1E+126, Number overflow",
        "1E-131, Number underflow",
        "123456789012345678901234567890123456789, more than 38 significant digits",
        "abc, cannot be converted to a numeric value",
    })
    void refusesNumbersThatItCannotHold(String number, String message) {
        assertValidation(
                () -> db.putItem(put ->
                        put.tableName(table).item(item("pk", "a", "sk", "b", "n", AttributeValue.fromN(number)))),
                message);
    }

    /** moto gives back the characters that were put. */
    @ParameterizedTest
    @CsvSource({"1.50, 1.5", "1E2, 100", "-0, 0", "007, 7", "1E-3, 0.001"})
    void answersNumbersInTheirPlainForm(String put, String got) {
        put("pk", "a", "sk", "b", "n", AttributeValue.fromN(put));

        assertThat(get("a", "b").get("n").n()).isEqualTo(got);
    }

    /** moto compares numbers as floating point. */
    @Test
    void comparesNumbersByAllTheirDigits() {
        put("pk", "a", "sk", "b", "n", new BigDecimal("0.1234567890123456789012345678901234567"));

        assertThat(db.scan(scan -> scan.tableName(table)
                                .filterExpression("n < :n")
                                .expressionAttributeValues(
                                        item(":n", new BigDecimal("0.1234567890123456789012345678901234568"))))
                        .count())
                .isEqualTo(1);
    }

    /** moto gives no text with it. */
    @Test
    void refusesAKeyThatDoesNotMatchTheSchema() {
        assertValidation(
                () -> db.getItem(get -> get.tableName(table).key(item("pk", "a"))),
                "The provided key element does not match the schema");
        assertValidation(
                () -> db.getItem(get -> get.tableName(table).key(item("pk", "a", "sk", "b", "n", 1))),
                "The provided key element does not match the schema");
    }

    /** The page "Constraints": names count too, and 400 KB still fit. moto counts otherwise. */
    @Test
    void countsAnItemsSizeByNamesAndValues() {
        int others = "pk".length() + "a".length() + "sk".length() + "b".length() + "fits".length();

        put("pk", "a", "sk", "b", "fits", "x".repeat(400 * 1024 - others));
        assertValidation(
                () -> db.putItem(put -> put.tableName(table)
                        .item(item("pk", "a", "sk", "b", "fits", "x".repeat(400 * 1024 - others + 1)))),
                "Item size has exceeded the maximum allowed size");
        assertValidation(
                () -> db.updateItem(update -> update.tableName(table)
                        .key(item("pk", "a", "sk", "b"))
                        .updateExpression("SET n = :n")
                        .expressionAttributeValues(item(":n", 1))),
                "Item size to update has exceeded the maximum allowed size");
    }

    /** moto checks neither. */
    @Test
    void refusesSetsThatAreNone() {
        assertValidation(
                () -> db.putItem(put -> put.tableName(table)
                        .item(item("pk", "a", "sk", "b", "set", AttributeValue.fromSs(List.of("x", "x"))))),
                "Input collection [x, x] contains duplicates.");
        assertValidation(
                () -> db.putItem(put ->
                        put.tableName(table).item(item("pk", "a", "sk", "b", "set", AttributeValue.fromSs(List.of())))),
                "set  may not be empty");
    }

    @Test
    void refusesDocumentsOfMoreThan32Levels() {
        assertValidation(
                () -> db.putItem(put -> put.tableName(table).item(item("pk", "a", "sk", "b", "d", nested(33)))),
                "Nesting Levels have exceeded supported limits");
        put("pk", "a", "sk", "b", "d", nested(32));
    }

    private static Object nested(int levels) {
        Object inner = 1;
        for (int i = 0; i < levels; i++) {
            inner = List.of(inner);
        }
        return inner;
    }

    @Test
    void refusesAnIndexKeyOfTheWrongType() {
        assertValidation(
                () -> db.putItem(put -> put.tableName(table).item(item("pk", "a", "sk", "b", "owner", 1))),
                "Type mismatch for Index Key owner Expected: S Actual: N IndexName: by-owner");
    }

    /** moto answers null here. */
    @Test
    void returnsNoAttributesWhereAnUpdateChangedNoneThatWereThere() {
        assertThat(db.updateItem(update -> update.tableName(table)
                                .key(item("pk", "a", "sk", "b"))
                                .updateExpression("SET n = :n")
                                .expressionAttributeValues(item(":n", 1))
                                .returnValues(ReturnValue.UPDATED_OLD))
                        .hasAttributes())
                .isFalse();
    }

    @Test
    void refusesReturnValuesThatAPutDoesNotHave() {
        assertValidation(
                () -> db.putItem(put ->
                        put.tableName(table).item(item("pk", "a", "sk", "b")).returnValues(ReturnValue.ALL_NEW)),
                "ReturnValues can only be ALL_OLD or NONE");
    }

    /** moto's words are others. */
    @Test
    void refusesToAddToWhatIsNoNumber() {
        put("pk", "a", "sk", "b", "words", "one");

        assertValidation(
                () -> db.updateItem(update -> update.tableName(table)
                        .key(item("pk", "a", "sk", "b"))
                        .updateExpression("SET n = words + :one")
                        .expressionAttributeValues(item(":one", 1))),
                "An operand in the update expression has an incorrect data type");
    }

    /** moto answers 500 to comparisons across types, and has other ideas of the rest. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "words < :ten               | false",
                "absent <> :ten             | true",
                "absent < :ten              | false",
                "NOT absent < :ten          | true",
                "n <> :hello                | true",
                "attribute_type(doc, :m)    | true",
                "contains(bin, :part)      | true",
                "begins_with(bin, :part)   | false",
                "size(n) = :ten             | false",
                "size(doc) < size(words)    | true",
                "size(absent) = :ten        | false",
                "doc.x BETWEEN :ten AND n   | false",
                "n between doc.x and :ten   | true",
            })
    void evaluatesConditionsAcrossTypes(String condition, boolean expected) {
        put("pk", "a", "sk", "b", "n", 5, "words", "hello", "doc", Map.of("x", 1), "bin", new byte[] {1, 2, 3});
        Map<String, AttributeValue> values = item(":ten", 10, ":hello", "hello", ":m", "M", ":part", new byte[] {2, 3});
        values.keySet().removeIf(name -> !condition.matches(".*" + name + "\\b.*"));

        assertThat(db.scan(scan -> scan.tableName(table)
                                .filterExpression(condition)
                                .expressionAttributeValues(values.isEmpty() ? null : values))
                        .count())
                .isEqualTo(expected ? 1 : 0);
    }

    /** moto lets most of these pass. */
    @Test
    void refusesPlaceholdersThatAreUndefinedOrUnused() {
        assertValidation(
                () -> conditionalPut("n = :absent", null, item(":given", 1)),
                "An expression attribute value used in expression is not defined; attribute value: :absent");
        assertValidation(
                () -> conditionalPut("n = :given", null, item(":given", 1, ":spare", 1)),
                "Value provided in ExpressionAttributeValues unused in expressions: keys: {:spare}");
        assertValidation(
                () -> conditionalPut("#n = :given", Map.of("#n", "n", "#spare", "m"), item(":given", 1)),
                "Value provided in ExpressionAttributeNames unused in expressions: keys: {#spare}");
        assertValidation(
                () -> conditionalPut("#n = :given", null, item(":given", 1)),
                "An expression attribute name used in the document path is not defined; attribute name: #n");
        assertValidation(
                () -> conditionalPut(null, null, item(":given", 1)),
                "ExpressionAttributeValues can only be specified when using expressions");
        assertValidation(
                () -> conditionalPut("n = :given", Map.of("no-alias", "n"), item(":given", 1)),
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"no-alias\"");
    }

    private Object conditionalPut(String condition, Map<String, String> names, Map<String, AttributeValue> values) {
        return db.putItem(put -> put.tableName(table)
                .item(item("pk", "a", "sk", "b"))
                .conditionExpression(condition)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values));
    }
}
