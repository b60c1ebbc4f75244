package io.parley.aws;

import static io.parley.aws.RegistryItems.number;

import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;
import software.amazon.awssdk.services.dynamodb.model.Update;

/** A room's META as it was read, and the writes that hold only as long as nobody has written it since. */
final class RoomMeta {

    private static final String ABSENT = "attribute_not_exists(pk)";
    private static final String UNCHANGED = "controlVersion = :old";

    private final Map<String, AttributeValue> item;

    private RoomMeta(Map<String, AttributeValue> item) {
        this.item = item;
    }

    /** @param item empty where there is none */
    static RoomMeta read(Map<String, AttributeValue> item) {
        return new RoomMeta(item);
    }

    private boolean exists() {
        return !item.isEmpty();
    }

    /** One up; of a room without META the clock's microseconds, which is above all that the room had before. */
    long nextVersion(long nowMs) {
        return exists() ? number(item, RegistryItems.CONTROL_VERSION) + 1 : Math.max(1, nowMs * 1_000);
    }

    /** Members after one more; what an expired META counts has expired with it. */
    private long membersAfterJoin(boolean rejoins, long nowMs) {
        if (!exists() || RegistryItems.isExpired(item, nowMs)) {
            return 1;
        }
        return number(item, RegistryItems.MEMBER_COUNT) + (rejoins ? 0 : 1);
    }

    TransactWriteItem afterJoin(String table, String room, boolean rejoins, long memberExpiresAtMs, long nowMs) {
        long expiresAt = RegistryItems.seconds(memberExpiresAtMs);
        if (exists()) {
            expiresAt = Math.max(expiresAt, number(item, RegistryItems.EXPIRES_AT));
        }
        return update(
                table,
                room,
                "SET controlVersion = :new, memberCount = :members, expiresAt = :expiresAt",
                Map.of(
                        ":new", number(nextVersion(nowMs)),
                        ":members", number(membersAfterJoin(rejoins, nowMs)),
                        ":expiresAt", number(expiresAt)));
    }

    /** META goes with the last member, unless it holds what is to outlive the members. */
    TransactWriteItem afterLeave(String table, String room, long nowMs) {
        if (!exists()) {
            return TransactWriteItem.builder()
                    .conditionCheck(ConditionCheck.builder()
                            .tableName(table)
                            .key(RegistryItems.roomKey(room))
                            .conditionExpression(ABSENT)
                            .build())
                    .build();
        }
        long members = Math.max(0, number(item, RegistryItems.MEMBER_COUNT) - 1);
        if (members == 0 && RegistryItems.PLAIN_ROOM.containsAll(item.keySet())) {
            return TransactWriteItem.builder()
                    .delete(Delete.builder()
                            .tableName(table)
                            .key(RegistryItems.roomKey(room))
                            .conditionExpression(UNCHANGED)
                            .expressionAttributeValues(Map.of(":old", item.get(RegistryItems.CONTROL_VERSION)))
                            .build())
                    .build();
        }
        return update(
                table,
                room,
                "SET controlVersion = :new, memberCount = :members",
                Map.of(":new", number(nextVersion(nowMs)), ":members", number(members)));
    }

    private TransactWriteItem update(
            String table, String room, String expression, Map<String, AttributeValue> expressionValues) {
        Map<String, AttributeValue> values = new HashMap<>(expressionValues);
        if (exists()) {
            values.put(":old", item.get(RegistryItems.CONTROL_VERSION));
        }
        return TransactWriteItem.builder()
                .update(Update.builder()
                        .tableName(table)
                        .key(RegistryItems.roomKey(room))
                        .updateExpression(expression)
                        .conditionExpression(exists() ? UNCHANGED : ABSENT)
                        .expressionAttributeValues(values)
                        .build())
                .build();
    }
}
