package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BatchGetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.KeysAndAttributes;
import software.amazon.awssdk.services.dynamodb.model.PutRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScanResponse;
import software.amazon.awssdk.services.dynamodb.model.Select;
import software.amazon.awssdk.services.dynamodb.model.WriteRequest;

/** Query, Scan and batches; the pages named are of the DynamoDB developer guide and API reference. */
abstract class QueryContractTest extends DynamoDbContract {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "pk = :pk                                    | a1 a2 b1 b2 c",
                "pk = :pk AND sk = :b1                       | b1",
                "pk = :pk AND sk < :b1                       | a1 a2",
                "pk = :pk AND sk <= :b1                      | a1 a2 b1",
                "pk = :pk AND sk > :b1                       | b2 c",
                "pk = :pk AND sk >= :b1                      | b1 b2 c",
                "pk = :pk AND sk BETWEEN :a2 AND :b1         | a2 b1",
                "pk = :pk AND begins_with(sk, :b)            | b1 b2",
                "pk = :pk AND (begins_with(sk, :b))          | b1 b2",
                "sk = :b1 AND pk = :pk                       | b1",
            })
    void queriesByKey(String keys, String expected) {
        for (String sk : List.of("c", "b2", "a1", "b1", "a2")) {
            put("pk", "room", "sk", sk);
        }
        put("pk", "other", "sk", "b1");
        Map<String, AttributeValue> values = item(":pk", "room", ":a2", "a2", ":b1", "b1", ":b", "b");
        values.keySet().removeIf(name -> !keys.matches(".*" + name + "\\b.*"));

        QueryResponse forward =
                query(query -> query.keyConditionExpression(keys).expressionAttributeValues(values));
        QueryResponse backward = query(query -> query.keyConditionExpression(keys)
                .expressionAttributeValues(values)
                .scanIndexForward(false));

        List<String> wanted = new ArrayList<>(Arrays.asList(expected.split(" ")));
        assertThat(sortKeys(forward)).isEqualTo(wanted);
        assertThat(forward.count()).isEqualTo(wanted.size());
        assertThat(forward.hasLastEvaluatedKey()).isFalse();
        Collections.reverse(wanted);
        assertThat(sortKeys(backward)).isEqualTo(wanted);
    }

    @Test
    void pagesThroughAQueryByLimit() {
        IntStream.range(0, 5).forEach(i -> put("pk", "room", "sk", "s" + i));

        QueryResponse first = query(query -> query.keyConditionExpression("pk = :pk")
                .expressionAttributeValues(item(":pk", "room"))
                .limit(2));
        QueryResponse second = query(query -> query.keyConditionExpression("pk = :pk")
                .expressionAttributeValues(item(":pk", "room"))
                .limit(2)
                .exclusiveStartKey(first.lastEvaluatedKey()));
        QueryResponse third = query(query -> query.keyConditionExpression("pk = :pk")
                .expressionAttributeValues(item(":pk", "room"))
                .limit(2)
                .exclusiveStartKey(second.lastEvaluatedKey()));

        assertThat(sortKeys(first)).containsExactly("s0", "s1");
        assertThat(first.lastEvaluatedKey()).isEqualTo(item("pk", "room", "sk", "s1"));
        assertThat(sortKeys(second)).containsExactly("s2", "s3");
        assertThat(sortKeys(third)).containsExactly("s4");
        assertThat(third.hasLastEvaluatedKey()).isFalse();
    }

    @Test
    void endsAPageAtOneMegabyte() {
        IntStream.range(0, 5).forEach(i -> put("pk", "room", "sk", "s" + i, "big", "x".repeat(390_000)));

        QueryResponse first =
                query(query -> query.keyConditionExpression("pk = :pk").expressionAttributeValues(item(":pk", "room")));

        assertThat(first.count()).isLessThan(5);
        assertThat(first.hasLastEvaluatedKey()).isTrue();
        assertThat(db.queryPaginator(query -> query.tableName(table)
                                .keyConditionExpression("pk = :pk")
                                .expressionAttributeValues(item(":pk", "room")))
                        .items())
                .hasSize(5);
    }

    @Test
    void filtersAfterReading() {
        IntStream.range(0, 6).forEach(i -> put("pk", "room", "sk", "s" + i, "n", i));

        QueryResponse response = query(query -> query.keyConditionExpression("pk = :pk")
                .filterExpression("n >= :three")
                .projectionExpression("sk")
                .expressionAttributeValues(item(":pk", "room", ":three", 3)));

        assertThat(response.items()).containsExactly(item("sk", "s3"), item("sk", "s4"), item("sk", "s5"));
        assertThat(response.count()).isEqualTo(3);
        assertThat(response.scannedCount()).isEqualTo(6);
    }

    @Test
    void countsWithoutAnsweringItems() {
        IntStream.range(0, 3).forEach(i -> put("pk", "room", "sk", "s" + i));

        QueryResponse response = query(query -> query.keyConditionExpression("pk = :pk")
                .select(Select.COUNT)
                .expressionAttributeValues(item(":pk", "room")));

        assertThat(response.count()).isEqualTo(3);
        assertThat(response.items()).isEmpty();
    }

    @Test
    void queriesAnIndexThatHoldsOnlyItemsWithItsKeys() {
        put("pk", "a", "sk", "1", "owner", "mary", "rank", 10, "extra", "x");
        put("pk", "b", "sk", "2", "owner", "mary", "rank", 9);
        put("pk", "c", "sk", "3", "owner", "mary");
        put("pk", "d", "sk", "4", "owner", "john", "rank", 1);

        QueryResponse response = query(query -> query.indexName("by-owner")
                .keyConditionExpression("#o = :mary")
                .expressionAttributeNames(Map.of("#o", "owner"))
                .expressionAttributeValues(item(":mary", "mary")));

        assertThat(response.items())
                .containsExactly(
                        item("pk", "b", "sk", "2", "owner", "mary", "rank", 9),
                        item("pk", "a", "sk", "1", "owner", "mary", "rank", 10));
    }

    @Test
    void keepsAnIndexInStepWithItsTable() {
        put("pk", "a", "sk", "1", "owner", "mary", "rank", 1);
        put("pk", "b", "sk", "2", "owner", "mary", "rank", 2);
        put("pk", "c", "sk", "3", "owner", "mary", "rank", 3);
        db.updateItem(update -> update.tableName(table)
                .key(item("pk", "a", "sk", "1"))
                .updateExpression("SET #r = :new")
                .expressionAttributeNames(Map.of("#r", "rank"))
                .expressionAttributeValues(item(":new", 7)));
        db.updateItem(update -> update.tableName(table)
                .key(item("pk", "b", "sk", "2"))
                .updateExpression("REMOVE #o")
                .expressionAttributeNames(Map.of("#o", "owner")));

        assertThat(sortKeys(query(query -> query.indexName("by-owner")
                        .keyConditionExpression("#o = :mary")
                        .expressionAttributeNames(Map.of("#o", "owner"))
                        .expressionAttributeValues(item(":mary", "mary")))))
                .containsExactly("3", "1");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sk = :v                   | Query condition missed key schema element: pk",
            })
    void refusesKeyConditionsThatCannotBe(String keys, String message) {
        assertValidation(
                () -> query(query -> query.keyConditionExpression(keys).expressionAttributeValues(item(":v", "v"))),
                message);
    }

    @Test
    void refusesAConsistentReadOfAnIndex() {
        assertValidation(
                () -> query(query -> query.indexName("by-owner")
                        .consistentRead(true)
                        .keyConditionExpression("#o = :mary")
                        .expressionAttributeNames(Map.of("#o", "owner"))
                        .expressionAttributeValues(item(":mary", "mary"))),
                "Consistent reads are not supported on global secondary indexes");
    }

    @Test
    void scansEveryItemOncePageByPage() {
        IntStream.range(0, 11).forEach(i -> put("pk", "p" + i % 4, "sk", "s" + i, "n", i));

        List<String> seen = db.scanPaginator(scan -> scan.tableName(table).limit(3)).items().stream()
                .map(item -> item.get("sk").s())
                .toList();
        ScanResponse filtered = db.scan(scan ->
                scan.tableName(table).filterExpression("n < :three").expressionAttributeValues(item(":three", 3)));

        assertThat(seen)
                .containsExactlyInAnyOrderElementsOf(
                        IntStream.range(0, 11).mapToObj(i -> "s" + i).toList());
        assertThat(filtered.count()).isEqualTo(3);
        assertThat(filtered.scannedCount()).isEqualTo(11);
    }

    @Test
    void writesAndReadsBatches() {
        put("pk", "a", "sk", "gone");
        List<WriteRequest> writes = new ArrayList<>();
        IntStream.range(0, 24)
                .forEach(i -> writes.add(WriteRequest.builder()
                        .putRequest(PutRequest.builder()
                                .item(item("pk", "a", "sk", "s" + i, "n", i))
                                .build())
                        .build()));
        writes.add(WriteRequest.builder()
                .deleteRequest(delete -> delete.key(item("pk", "a", "sk", "gone")))
                .build());

        assertThat(db.batchWriteItem(batch -> batch.requestItems(Map.of(table, writes)))
                        .unprocessedItems())
                .isEmpty();
        BatchGetItemResponse got = db.batchGetItem(batch -> batch.requestItems(Map.of(
                table,
                KeysAndAttributes.builder()
                        .keys(List.of(
                                item("pk", "a", "sk", "s3"),
                                item("pk", "a", "sk", "gone"),
                                item("pk", "a", "sk", "s23")))
                        .projectionExpression("n")
                        .build())));

        assertThat(got.responses().get(table)).containsExactlyInAnyOrder(item("n", 3), item("n", 23));
        assertThat(got.unprocessedKeys()).isEmpty();
        assertValidation(
                () -> db.batchGetItem(batch -> batch.requestItems(Map.of(
                        table,
                        KeysAndAttributes.builder()
                                .keys(List.of(item("pk", "a", "sk", "s3"), item("pk", "a", "sk", "s3")))
                                .build()))),
                "Provided list of item keys contains duplicates");
    }
}
