package io.parley.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Connection;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Member;
import io.parley.core.room.RoomGrant;
import io.parley.core.wire.Permissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.dynamodb.DynamoDbAsyncClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.CancellationReason;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemRequest;
import software.amazon.awssdk.services.dynamodb.model.DeleteItemResponse;
import software.amazon.awssdk.services.dynamodb.model.GetItemRequest;
import software.amazon.awssdk.services.dynamodb.model.GetItemResponse;
import software.amazon.awssdk.services.dynamodb.model.QueryRequest;
import software.amazon.awssdk.services.dynamodb.model.QueryResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsRequest;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItemsResponse;
import software.amazon.awssdk.services.dynamodb.model.TransactionCanceledException;
import software.amazon.awssdk.services.dynamodb.model.TransactionConflictException;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** What the registries do about lost races; that they are right about them is what their contract tests say. */
class RoomRacesTest {

    private final FakeDynamo dynamo = new FakeDynamo();
    private final MovableClock clock = new MovableClock();
    private final List<Integer> pauses = new ArrayList<>();
    private final ConnectionTable table = new ConnectionTable(dynamo, "connections", clock, pauses::add);
    private final DynamoConnectionRegistry registry = new DynamoConnectionRegistry(table);
    private final DynamoRoomRegistry rooms = new DynamoRoomRegistry(table, 100, 4);

    @Test
    void startsARoomsVersionsAtTheClocksMicroseconds() {
        assertThat(join()).isEqualTo(MovableClock.START_MS * 1_000);
        assertThat(pauses).isEmpty();
    }

    @Test
    void readsAgainAndTakesTheNextVersionAfterALostRace() {
        dynamo.metas.add(meta(41, 1));
        dynamo.metas.add(meta(42, 2));
        dynamo.cancellations.add(List.of("None", "None", "ConditionalCheckFailed"));

        assertThat(join()).isEqualTo(43);
        assertThat(dynamo.transactions).hasSize(2);
        assertThat(dynamo.metaWrite().expressionAttributeValues())
                .containsEntry(":old", AttributeValue.fromN("42"))
                .containsEntry(":new", AttributeValue.fromN("43"))
                .containsEntry(":members", AttributeValue.fromN("3"));
        assertThat(pauses).containsExactly(1);
    }

    @Test
    void triesAgainWhenAnotherTransactionIsUnderWay() {
        dynamo.metas.add(meta(41, 1));
        dynamo.metas.add(meta(41, 1));
        dynamo.cancellations.add(List.of("None", "None", "TransactionConflict"));

        assertThat(join()).isEqualTo(42);
        assertThat(pauses).containsExactly(1);
    }

    @Test
    void givesUpARaceThatIsLostTooOften() {
        for (int i = 0; i < ConnectionTable.MAX_ATTEMPTS; i++) {
            dynamo.cancellations.add(List.of("None", "None", "TransactionConflict"));
        }

        assertThatThrownBy(() -> join())
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
        assertThat(pauses).hasSize(ConnectionTable.MAX_ATTEMPTS - 1);
    }

