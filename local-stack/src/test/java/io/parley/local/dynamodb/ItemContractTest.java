package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ResourceInUseException;
import software.amazon.awssdk.services.dynamodb.model.ResourceNotFoundException;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ReturnValuesOnConditionCheckFailure;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TableDescription;
import software.amazon.awssdk.services.dynamodb.model.TableStatus;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;

/** Tables, and items one by one, with conditions and updates; the pages named are of the DynamoDB developer guide and API reference. */
abstract class ItemContractTest extends DynamoDbContract {

    @Test
    void describesATableThatIsActive() {
        TableDescription description = db.waiter()
                .waitUntilTableExists(describe -> describe.tableName(table))
                .matched()
                .response()
                .orElseThrow()
                .table();

        assertThat(description.tableStatus()).isEqualTo(TableStatus.ACTIVE);
        assertThat(description.keySchema()).containsExactly(key("pk", KeyType.HASH), key("sk", KeyType.RANGE));
        assertThat(description.attributeDefinitions()).hasSize(4);
        assertThat(description.tableArn()).endsWith(":table/" + table);
        assertThat(description.creationDateTime()).isNotNull();
        assertThat(description.globalSecondaryIndexes())
                .singleElement()
                .satisfies(index -> assertThat(index.indexName()).isEqualTo("by-owner"));
    }

    @Test
    void refusesASecondTableOfTheSameName() {
        assertThatThrownBy(() -> db.createTable(create -> create.tableName(table)
                        .billingMode(BillingMode.PAY_PER_REQUEST)
                        .attributeDefinitions(attribute("pk", ScalarAttributeType.S))
                        .keySchema(key("pk", KeyType.HASH))))
                .isInstanceOf(ResourceInUseException.class);
    }

