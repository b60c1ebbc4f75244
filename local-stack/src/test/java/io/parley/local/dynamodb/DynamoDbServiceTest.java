package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static io.parley.local.dynamodb.Attributes.value;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.contract.Endpoint;
import java.math.BigDecimal;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.http.nio.netty.NettyNioAsyncHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.PutItemResponse;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What is ours alone: the clock and the sweep, start-up, threads, and what is not supported. */
class DynamoDbServiceTest extends DynamoDbContract {

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
                .isInstanceOfSatisfying(
                        ConditionalCheckFailedException.class,
                        e -> assertThat(e.item()).isEqualTo(item("pk", "a", "sk", "b", "n", 1)));
    }

    /** As seen on AWS: the namespaces are part of the type, and one error spells its message with a capital. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "PutItem | 'Item':{'pk':{'S':'a'},'sk':{'S':'b'}},'ConditionExpression':'attribute_exists(pk)'"
                        + "| {'__type':'com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException',"
                        + "'message':'The conditional request failed'}",
                "GetItem | 'Key':{'pk':{'S':'a'}}"
                        + "| {'__type':'com.amazon.coral.validate#ValidationException',"
                        + "'message':'The provided key element does not match the schema'}",
                "TransactWriteItems | 'TransactItems':[{'ConditionCheck':{'TableName':'TABLE',"
                        + "'Key':{'pk':{'S':'a'},'sk':{'S':'b'}},'ConditionExpression':'attribute_exists(pk)'}}]"
                        + "| {'__type':'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',"
                        + "'Message':'Transaction cancelled, please refer cancellation reasons for specific reasons"
                        + " [ConditionalCheckFailed]','CancellationReasons':[{'Message':'The conditional request"
                        + " failed','Code':'ConditionalCheckFailed'}]}",
            })
    void answersErrorsInTheFormOfAws(String operation, String members, String expected) throws Exception {
        String body = operation.startsWith("Transact") ? "{MEMBERS}" : "{'TableName':'TABLE',MEMBERS}";
        body = body.replace("MEMBERS", members).replace("TABLE", table).replace('\'', '"');
        HttpResponse<String> response = HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(endpoint.uri())
                                .header(
                                        "Authorization",
                                        "AWS4-HMAC-SHA256 Credential=a/20260101/r/dynamodb/aws4_request")
                                .header("X-Amz-Target", "DynamoDB_20120810." + operation)
                                .header("Content-Type", "application/x-amz-json-1.0")
                                .POST(HttpRequest.BodyPublishers.ofString(body))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(new ObjectMapper().readTree(response.body()))
                .isEqualTo(new ObjectMapper().readTree(expected.replace('\'', '"')));
    }

    @Test
    void runsCallsFromManyThreadsOneAfterTheOther() throws Exception {
        put("pk", "a", "sk", "b", "n", 0);
        JsonNode increment = new ObjectMapper()
                .readTree(
                        "{\"TableName\":\"" + table + "\",\"Key\":{\"pk\":{\"S\":\"a\"},\"sk\":{\"S\":\"b\"}},"
                                + "\"UpdateExpression\":\"ADD n :one\",\"ExpressionAttributeValues\":{\":one\":{\"N\":\"1\"}}}");
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Callable<Void>> tasks = Collections.nCopies(4, () -> {
                for (int i = 0; i < 5_000; i++) {
                    service.call("UpdateItem", increment);
                }
                return null;
            });
            for (Future<Void> task : executor.invokeAll(tasks)) {
                task.get();
            }
        } finally {
            executor.shutdown();
        }

        assertThat(get("a", "b")).containsEntry("n", value(20_000));
    }

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
        long sixYears = Duration.ofDays(6 * 365).toSeconds();
        put("pk", "a", "sk", "ancient", "expiresAt", now - sixYears);
        put("pk", "a", "sk", "milliseconds", "expiresAt", now * 1000);
        put("pk", "a", "sk", "beyond-long", "expiresAt", new BigDecimal("1E+40"));

        service.removeExpired();
        assertThat(get("a", "expired")).isNotEmpty();

        clock.advance(Duration.ofSeconds(60));
        service.removeExpired();

        assertThat(get("a", "expired")).isEmpty();
        assertThat(service.itemCount(table)).isEqualTo(5);
        assertThat(sortKeys(query(query -> query.indexName("by-owner")
                        .keyConditionExpression("#o = :mary")
                        .expressionAttributeNames(Map.of("#o", "owner"))
                        .expressionAttributeValues(item(":mary", "mary")))))
                .containsExactly("later", "text");
    }

    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
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
                Thread.yield();
            }
            return List.of(own);
        });
        sweeping.close();
    }

    private static ObjectNode text(String type, String value) {
        return new ObjectMapper().createObjectNode().put(type, value);
    }

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
