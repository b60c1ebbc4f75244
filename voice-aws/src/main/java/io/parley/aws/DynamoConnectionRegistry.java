package io.parley.aws;

import static io.parley.aws.RegistryItems.number;
import static io.parley.aws.RegistryItems.text;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import io.parley.core.room.RoomId;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Supplier;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DynamoDbException;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.Put;
import software.amazon.awssdk.services.dynamodb.model.PutItemRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.ReturnValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.TransactionInProgressException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/**
 * Connections and rooms in one DynamoDB table ({@link RegistryItems}).
 *
 * <p>A transaction cannot say what it wrote. So a change reads the room's META consistently, decides the next
 * controlVersion and the member count, and writes them with the member in one transaction on condition that META still
 * has the version that was read; whoever comes second reads again, after a pause that grows and varies. A change that
 * loses {@value #MAX_ATTEMPTS} times is given up as {@code UNAVAILABLE}: a room takes a few dozen changes a second.
 *
 * <p>A room's versions begin at the clock's microseconds when its first member comes and its META goes with its last
 * member. A room that comes again begins above where it ended, unless it saw a thousand changes a millisecond, or the
 * writers' clocks differ by longer than the room was empty. An empty registry is an empty table.
 *
 * <p>Time to live is for cleaning up only: whatever is past its {@code expiresAt} is not there for any reader.
 * Blocks the caller; refuses to be called on the AWS clients' own I/O threads.
 */
public final class DynamoConnectionRegistry implements ConnectionRegistry {

    static final int MAX_ATTEMPTS = 20;

    private static final String CONDITION_FAILED = "ConditionalCheckFailed";
    private static final Set<String> CONTENTION =
            Set.of("None", CONDITION_FAILED, "TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded");

    private final DynamoDbAsyncClient dynamo;
    private final String table;
    private final Clock clock;
    private final RetryPause pause;

    public DynamoConnectionRegistry(DynamoDbAsyncClient dynamo, String table, Clock clock) {
        this(dynamo, table, clock, RetryPause.random());
    }

    DynamoConnectionRegistry(DynamoDbAsyncClient dynamo, String table, Clock clock, RetryPause pause) {
        this.dynamo = Objects.requireNonNull(dynamo);
        this.table = Objects.requireNonNull(table);
        this.clock = Objects.requireNonNull(clock);
        this.pause = Objects.requireNonNull(pause);
    }

    @Override
    public void connect(Connection connection) {
        await(dynamo.putItem(PutItemRequest.builder()
                .tableName(table)
                .item(RegistryItems.write(connection))
                .build()));
    }

    @Override
    public Optional<Connection> forget(String connection) {
        DeleteItemRequest request = DeleteItemRequest.builder()
                .tableName(table)
                .key(RegistryItems.connectionKey(connection))
                .returnValues(ReturnValue.ALL_OLD)
                .build();
        // An expired one is given too: its rooms still have to be left.
        return untilUncontended(
                () -> item(await(dynamo.deleteItem(request)).attributes()).map(RegistryItems::readConnection));
    }

    @Override
    public Optional<Connection> connection(String connection) {
        return item(await(get(RegistryItems.connectionKey(connection))))
                .filter(this::isAlive)
                .map(RegistryItems::readConnection);
    }

    @Override
    public Member join(String room, Member member) {
        requireRoom(room);
        return untilUncontended(() -> tryJoin(room, member));
    }

    private Member tryJoin(String room, Member member) {
        long nowMs = clock.millis();
        Map<String, AttributeValue> memberKey =
                RegistryItems.memberKey(room, member.participant(), member.connection());
        CompletableFuture<Map<String, AttributeValue>> metaRead = get(RegistryItems.roomKey(room));
        boolean rejoins = !await(get(memberKey)).isEmpty();
        RoomMeta meta = RoomMeta.read(await(metaRead));

        Member written = member.withControlVersion(meta.nextVersion(nowMs));
        Update addRoom = Update.builder()
                .tableName(table)
                .key(RegistryItems.connectionKey(member.connection()))
                .updateExpression("ADD rooms :room")
                .conditionExpression("attribute_exists(pk) AND participant = :participant AND expiresAt > :now")
                .expressionAttributeValues(Map.of(
                        ":room", AttributeValue.fromSs(List.of(room)),
                        ":participant", text(member.participant()),
                        ":now", number(nowMs / 1_000)))
                .build();
        Put putMember = Put.builder()
                .tableName(table)
                .item(RegistryItems.write(room, written))
                .conditionExpression(rejoins ? "attribute_exists(pk)" : "attribute_not_exists(pk)")
                .build();
        try {
            transact(List.of(
                    TransactWriteItem.builder().update(addRoom).build(),
                    TransactWriteItem.builder().put(putMember).build(),
                    meta.afterJoin(table, room, rejoins, member.expiresAtMs(), nowMs)));
        } catch (TransactionCanceledException e) {
            if (CONDITION_FAILED.equals(e.cancellationReasons().get(0).code())) {
                throw new ParleyException(ErrorCode.CONNECTION_GONE, member.connection() + " is not connected");
            }
            throw e;
        }
        return written;
    }

    @Override
    public OptionalLong leave(String room, String participant, String connection) {
        requireRoom(room);
        return untilUncontended(() -> tryLeave(room, participant, connection));
    }