    @Test
    void knowsNoTableThatIsNotThereOrWasDeleted() {
        db.deleteTable(delete -> delete.tableName(table));

        assertThatThrownBy(() -> get("a", "b")).isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> db.describeTable(describe -> describe.tableName(table)))
                .isInstanceOf(ResourceNotFoundException.class);
        assertThatThrownBy(() -> db.deleteTable(delete -> delete.tableName(table)))
                .isInstanceOf(ResourceNotFoundException.class);
    }

    @Test
    void listsTablesPageByPage() {
        db.createTable(create -> create.tableName(table + "-2")
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attribute("id", ScalarAttributeType.S))
                .keySchema(key("id", KeyType.HASH)));

        assertThat(db.listTablesPaginator(list -> list.limit(1)).tableNames()).contains(table, table + "-2");
    }

    @Test
    void switchesTimeToLiveOn() {
        assertThat(db.describeTimeToLive(describe -> describe.tableName(table))
                        .timeToLiveDescription()
                        .timeToLiveStatus())
                .isEqualTo(TimeToLiveStatus.DISABLED);

        db.updateTimeToLive(update -> update.tableName(table)
                .timeToLiveSpecification(ttl -> ttl.attributeName("expiresAt").enabled(true)));

        assertThat(db.describeTimeToLive(describe -> describe.tableName(table))
                        .timeToLiveDescription()
                        .attributeName())
                .isEqualTo("expiresAt");
    }

    @Test
    void givesBackAllTenTypesAsTheyWerePut() {
        Map<String, Object> map = new HashMap<>();
        map.put("deep", List.of(1, Map.of("deeper", true)));
        map.put("none", null);
        Map<String, AttributeValue> item = item(
                "pk",
                "a",
                "sk",
                "b",
                "S",
                "",
                "N",
                -3,
                "B",
                new byte[] {0, -1},
                "BOOL",
                false,
                "NULL",
                null,
                "L",
                List.of("x", 1),
                "M",
                map,
                "SS",
                Set.of("u", "v"),
                "NS",
                Set.of(1, 2));

        db.putItem(put -> put.tableName(table).item(item));

        Map<String, AttributeValue> got = new HashMap<>(get("a", "b"));
        assertThat(got.remove("SS").ss()).containsExactlyInAnyOrder("u", "v");
        assertThat(got.remove("NS").ns()).containsExactlyInAnyOrder("1", "2");
        Map<String, AttributeValue> expected = new HashMap<>(item);
        expected.keySet().removeAll(List.of("SS", "NS"));
        assertThat(got).isEqualTo(expected);
    }

    @Test
    void answersNoItemWhereThereIsNone() {
        assertThat(db.getItem(get -> get.tableName(table).key(item("pk", "a", "sk", "b")))
                        .hasItem())
                .isFalse();
    }

    @Test
    void replacesTheWholeItemAndReturnsTheOldOne() {
        put("pk", "a", "sk", "b", "old", 1);

        Map<String, AttributeValue> old = db.putItem(put -> put.tableName(table)
                        .item(item("pk", "a", "sk", "b", "new", 2))
                        .returnValues(ReturnValue.ALL_OLD))
                .attributes();

        assertThat(old).isEqualTo(item("pk", "a", "sk", "b", "old", 1));
        assertThat(get("a", "b")).isEqualTo(item("pk", "a", "sk", "b", "new", 2));
    }

    @Test
    void deletesAnItemAndDoesNotMindASecondTime() {
        put("pk", "a", "sk", "b", "n", 1);

        assertThat(db.deleteItem(delete -> delete.tableName(table)
                                .key(item("pk", "a", "sk", "b"))
                                .returnValues(ReturnValue.ALL_OLD))
                        .attributes())
                .containsEntry("n", value(1));
        assertThat(db.deleteItem(delete -> delete.tableName(table)
                                .key(item("pk", "a", "sk", "b"))
                                .returnValues(ReturnValue.ALL_OLD))
                        .hasAttributes())
                .isFalse();
        assertThat(get("a", "b")).isEmpty();
    }

    @Test
    void refusesAnItemWhoseKeyDoesNotMatchTheSchema() {
        assertValidation(
                () -> db.putItem(put -> put.tableName(table).item(item("pk", "a"))),
                "One or more parameter values were invalid: Missing the key sk in the item");
        assertValidation(
                () -> db.putItem(put -> put.tableName(table).item(item("pk", "a", "sk", 1))),
                "One or more parameter values were invalid: Type mismatch for key sk expected: S actual: N");
    }

    @Test
    void refusesAnEmptyKeyString() {
        assertValidation(() -> db.putItem(put -> put.tableName(table).item(item("pk", "", "sk", "b"))), "empty string");
    }

    @Test
    void refusesAnItemBeyond400Kilobytes() {
        put("pk", "a", "sk", "b", "fits", "x".repeat(400_000));

        assertValidation(
                () -> db.putItem(
                        put -> put.tableName(table).item(item("pk", "a", "sk", "b", "n", "x".repeat(410_000)))),
                "Item size has exceeded the maximum allowed size");
    }

    @Test
    void answersOnlyWhatTheProjectionNames() {
        put("pk", "a", "sk", "b", "one", 1, "two", 2, "map", Map.of("x", "X", "y", "Y"), "name", "reserved");

        assertThat(db.getItem(get -> get.tableName(table)
                                .key(item("pk", "a", "sk", "b"))
                                .projectionExpression("one, #m.x, absent, #n")
                                .expressionAttributeNames(Map.of("#m", "map", "#n", "name")))
                        .item())
                .isEqualTo(item("one", 1, "map", Map.of("x", "X"), "name", "reserved"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0",
                "-1",
                "3.25",
                "12345678901234567890123456789012345678",
                "-0.00000000000000000001",
            })
    void givesNumbersBackExactly(String number) {
        put("pk", "a", "sk", "b", "n", new BigDecimal(number));

        assertThat(new BigDecimal(get("a", "b").get("n").n())).isEqualByComparingTo(number);
    }

    /** The page "Condition and filter expressions, operators, and functions in DynamoDB". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "n = :five                                              | true",
                "n <> :five                                             | false",
                "n < :ten AND n > :one                                  | true",
                "n <= :five AND n >= :five                              | true",
                "n BETWEEN :one AND :ten                                | true",
                "n IN (:one, :five)                                     | true",
                "n IN (:one, :ten)                                      | false",
                "n = :text                                              | false",
                "NOT n = :ten                                           | true",
                "n = :ten OR n = :five AND s = :text                    | true",
                "(n = :ten OR n = :five) AND NOT s = :text              | false",
                "attribute_exists(n)                                    | true",
                "attribute_exists(absent)                              | false",
                "attribute_not_exists(absent) AND attribute_exists(pk) | true",
                "attribute_type(n, :typeN)                              | true",
                "begins_with(s, :he)                                    | true",
                "contains(s, :he)                                       | true",
                "contains(tags, :he)                                    | true",
                "contains(things, :five)                                | true",
                "contains(things, :ten)                                 | false",
                "size(things) = :two                                    | true",
                "size(s) = :five                                        | true",
                "doc.nest[0] = :five                                   | true",
                "doc.nest[1] = :five                                   | false",
                "#alias.#nest[0] = :five                               | true",
                "absent = :five                                        | false",
                "things = :things                                       | true",
            })
    void evaluatesConditions(String condition, boolean expected) {
        put(
                "pk",
                "a",
                "sk",
                "b",
                "n",
                5,
                "s",
                "hello",
                "tags",
                Set.of("he", "she"),
                "things",
                List.of("x", 5),
                "doc",
                Map.of("nest", List.of(5)));
        Map<String, AttributeValue> values = item(
                ":one",
                1,
                ":two",
                2,
                ":five",
                new BigDecimal("5.0"),
                ":ten",
                10,
                ":text",
                "hello",
                ":he",
                "he",
                ":typeN",
                "N",
                ":things",
                List.of("x", 5));
        values.keySet().removeIf(name -> !condition.matches(".*" + name + "\\b.*"));
        Map<String, String> names = condition.contains("#") ? Map.of("#alias", "doc", "#nest", "nest") : null;

        boolean[] held = {true};
        try {
            db.deleteItem(delete -> delete.tableName(table)
                    .key(item("pk", "a", "sk", "b"))
                    .conditionExpression(condition)
                    .expressionAttributeNames(names)
                    .expressionAttributeValues(values.isEmpty() ? null : values));
        } catch (ConditionalCheckFailedException e) {
            held[0] = false;
        }

        assertThat(held[0]).isEqualTo(expected);
        assertThat(get("a", "b").isEmpty()).isEqualTo(expected);
    }

    @Test
    void tellsTheItemThatFailedAConditionIfAsked() {
        put("pk", "a", "sk", "b", "n", 1);

        ConditionalCheckFailedException told = catchThrowableOfType(
                ConditionalCheckFailedException.class,
                () -> db.putItem(put -> put.tableName(table)
                        .item(item("pk", "a", "sk", "b", "n", 2))
                        .conditionExpression("attribute_not_exists(pk)")
                        .returnValuesOnConditionCheckFailure(ReturnValuesOnConditionCheckFailure.ALL_OLD)));
        ConditionalCheckFailedException silent = catchThrowableOfType(
                ConditionalCheckFailedException.class,
                () -> db.putItem(put -> put.tableName(table)
                        .item(item("pk", "a", "sk", "b", "n", 2))
                        .conditionExpression("attribute_not_exists(pk)")));

        assertThat(told.item()).isEqualTo(item("pk", "a", "sk", "b", "n", 1));
        assertThat(told.awsErrorDetails().errorMessage()).isEqualTo("The conditional request failed");
        assertThat(silent.hasItem()).isFalse();
        assertThat(get("a", "b")).containsEntry("n", value(1));
    }

    /** The page "Using update expressions in DynamoDB". */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET n = :five                            | n       | 5",
                "SET n = n + :five                        | n       | 6",
                "SET n = n - :five                        | n       | -4",
                "SET n = if_not_exists(n, :five)          | n       | 1",
                "SET m = if_not_exists(m, :five)          | m       | 5",
                "SET m = if_not_exists(m, :five) + :five  | m       | 10",
                "SET l = list_append(l, :more)            | l       | [1, 2, 3, 9]",
                "SET l = list_append(:more, l)            | l       | [9, 1, 2, 3]",
                "SET l[0] = :five                         | l       | [5, 2, 3]",
                "SET l[7] = :five                         | l       | [1, 2, 3, 5]",
                "SET d.x = :five                          | d       | {x=5}",
                "SET d.y = :five                          | d       | {x=1, y=5}",
                "REMOVE n                                 | n       | gone",
                "REMOVE l[1]                              | l       | [1, 3]",
                "REMOVE l[0], l[1]                        | l       | [3]",
                "REMOVE d.x                               | d       | {}",
                "REMOVE absent                           | absent | gone",
                "ADD n :five                              | n       | 6",
                "ADD m :five                              | m       | 5",
                "ADD s :set                               | s       | {a, b, c}",
                "ADD t :set                               | t       | {b, c}",
                "DELETE s :set                            | s       | {a}",
                "DELETE s :all                            | s       | gone",
                "DELETE absent :set                      | absent | gone",
                "SET n = :five REMOVE l ADD m :five       | m       | 5",
                "set n = n + :five remove d               | n       | 6",
            })
    void updates(String update, String attribute, String expected) {
        put("pk", "a", "sk", "b", "n", 1, "l", List.of(1, 2, 3), "d", Map.of("x", 1), "s", Set.of("a", "b"));
        Map<String, AttributeValue> values =
                item(":five", 5, ":more", List.of(9), ":set", Set.of("b", "c"), ":all", Set.of("a", "b"));
        values.keySet().removeIf(name -> !update.contains(name));

        Map<String, AttributeValue> after = db.updateItem(request -> request.tableName(table)
                        .key(item("pk", "a", "sk", "b"))
                        .updateExpression(update)
                        .expressionAttributeValues(values.isEmpty() ? null : values)
                        .returnValues(ReturnValue.ALL_NEW))
                .attributes();

        assertThat(plain(after.get(attribute))).isEqualTo(expected);
        assertThat(get("a", "b")).isEqualTo(after);
    }

    private static String plain(AttributeValue value) {
        if (value == null) {
            return "gone";
        }
        if (value.hasL()) {
            return value.l().stream().map(ItemContractTest::plain).toList().toString();
        }
        if (value.hasM()) {
            Map<String, String> entries = new TreeMap<>();
            value.m().forEach((name, entry) -> entries.put(name, plain(entry)));
            return entries.toString();
        }
        if (value.hasSs()) {
            return "{" + String.join(", ", value.ss().stream().sorted().toList()) + "}";
        }
        return value.n() == null ? value.s() : value.n();
    }

    @Test
    void createsAnItemByUpdatingIt() {
        db.updateItem(update -> update.tableName(table)
                .key(item("pk", "a", "sk", "b"))
                .updateExpression("SET n = :n")
                .expressionAttributeValues(item(":n", 1)));

        assertThat(get("a", "b")).isEqualTo(item("pk", "a", "sk", "b", "n", 1));
    }

    @Test
    void returnsWhatAnUpdateFoundAndMade() {
        put("pk", "a", "sk", "b", "n", 1, "same", 0);

        assertThat(increment(ReturnValue.NONE)).isEmpty();
        assertThat(increment(ReturnValue.UPDATED_OLD)).isEqualTo(item("n", 2));
        assertThat(increment(ReturnValue.UPDATED_NEW)).isEqualTo(item("n", 4));
        assertThat(increment(ReturnValue.ALL_OLD)).isEqualTo(item("pk", "a", "sk", "b", "n", 4, "same", 0));
        assertThat(increment(ReturnValue.ALL_NEW)).isEqualTo(item("pk", "a", "sk", "b", "n", 6, "same", 0));
    }

    private Map<String, AttributeValue> increment(ReturnValue returned) {
        return db.updateItem(update -> update.tableName(table)
                        .key(item("pk", "a", "sk", "b"))
                        .updateExpression("ADD n :one")
                        .expressionAttributeValues(item(":one", 1))
                        .returnValues(returned))
                .attributes();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "SET n = absent           | The provided expression refers to an attribute that does not exist",
                "SET absent.deep = :one   | The document path provided in the update expression is invalid for update",
                "ADD words :one            | An operand in the update expression has an incorrect data type",
                "SET pk = :one             | Cannot update attribute pk. This attribute is part of the key",
                "SET d = :one, d.x = :one  | Two document paths overlap with each other",
                "SET n = :one SET m = :one | section can only be used once in an update expression",
                "SET n = :undefined        | An expression attribute value used in expression is not defined",
                "SET n :one                | Syntax error",
                "SET name = :one           | Attribute name is a reserved keyword; reserved keyword: name",
            })
    void refusesUpdatesThatCannotBe(String update, String message) {
        put("pk", "a", "sk", "b", "n", 1, "words", "t", "d", Map.of("x", 1));

        assertValidation(
                () -> db.updateItem(request -> request.tableName(table)
                        .key(item("pk", "a", "sk", "b"))
                        .updateExpression(update)
                        .expressionAttributeValues(update.contains(":one") ? item(":one", 1) : null)),
                message);
        assertThat(get("a", "b")).isEqualTo(item("pk", "a", "sk", "b", "n", 1, "words", "t", "d", Map.of("x", 1)));
    }
}
