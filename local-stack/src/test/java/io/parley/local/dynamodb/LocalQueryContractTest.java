package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;

import io.parley.local.contract.Endpoint;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** With the sentences that moto does not hold to; each says what moto does instead. */
class LocalQueryContractTest extends QueryContractTest {

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> List.of(new DynamoDbService(vertx, Clock.systemUTC(), DynamoDbOptions.DEFAULT)));
    }

    /** moto refuses these in other words, or not at all. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pk = :v AND pk = :v           | must only contain one condition per key",
                "pk = :v OR sk = :v            | Invalid operator used in KeyConditionExpression: OR",
                "pk = :v AND sk <> :v          | Invalid operator used in KeyConditionExpression: <>",
                "pk = :v AND contains(sk, :v)  | Invalid operator used in KeyConditionExpression: CONTAINS",
                "pk = :v AND extra = :v        | Query condition missed key schema element: sk",
                "pk < :v                       | Query key condition not supported",
                "pk = :n                       | Condition parameter type does not match schema type",
                "pk = :empty                   | cannot contain an empty string value. Key: pk",
                "pk = :v AND sk                | Syntax error",
            })
    void refusesOtherKeyConditionsThatCannotBe(String keys, String message) {
        Map<String, AttributeValue> values = item(":v", "v", ":n", 1, ":empty", "");
        values.keySet().removeIf(name -> !keys.matches(".*" + name + "\\b.*"));

        assertValidation(
                () -> query(query -> query.keyConditionExpression(keys).expressionAttributeValues(values)), message);
    }

    @Test
    void refusesAFilterOnAKeyOfTheQuery() {
        assertValidation(
                () -> query(query -> query.keyConditionExpression("pk = :v")
                        .filterExpression("begins_with(sk, :v)")
                        .expressionAttributeValues(item(":v", "v"))),
                "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk");
    }

    /** API reference of Query, LastEvaluatedKey: not empty does not mean that there is more. moto says that there is none. */
    @Test
    void endsAPageAtLimitEvenIfNothingFollows() {
        put("pk", "room", "sk", "s1");
        put("pk", "room", "sk", "s2");

        QueryResponse full = roomPage(query -> query.limit(2));

        assertThat(full.lastEvaluatedKey()).isEqualTo(item("pk", "room", "sk", "s2"));
        QueryResponse rest = roomPage(query -> query.limit(2).exclusiveStartKey(full.lastEvaluatedKey()));
        assertThat(rest.count()).isZero();
        assertThat(rest.hasLastEvaluatedKey()).isFalse();
    }

    private QueryResponse roomPage(Consumer<QueryRequest.Builder> further) {
        return query(query -> {
            query.keyConditionExpression("pk = :pk").expressionAttributeValues(item(":pk", "room"));
            further.accept(query);
        });
    }

    @Test
    void goesOnAfterAStartKeyWhoseItemIsGone() {
        for (String sk : List.of("s1", "s2", "s3", "s4")) {
            put("pk", "room", "sk", sk);
        }
        db.deleteItem(delete -> delete.tableName(table).key(item("pk", "room", "sk", "s2")));

        assertThat(sortKeys(roomPage(query -> query.exclusiveStartKey(item("pk", "room", "sk", "s2")))))
                .containsExactly("s3", "s4");
        assertThat(sortKeys(roomPage(query ->
                        query.exclusiveStartKey(item("pk", "room", "sk", "s2")).scanIndexForward(false))))
                .containsExactly("s1");
    }

    @Test
    void refusesAStartKeyThatIsNotOfTheQuery() {
        assertValidation(
                () -> roomPage(query -> query.exclusiveStartKey(item("pk", "other", "sk", "s"))),
                "The provided starting key is outside query boundaries");
        assertValidation(
                () -> roomPage(query -> query.exclusiveStartKey(item("pk", "room"))),
                "The provided starting key is invalid");
    }

    @Test
    void pagesThroughAnIndexWhoseKeysRepeat() {
        IntStream.range(0, 7).forEach(i -> put("pk", "p" + i, "sk", "s", "owner", "mary", "rank", 1));

        assertThat(db.queryPaginator(query -> query.tableName(table)
                                .indexName("by-owner")
                                .limit(2)
                                .keyConditionExpression("#o = :mary")
                                .expressionAttributeNames(Map.of("#o", "owner"))
                                .expressionAttributeValues(item(":mary", "mary")))
                        .items())
                .hasSize(7)
                .doesNotHaveDuplicates();
        assertThat(db.scanPaginator(scan ->
                                scan.tableName(table).indexName("by-owner").limit(3))
                        .items())
                .hasSize(7)
                .doesNotHaveDuplicates();
    }

    @Test
    void ordersSortKeysByTheirUtf8Bytes() {
        List<String> keys = List.of("Z", "a", "\u00e9", "\uff5e", "\ud83d\ude00");
        keys.forEach(sk -> put("pk", "room", "sk", sk));

        assertThat(sortKeys(roomPage(query -> {}))).isEqualTo(keys);
    }

    @Test
    void keepsNumbersAndBinariesAsKeysInOrder() {
        String numbered = table + "-numbers";
        db.createTable(create -> create.tableName(numbered)
                .billingMode("PAY_PER_REQUEST")
                .attributeDefinitions(attribute("id", ScalarAttributeType.B), attribute("n", ScalarAttributeType.N))
                .keySchema(key("id", KeyType.HASH), key("n", KeyType.RANGE)));
        for (String n : List.of("10", "9.5", "-1", "1E1", "100")) {
            db.putItem(put -> put.tableName(numbered).item(item("id", new byte[] {-1}, "n", AttributeValue.fromN(n))));
        }

        assertThat(db.query(query -> query.tableName(numbered)
                                .keyConditionExpression("id = :id AND n > :zero")
                                .expressionAttributeValues(item(":id", new byte[] {-1}, ":zero", 0)))
                        .items())
                .extracting(item -> item.get("n").n())
                .containsExactly("9.5", "10", "100");
    }
}
