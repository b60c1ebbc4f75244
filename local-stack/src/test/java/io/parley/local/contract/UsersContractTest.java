package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.aws.AwsPorts;
import io.parley.aws.DynamoUsers;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import io.parley.core.room.Suspension;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What the connections table knows of users, on a table that somebody serves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class UsersContractTest {

    private final Instant now = Instant.ofEpochMilli(1_700_000_000_123L);
    private Endpoint endpoint;
    private DynamoDbClient dynamo;
    private String table;

    abstract Endpoint open();

    @BeforeAll
    void connectToTheService() {
        endpoint = open();
        dynamo = endpoint.client(DynamoDbClient.builder().httpClient(UrlConnectionHttpClient.create()));
    }

    @AfterAll
    void disconnectFromTheService() {
        if (endpoint != null) {
            dynamo.close();
            endpoint.close();
        }
    }

    @BeforeEach
    void createTable() {
        table = "connections-" + UUID.randomUUID();
        dynamo.createTable(create -> create.tableName(table)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(attribute("pk"), attribute("sk"))
                .keySchema(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)));
    }

    @Test
    void findsASuspensionUntilItEnds() {
        long untilMs = now.plusSeconds(60).toEpochMilli();
        users(now).suspend("ann", new Suspension(untilMs, "shouting"));

        Suspension found = users(now.plusSeconds(59)).find("ann").orElseThrow();
        assertThat(found.untilMs()).isEqualTo(untilMs);
        assertThat(found.reason()).isEqualTo("shouting");
        assertThat(users(now.plusSeconds(61)).find("ann")).isEmpty();
        assertThat(users(now).find("bob")).isEmpty();
    }

    @Test
    void keepsASuspensionForGoodUntilItIsLifted() {
        users(now).suspend("ann", new Suspension(0, ""));

        DynamoUsers later = users(now.plusSeconds(10L * 365 * 86_400));
        assertThat(later.find("ann").orElseThrow().untilMs()).isZero();
        assertThat(later.lift("ann")).isTrue();
        assertThat(later.find("ann")).isEmpty();
        assertThat(later.lift("ann")).isFalse();
    }

    @Test
    void putsASuspensionInThePlaceOfTheOneBefore() {
        users(now).suspend("ann", new Suspension(0, "first"));
        users(now).suspend("ann", new Suspension(now.plusSeconds(5).toEpochMilli(), "second"));

        assertThat(users(now).find("ann").orElseThrow().reason()).isEqualTo("second");
        assertThat(users(now.plusSeconds(7)).lift("ann")).isFalse();
    }

    @Test
    void leavesALongerSuspensionAsItIsWhereItIsToLastAtLeastSoLong() {
        long untilMs = now.plusSeconds(60).toEpochMilli();
        users(now).suspendAtLeast("ann", new Suspension(untilMs, "first"));
        users(now).suspendAtLeast("ann", new Suspension(untilMs - 1, "shorter"));
        assertThat(users(now).find("ann").orElseThrow().reason()).isEqualTo("first");
        users(now).suspendAtLeast("ann", new Suspension(untilMs + 1, "longer"));
        assertThat(users(now).find("ann").orElseThrow().reason()).isEqualTo("longer");
        users(now).suspend("ann", new Suspension(0, "for good"));
        users(now).suspendAtLeast("ann", new Suspension(untilMs + 2, "with an end"));
        assertThat(users(now).find("ann").orElseThrow().untilMs()).isZero();
    }

    @Test
    void knowsTheConnectionsOfAUserFromConnectToForget() {
        ConnectionRegistry registry = registry();
        registry.connect(connection("c1=", "ann", now.plusSeconds(7_200)));
        registry.connect(connection("c#2=", "ann", now.plusSeconds(3_600)));
        registry.connect(connection("c3=", "bob", now.plusSeconds(7_200)));
        users(now).suspend("ann", new Suspension(0, ""));

        assertThat(users(now).of("ann")).as("who expires first is first").containsExactly("c#2=", "c1=");
        assertThat(users(now.plusSeconds(3_601)).of("ann")).containsExactly("c1=");
        registry.forget("c1=");
        assertThat(users(now).of("ann")).containsExactly("c#2=");
        assertThat(users(now).of("bob")).containsExactly("c3=");
        assertThat(users(now).of("eve")).isEmpty();
    }

    @Test
    void leavesNothingOfAUserWhoseConnectionsHaveGone() {
        ConnectionRegistry registry = registry();
        registry.connect(connection("c1=", "ann", now.plusSeconds(7_200)));
        registry.connect(connection("c2=", "ann", now.plusSeconds(7_200)));
        registry.forget("c1=");
        registry.forget("c2=");
        registry.forget("c2=");

        assertThat(dynamo.scan(scan -> scan.tableName(table).consistentRead(true))
                        .items())
                .isEmpty();
    }

    @Test
    void saysUnavailableWhereNobodyAnswers() {
        DynamoUsers nowhere = AwsPorts.from(Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local"))
                .users(table, Clock.systemUTC());
        assertThatThrownBy(() -> nowhere.find("ann"))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    private DynamoUsers users(Instant time) {
        return AwsPorts.from(endpoint.environment()).users(table, Clock.fixed(time, ZoneOffset.UTC));
    }

    private ConnectionRegistry registry() {
        return AwsPorts.from(endpoint.environment()).connectionRegistry(table, Clock.fixed(now, ZoneOffset.UTC));
    }

    private Connection connection(String id, String participant, Instant expiry) {
        return new Connection(id, participant, now.toEpochMilli(), expiry.toEpochMilli(), Set.of());
    }

    private static AttributeDefinition attribute(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }
}
