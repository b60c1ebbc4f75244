package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.contract.Endpoint;
import java.math.BigDecimal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.IdempotentParameterMismatchException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TransactGetItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;

/**
 * With the sentences that moto does not hold to; each says what moto does instead, or is about what is ours alone.
 */
class LocalDynamoDbContractTest extends DynamoDbContractTest {

    private final SettableClock clock = new SettableClock();
    private DynamoDbService service;
    private DynamoDbAsyncClient async;

    @Override
    Endpoint open() {
        return Endpoint.local(vertx -> {
            service = new DynamoDbService(vertx, clock, DynamoDbOptions.DEFAULT.withTtlDelay(Duration.ofSeconds(60)));
            return List.of(service);
        });
    }

    @BeforeAll
    void connectAsynchronously() {
        async = endpoint.client(DynamoDbAsyncClient.builder().httpClient(NettyNioAsyncHttpClient.create()));
    }

    @AfterAll
    void disconnectAsynchronously() {
        async.close();
    }

    /** A clock that stands until it is told to go on. */
    private static final class SettableClock extends Clock {

        private volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");

        void advance(Duration by) {
            now = now.plus(by);
        }

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            throw new UnsupportedOperationException();
        }
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

    @Test
    void servesManyCallsOfAnAsynchronousClient() {
        List<CompletableFuture<PutItemResponse>> puts = IntStream.range(0, 200)
                .mapToObj(i -> async.putItem(put -> put.tableName(table).item(item("pk", "p" + i % 7, "sk", "s" + i))))
                .toList();
        CompletableFuture.allOf(puts.toArray(CompletableFuture[]::new)).join();

        assertThat(service.itemCount(table)).isEqualTo(200);
        assertThat(async.query(query -> query.tableName(table)
                                .keyConditionExpression("pk = :pk")
                                .expressionAttributeValues(item(":pk", "p3")))
                        .join()
                        .count())
                .isEqualTo(29);
    }

    @Test
    void tellsAnAsynchronousClientTheItemThatFailedItsCondition() {
        put("pk", "a", "sk", "b", "n", 1);

        assertThat(async.putItem(put -> put.tableName(table)
                        .item(item("pk", "a", "sk", "b"))
                        .conditionExpression("attribute_not_exists(pk)")
                        .returnValuesOnConditionCheckFailure("ALL_OLD")))
                .failsWithin(Duration.ofSeconds(30))
                .withThrowableThat()
                .havingCause()
                .isInstanceOfSatisfying(ConditionalCheckFailedException.class, e -> assertThat(e.item())
                        .isEqualTo(item("pk", "a", "sk", "b", "n", 1)));
    }

    // ---- tables

