package io.parley.local.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.aws.AwsPorts;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.port.RoomRegistry;
import io.parley.core.port.VoiceStream;
import io.parley.core.room.Connection;
import io.parley.core.room.Departure;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.RoomGrant;
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
import org.junit.jupiter.api.TestInstance;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;

/** A table that somebody serves, and our registries on it. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RegistryFixture {

    static final Permissions SPEAKER =
            Permissions.newBuilder().setSpeak(true).setListen(true).build();

    static final int MAX_MEMBERS = 100;
    static final int MAX_ROOMS = 4;

    final Instant now = Instant.ofEpochMilli(1_700_000_000_123L);
    final List<StreamRecord> records = Collections.synchronizedList(new ArrayList<>());
    Endpoint endpoint;
    DynamoDbClient dynamo;
    String table;
    ConnectionRegistry registry;
    RoomRegistry rooms;

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
        rooms = roomsAt(now);
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

    RoomRegistry roomsAt(Instant time) {
        return AwsPorts.from(endpoint.environment())
                .roomRegistry(table, MAX_MEMBERS, MAX_ROOMS, Clock.fixed(time, ZoneOffset.UTC));
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

    JoinRequest wish(String participant, String connection) {
        return new JoinRequest(participant, connection, expiry(), "Ann ☃", "hash-" + connection)
                .withGrant(RoomGrant.of(SPEAKER, 0));
    }

    Member join(String room, String participant, String connection) {
        return rooms.join(room, wish(participant, connection)).member();
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