    private OptionalLong tryLeave(String room, String participant, String connection) {
        Map<String, AttributeValue> memberKey = RegistryItems.memberKey(room, participant, connection);
        Map<String, AttributeValue> connectionKey = RegistryItems.connectionKey(connection);
        CompletableFuture<Map<String, AttributeValue>> metaRead = get(RegistryItems.roomKey(room));
        CompletableFuture<Map<String, AttributeValue>> connectionRead = get(connectionKey);
        if (await(get(memberKey)).isEmpty()) {
            return OptionalLong.empty();
        }
        RoomMeta meta = RoomMeta.read(await(metaRead));
        long nowMs = clock.millis();
        List<TransactWriteItem> writes = new ArrayList<>(3);
        writes.add(TransactWriteItem.builder()
                .delete(Delete.builder()
                        .tableName(table)
                        .key(memberKey)
                        .conditionExpression("attribute_exists(pk)")
                        .build())
                .build());
        writes.add(meta.afterLeave(table, room, nowMs));
        if (!await(connectionRead).isEmpty()) {
            writes.add(TransactWriteItem.builder()
                    .update(Update.builder()
                            .tableName(table)
                            .key(connectionKey)
                            .updateExpression("DELETE rooms :room")
                            .conditionExpression("attribute_exists(pk)")
                            .expressionAttributeValues(Map.of(":room", AttributeValue.fromSs(List.of(room))))
                            .build())
                    .build());
        }
        transact(writes);
        return OptionalLong.of(meta.nextVersion(nowMs));
    }

    /** A consistent read, so that the first chunk after a join finds its member. */
    @Override
    public Optional<Member> member(String room, String participant, String connection) {
        return item(await(get(RegistryItems.memberKey(room, participant, connection))))
                .filter(this::isAlive)
                .map(RegistryItems::readMember);
    }

    /** Without display names: a post needs none, and they would be most of what is read. */
    @Override
    public List<Member> members(String room) {
        List<Member> members = new ArrayList<>();
        Map<String, AttributeValue> last = null;
        do {
            QueryResponse page = await(dynamo.query(QueryRequest.builder()
                    .tableName(table)
                    .consistentRead(true)
                    .keyConditionExpression("pk = :room AND begins_with(sk, :member)")
                    .filterExpression("expiresAt > :now")
                    .projectionExpression(RegistryItems.MEMBER_PROJECTION)
                    .expressionAttributeNames(Map.of("#connection", "connection"))
                    .expressionAttributeValues(Map.of(
                            ":room", text(RegistryItems.roomPartition(room)),
                            ":member", text(RegistryItems.MEMBER_PREFIX),
                            ":now", number(clock.millis() / 1_000)))
                    .exclusiveStartKey(last)
                    .build()));
            page.items().forEach(item -> members.add(RegistryItems.readMember(item)));
            last = page.hasLastEvaluatedKey() ? page.lastEvaluatedKey() : null;
        } while (last != null && !last.isEmpty());
        return members;
    }

    private CompletableFuture<Map<String, AttributeValue>> get(Map<String, AttributeValue> key) {
        return dynamo.getItem(GetItemRequest.builder()
                        .tableName(table)
                        .key(key)
                        .consistentRead(true)
                        .build())
                .thenApply(answer -> answer.item());
    }

    private void transact(List<TransactWriteItem> writes) {
        await(dynamo.transactWriteItems(
                TransactWriteItemsRequest.builder().transactItems(writes).build()));
    }

    /** Repeats the change while others write the same items. */
    private <T> T untilUncontended(Supplier<T> change) {
        for (int attempt = 1; ; attempt++) {
            try {
                return change.get();
            } catch (TransactionCanceledException | TransactionConflictException | TransactionInProgressException e) {
                if (!isContention(e)) {
                    throw e;
                }
                if (attempt == MAX_ATTEMPTS) {
                    throw new ParleyException(
                            ErrorCode.UNAVAILABLE, "lost " + MAX_ATTEMPTS + " races: " + e.getMessage());
                }
            }
            pause.before(attempt);
        }
    }

    /** Amazon DynamoDB API reference, TransactWriteItems: the cancellation reasons. */
    private static boolean isContention(DynamoDbException failure) {
        return !(failure instanceof TransactionCanceledException)
                || ((TransactionCanceledException) failure)
                        .cancellationReasons().stream().allMatch(reason -> CONTENTION.contains(reason.code()));
    }

    private boolean isAlive(Map<String, AttributeValue> item) {
        return !RegistryItems.isExpired(item, clock.millis());
    }

    private static Optional<Map<String, AttributeValue>> item(Map<String, AttributeValue> attributes) {
        return attributes == null || attributes.isEmpty() ? Optional.empty() : Optional.of(attributes);
    }

    private static void requireRoom(String room) {
        if (!RoomId.isValid(room)) {
            throw new ParleyException(ErrorCode.BAD_ROOM, "room of " + room.length() + " characters");
        }
    }

    private static <T> T await(CompletableFuture<T> call) {
        IoThreads.refuseBlocking("the connection registry");
        try {
            return call.join();
        } catch (CompletionException e) {
            throw ServiceFailure.translate("dynamodb", e);
        }
    }
}