    @Test
    void createsATableWithTimeToLiveAtStartUp() {
        service.createTable(table + "-start", "expiresAt");

        assertThat(db.describeTable(describe -> describe.tableName(table + "-start"))
                        .table()
                        .keySchema())
                .containsExactly(key("pk", KeyType.HASH), key("sk", KeyType.RANGE));
        assertThat(db.describeTimeToLive(describe -> describe.tableName(table + "-start"))
                        .timeToLiveDescription()
                        .attributeName())
                .isEqualTo("expiresAt");
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

    /** The page "Using time to live": items go some time after they expired, and only if the attribute is a number. */
    @Test
    void keepsAnExpiredItemForTheDelayAndThenRemovesItFromIndexesToo() {
        expire();
        long now = clock.instant().getEpochSecond();
        put("pk", "a", "sk", "expired", "expiresAt", now - 1, "owner", "mary", "rank", 1);
        put("pk", "a", "sk", "later", "expiresAt", now + 3600, "owner", "mary", "rank", 2);
        put("pk", "a", "sk", "text", "expiresAt", "2020", "owner", "mary", "rank", 3);
        put(
                "pk",
                "a",
                "sk",
                "ancient",
                "expiresAt",
                now - Duration.ofDays(6 * 365).toSeconds());
        put("pk", "a", "sk", "milliseconds", "expiresAt", now * 1000);

        service.removeExpired();
        assertThat(get("a", "expired")).isNotEmpty();

        clock.advance(Duration.ofSeconds(60));
        service.removeExpired();

        assertThat(get("a", "expired")).isEmpty();
        assertThat(service.itemCount(table)).isEqualTo(4);
        assertThat(sortKeys(query(query -> query.indexName("by-owner")
                        .keyConditionExpression("#o = :mary")
                        .expressionAttributeNames(Map.of("#o", "owner"))
                        .expressionAttributeValues(item(":mary", "mary")))))
                .containsExactly("later", "text");
    }

    @Test
    void sweepsByItself() {
        Endpoint sweeping = Endpoint.local(vertx -> {
            DynamoDbService own = new DynamoDbService(
                    vertx, clock, new DynamoDbOptions("eu-central-1", Duration.ZERO, Duration.ofMillis(5)));
            own.createTable("sweeping", "expiresAt");
            ObjectNode put = new ObjectMapper().createObjectNode().put("TableName", "sweeping");
            put.putObject("Item")
                    .setAll(Map.of(
                            "pk",
                            text("S", "a"),
                            "sk",
                            text("S", "b"),
                            "expiresAt",
                            text("N", "" + clock.instant().getEpochSecond())));
            own.call("PutItem", put);
            while (own.itemCount("sweeping") > 0) {
                Thread.onSpinWait();
            }
            return List.of(own);
        });
        sweeping.close();
    }

    private static ObjectNode text(String type, String value) {
        return new ObjectMapper().createObjectNode().put(type, value);
    }

    // ---- items

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

    // ---- conditions

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
    }

    private Object conditionalPut(String condition, Map<String, String> names, Map<String, AttributeValue> values) {
        return db.putItem(put -> put.tableName(table)
                .item(item("pk", "a", "sk", "b"))
                .conditionExpression(condition)
                .expressionAttributeNames(names)
                .expressionAttributeValues(values));
    }

    // ---- Query and Scan

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

    // ---- transactions

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
                        .mapToObj(i -> transact(
                                item -> item.put(put -> put.tableName(table).item(item("pk", "a", "sk", "s" + i)))))
                        .toList())),
                "between 1 and 100");
    }

    // ---- what is not supported

    @Test
    void namesWhatItDoesNotSupport() {
        assertValidation(
                () -> db.scan(scan -> scan.tableName(table).segment(0).totalSegments(2)),
                "of Scan is not supported by the local DynamoDB endpoint");
        assertValidation(
                () -> db.listBackups(), "Operation ListBackups is not supported by the local DynamoDB endpoint");
        assertValidation(
                () -> db.createTable(create -> create.tableName(table + "-streamed")
                        .attributeDefinitions(attribute("pk", ScalarAttributeType.S))
                        .keySchema(key("pk", KeyType.HASH))
                        .streamSpecification(stream -> stream.streamEnabled(true))),
                "Parameter StreamSpecification of CreateTable is not supported by the local DynamoDB endpoint");
        assertValidation(
                () -> conditionalPut("n = :given", Map.of("no-alias", "n"), item(":given", 1)),
                "ExpressionAttributeNames contains invalid key: Syntax error; key: \"no-alias\"");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"[]", "{\"TableName\":\"t-1\",\"Item\":[]}", "{\"TableName\":\"t-1\",\"Item\":{\"a\":{\"S\":1}}}"
            })
    void refusesRequestsOfAnotherShape(String request) throws Exception {
        assertThatThrownBy(() -> service.call("PutItem", new ObjectMapper().readTree(request)))
                .isInstanceOfSatisfying(
                        DynamoDbFailure.class, e -> assertThat(e.code()).isEqualTo("ValidationException"));
    }
}