    @Test
    void refusesAJoinOfAConnectionThatGoesMeanwhile() {
        dynamo.cancellations.add(List.of("ConditionalCheckFailed", "None", "None"));
        dynamo.goesAfterTransactions = 1;

        assertThatThrownBy(this::join)
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONNECTION_GONE));
        assertThat(dynamo.transactions).hasSize(1);
    }

    @Test
    void countsAMemberThatJoinsAgainOnce() {
        dynamo.metas.add(meta(41, 2));
        dynamo.own.add(RegistryItems.write("lobby", member("ann", "c1"), "hash", 0));

        join();
        assertThat(dynamo.metaWrite().expressionAttributeValues()).containsEntry(":members", AttributeValue.fromN("2"));
    }

    @Test
    void countsAnewWhereTheRoomHasExpired() {
        dynamo.metas.add(meta(41, 7));
        clock.advance(3_600_000);

        assertThat(join()).isEqualTo(42);
        assertThat(dynamo.metaWrite().expressionAttributeValues()).containsEntry(":members", AttributeValue.fromN("1"));
    }

    @Test
    void keepsARoomThatHoldsMoreThanMembers() {
        dynamo.members.add(RegistryItems.write("lobby", member("ann", "c1"), "hash", 0));
        dynamo.metas.add(Stream.of(meta(41, 1), Map.of("locked", AttributeValue.fromBool(true)))
                .flatMap(map -> map.entrySet().stream())
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));

        assertThat(registry.leave("lobby", "ann", "c1")).hasValue(42);
        assertThat(dynamo.transactions.get(0).transactItems().get(1).update().expressionAttributeValues())
                .containsEntry(":members", AttributeValue.fromN("0"));
    }

    @Test
    void leavesNothingWhereThereIsNoMember() {
        assertThat(registry.leave("lobby", "ann", "c1")).isEmpty();
        assertThat(dynamo.transactions).isEmpty();
    }

    @Test
    void forgetsAfterAJoinThatWasUnderWay() {
        dynamo.deletionConflicts = 2;

        assertThat(registry.forget("c1")).isPresent();
        assertThat(pauses).containsExactly(1, 2);
    }

    @Test
    void saysUnavailableWhenTheTableIsOutOfReach() {
        dynamo.away = true;

        assertThatThrownBy(() -> registry.leave("lobby", "ann", "c1"))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNAVAILABLE));
    }

    @Test
    void readsAMembershipByTwoReads() {
        dynamo.metas.add(meta(41, 1));
        dynamo.members.add(RegistryItems.write("lobby", member("ann", "c1"), "hash", 0));

        assertThat(rooms.membership("lobby", "ann", "c1").orElseThrow().controlVersion())
                .isEqualTo(41);
        assertThat(dynamo.reads).isEqualTo(2);
    }

    @Test
    void givesNoTwoMembersTheSameKeyWhateverTheirNames() {
        assertThat(List.of(
                        RegistryItems.memberKey("r", "a#b", "c"),
                        RegistryItems.memberKey("r", "a", "b#c"),
                        RegistryItems.memberKey("r", "a%23b", "c")))
                .doesNotHaveDuplicates();
    }

    private long join() {
        JoinRequest request = new JoinRequest("ann", "c1", MovableClock.START_MS + 7_200_000, "Ann", "hash")
                .withGrant(RoomGrant.of(Permissions.newBuilder().setSpeak(true).build(), 0));
        return rooms.join("lobby", request).member().controlVersion();
    }

    private static Member member(String participant, String connection) {
        return new Member(
                participant,
                connection,
                "Ann",
                Permissions.newBuilder().setSpeak(true).build(),
                0,
                MovableClock.START_MS + 7_200_000);
    }

    private static Map<String, AttributeValue> meta(long version, int members) {
        return Map.of(
                "pk", AttributeValue.fromS("ROOM#lobby"),
                "sk", AttributeValue.fromS("META"),
                "controlVersion", RegistryItems.number(version),
                "memberCount", RegistryItems.number(members),
                "expiresAt", RegistryItems.number(MovableClock.START_MS / 1_000 + 3_600));
    }

    /** Gives the items that were queued, else none; cancels as many transactions as it was told. */
    private static final class FakeDynamo implements DynamoDbAsyncClient {
        private final Queue<Map<String, AttributeValue>> metas = new ArrayDeque<>();
        private final Queue<Map<String, AttributeValue>> members = new ArrayDeque<>();
        private final Queue<List<String>> cancellations = new ArrayDeque<>();
        private final List<TransactWriteItemsRequest> transactions = new ArrayList<>();
        private final List<Map<String, AttributeValue>> own = new ArrayList<>();
        private int goesAfterTransactions = Integer.MAX_VALUE;
        private int reads;
        private int deletionConflicts;
        private boolean away;

        Update metaWrite() {
            return transactions
                    .get(transactions.size() - 1)
                    .transactItems()
                    .get(2)
                    .update();
        }

        @Override
        public CompletableFuture<GetItemResponse> getItem(GetItemRequest request) {
            if (away) {
                return CompletableFuture.failedFuture(SdkClientException.create("no route"));
            }
            assertThat(request.consistentRead()).isTrue();
            reads++;
            String key = request.key().get("pk").s() + request.key().get("sk").s();
            Map<String, AttributeValue> item = key.startsWith("CONN#")
                    ? connection()
                    : key.endsWith("META") ? metas.poll() : key.contains("MEMBER#") ? members.poll() : null;
            return CompletableFuture.completedFuture(GetItemResponse.builder()
                    .item(item == null ? Map.of() : item)
                    .build());
        }

        private Map<String, AttributeValue> connection() {
            return transactions.size() >= goesAfterTransactions
                    ? null
                    : RegistryItems.write(new Connection("c1", "ann", 1, MovableClock.START_MS + 7_200_000, Set.of()));
        }

        @Override
        public CompletableFuture<QueryResponse> query(QueryRequest request) {
            return CompletableFuture.completedFuture(
                    QueryResponse.builder().items(own).build());
        }

        @Override
        public CompletableFuture<TransactWriteItemsResponse> transactWriteItems(TransactWriteItemsRequest request) {
            transactions.add(request);
            List<String> codes = cancellations.poll();
            if (codes == null) {
                return CompletableFuture.completedFuture(
                        TransactWriteItemsResponse.builder().build());
            }
            return CompletableFuture.failedFuture(TransactionCanceledException.builder()
                    .cancellationReasons(codes.stream()
                            .map(code -> CancellationReason.builder().code(code).build())
                            .collect(Collectors.toList()))
                    .build());
        }

        @Override
        public CompletableFuture<DeleteItemResponse> deleteItem(DeleteItemRequest request) {
            if (deletionConflicts-- > 0) {
                return CompletableFuture.failedFuture(
                        TransactionConflictException.builder().build());
            }
            return CompletableFuture.completedFuture(DeleteItemResponse.builder()
                    .attributes(Map.of(
                            "pk", AttributeValue.fromS("CONN#c1"),
                            "participant", AttributeValue.fromS("ann"),
                            "connectedAt", AttributeValue.fromN("1"),
                            "expiresAt", AttributeValue.fromN("2")))
                    .build());
        }

        @Override
        public String serviceName() {
            return SERVICE_NAME;
        }

        @Override
        public void close() {}
    }
}
