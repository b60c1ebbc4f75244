package io.parley.local.dynamodb;

import static io.parley.local.dynamodb.Attributes.item;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.local.contract.Endpoint;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GlobalSecondaryIndex;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ProjectionType;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What the contract tests of DynamoDB share: a client and a new table for each test. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class DynamoDbContract {

    Endpoint endpoint;
    DynamoDbClient db;
    String table;

    abstract Endpoint open();

    @BeforeAll
    void connect() {
        endpoint = open();
        db = endpoint.client(DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterAll
    void disconnect() {
        if (endpoint != null) {
            db.close();
            endpoint.close();
        }
    }

    @BeforeEach
    void createTable() {
        table = "table-" + UUID.randomUUID();
        db.createTable(create -> create.tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                        attribute("pk", ScalarAttributeType.S),
                        attribute("sk", ScalarAttributeType.S),
                        attribute("owner", ScalarAttributeType.S),
                        attribute("rank", ScalarAttributeType.N))
                .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE))
                .globalSecondaryIndexes(GlobalSecondaryIndex.builder()
                        .indexName("by-owner")
                        .keySchema(key("owner", KeyType.HASH), key("rank", KeyType.RANGE))
                        .projection(projection -> projection.projectionType(ProjectionType.KEYS_ONLY))
                        .build()));
    }

    static AttributeDefinition attribute(String name, ScalarAttributeType type) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(type)
                .build();
    }

    static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    void put(Object... namesAndValues) {
        db.putItem(put -> put.tableName(table).item(item(namesAndValues)));
    }

    Map<String, AttributeValue> get(String pk, String sk) {
        return db.getItem(get ->
                        get.tableName(table).key(item("pk", pk, "sk", sk)).consistentRead(true))
                .item();
    }

    static void assertValidation(Callable<?> call, String message) {
        assertThatThrownBy(call::call)
                .isInstanceOfSatisfying(
                        DynamoDbException.class,
                        e -> assertThat(e.awsErrorDetails().errorCode()).isEqualTo("ValidationException"))
                .hasMessageContaining(message);
    }

    QueryResponse query(Consumer<QueryRequest.Builder> query) {
        return db.query(request -> query.accept(request.tableName(table)));
    }

    static List<String> sortKeys(QueryResponse response) {
        return response.items().stream().map(item -> item.get("sk").s()).toList();
    }
}
