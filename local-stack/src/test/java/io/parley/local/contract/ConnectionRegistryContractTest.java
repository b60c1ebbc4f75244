package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.aws.AwsPorts;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.room.Connection;
import io.parley.core.room.Departure;
import io.parley.core.room.Member;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** What whoever decides about rooms may count on: our registry, on a table that somebody serves. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ConnectionRegistryContractTest {

    static final Permissions SPEAKER =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();

    final Instant now = Instant.ofEpochMilli(1_700_000_000_123L);
    final List<StreamRecord> records = Collections.synchronizedList(new ArrayList<>());
    Endpoint endpoint;
    DynamoDbClient dynamo;
    String table;
    ConnectionRegistry registry;

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
        records.clear();
        registry = registryAt(now);
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

    ConnectionRegistry registryAt(Instant time) {
        return AwsPorts.from(endpoint.environment()).connectionRegistry(table, Clock.fixed(time, ZoneOffset.UTC));
    }

    @Test
    void remembersAConnectionAndItsRooms() {
        connect("c1=", "ann");
        registry.join("lobby", member("ann", "c1="));
        registry.join("arena", member("ann", "c1="));
        registry.leave("arena", "ann", "c1=");

        Connection connection = registry.connection("c1=").orElseThrow();
        assertThat(connection.participant()).isEqualTo("ann");
        assertThat(connection.connectedAtMs()).isEqualTo(now.toEpochMilli());
        assertThat(connection.rooms()).containsExactly("lobby");
        assertThat(registry.connection("c2=")).isEmpty();
    }

    @Test
    void forgetsAConnectionOnceAndSaysWhereItWas() {
        connect("c1=", "ann");
        registry.join("lobby", member("ann", "c1="));

        assertThat(registry.forget("c1=").orElseThrow().rooms()).containsExactly("lobby");
        assertThat(registry.forget("c1=")).isEmpty();
        assertThat(registry.connection("c1=")).isEmpty();
    }

    @Test
    void givesTheMemberAsItWasWritten() {
        connect("c1=", "ann");
        Member written = registry.join("lobby", member("ann", "c1="));

        Member read = registry.member("lobby", "ann", "c1=").orElseThrow();
        assertThat(read.displayName()).isEqualTo("Ann ☃");
        assertThat(read.permissions()).isEqualTo(SPEAKER);
        assertThat(read.controlVersion()).isEqualTo(written.controlVersion());
        assertThat(registry.member("arena", "ann", "c1=")).isEmpty();
    }

    @Test
    void numbersEveryChangeOfARoomByOneMore() {
        connect("c1=", "ann");
        connect("c2=", "bob");
        long first = registry.join("lobby", member("ann", "c1=")).controlVersion();

        assertThat(registry.join("lobby", member("bob", "c2=")).controlVersion())
                .isEqualTo(first + 1);
        assertThat(registry.join("lobby", member("bob", "c2=")).controlVersion())
                .isEqualTo(first + 2);
        assertThat(registry.leave("lobby", "ann", "c1=")).hasValue(first + 3);
        assertThat(registry.join("arena", member("ann", "c1=")).controlVersion())
                .isEqualTo(first);
    }

    @Test
    void beginsARoomThatComesAgainAboveWhereItEnded() {
        connect("c1=", "ann");
        registry.join("lobby", member("ann", "c1="));
        long last = registry.leave("lobby", "ann", "c1=").orElseThrow();

        assertThat(registryAt(now.plusMillis(1))
                        .join("lobby", member("ann", "c1="))
                        .controlVersion())
                .isGreaterThan(last);
    }

    @Test
    void letsNobodyJoinWhoIsNotConnectedOrIsSomebodyElse() {
        connect("c1=", "ann");

        assertCode(ErrorCode.CONNECTION_GONE, () -> registry.join("lobby", member("bob", "c2=")));
        assertCode(ErrorCode.CONNECTION_GONE, () -> registry.join("lobby", member("bob", "c1=")));
        assertCode(
                ErrorCode.CONNECTION_GONE,
                () -> registryAt(now.plusSeconds(7_201)).join("lobby", member("ann", "c1=")));
        assertCode(ErrorCode.BAD_ROOM, () -> registry.join("lob#by", member("ann", "c1=")));
        assertThat(registry.members("lobby")).isEmpty();
    }

    @Test
    void leavesARoomOnce() {
        connect("c1=", "ann");
        registry.join("lobby", member("ann", "c1="));

        assertThat(registry.leave("lobby", "ann", "c1=")).isPresent();
        assertThat(registry.leave("lobby", "ann", "c1=")).isEmpty();
        assertThat(registry.leave("lobby", "bob", "c1=")).isEmpty();
    }

    @Test
    void isEmptyWhenTheLastConnectionHasGoneHoweverOftenItJoined() {
        connect("c1=", "ann");
        connect("c2=", "ann");
        registry.join("lobby", member("ann", "c1="));
        registry.join("lobby", member("ann", "c1="));
        registry.join("lobby", member("ann", "c2="));
        registry.join("arena", member("ann", "c2="));
        disconnect("c1=");
        assertThat(registry.members("lobby")).extracting(Member::connection).containsExactly("c2=");
        disconnect("c2=");
        disconnect("c2=");

        assertThat(items()).isEmpty();
        assertThat(records).hasSize(3);
    }

    @Test
    void tellsApartMembersWhateverTheirNames() {
        List<String> names = List.of("a", "a#b", "a%23b", "a%b", "ä🎤");
        for (String name : names) {
            connect("c" + name, name);
            registry.join("lobby", member(name, "c" + name));
        }
        connect("b#c", "a");
        registry.join("lobby", member("a", "b#c"));

        assertThat(registry.members("lobby")).hasSize(names.size() + 1);
        for (String name : names) {
            assertThat(registry.member("lobby", name, "c" + name).orElseThrow().participant())
                    .isEqualTo(name);
            assertThat(registry.leave("lobby", name, "c" + name)).isPresent();
        }
        assertThat(registry.members("lobby")).extracting(Member::connection).containsExactly("b#c");
    }

    @Test
    void doesNotShowWhatHasExpired() {
        connect("c1=", "ann");
        registry.join("lobby", member("ann", "c1="));
        ConnectionRegistry later = registryAt(now.plusSeconds(7_201));

        assertThat(later.connection("c1=")).isEmpty();
        assertThat(later.member("lobby", "ann", "c1=")).isEmpty();
        assertThat(later.members("lobby")).isEmpty();
    }

    @Test
    void leavesTheRoomsOfAConnectionThatExpiredUncleaned() {
        connect("c1=", "ann");
        registry.join("lobby", member("ann", "c1="));
        ConnectionRegistry later = registryAt(now.plusSeconds(7_201));

        new Departure(later, stream(), Clock.fixed(now, ZoneOffset.UTC)).disconnect("c1=", null, null, "gone");
        assertThat(items()).isEmpty();
    }

    @Test
    void namesTheTimeToLiveOfEveryItemInSeconds() {
        connect("c1=", "ann");
        registry.join("lobby", member("ann", "c1="));

        assertThat(items())
                .hasSize(3)
                .allSatisfy(item ->
                        assertThat(item.get("expiresAt").n()).isEqualTo(String.valueOf(now.getEpochSecond() + 7_201)));
    }

    @Test
    void readsARoomOfMoreThanOnePage() {
        // A page ends at 1 MB of items, whatever is projected of them.
        String name = "x".repeat(60_000);
        for (int i = 0; i < 40; i++) {
            connect("c" + i, "p" + i);
            registry.join("lobby", new Member("p" + i, "c" + i, name, SPEAKER, 0, expiry()));
        }

        List<Member> members = registry.members("lobby");
        assertThat(members)
                .extracting(Member::connection)
                .doesNotHaveDuplicates()
                .hasSize(40);
        assertThat(members).extracting(Member::permissions).containsOnly(SPEAKER);
    }

    @Test
    void saysUnavailableWhereNobodyAnswers() {
        ConnectionRegistry nowhere = AwsPorts.from(Map.of(
                        "AWS_REGION", "eu-central-1",
                        "AWS_ENDPOINT_URL", "http://127.0.0.1:1",
                        "AWS_ACCESS_KEY_ID", "local",
                        "AWS_SECRET_ACCESS_KEY", "local"))
                .connectionRegistry(table, Clock.systemUTC());
        assertCode(ErrorCode.UNAVAILABLE, () -> nowhere.members("lobby"));
    }

    void connect(String connection, String participant) {
        registry.connect(new Connection(connection, participant, now.toEpochMilli(), expiry(), Set.of()));
    }

    void disconnect(String connection) {
        new Departure(registry, stream(), Clock.fixed(now, ZoneOffset.UTC)).disconnect(connection, null, null, "gone");
    }

    VoiceStream stream() {
        return record -> {
            records.add(record);
            return CompletableFuture.completedFuture(null);
        };
    }

    Member member(String participant, String connection) {
        return new Member(participant, connection, "Ann ☃", SPEAKER, 0, expiry());
    }

    long expiry() {
        return now.toEpochMilli() + 7_200_000;
    }

    List<Map<String, AttributeValue>> items() {
        return dynamo.scan(scan -> scan.tableName(table).consistentRead(true)).items();
    }

    static void assertCode(ErrorCode code, ThrowingCallable call) {
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
