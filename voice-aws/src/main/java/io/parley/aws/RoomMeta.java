package io.parley.aws;

import static io.parley.aws.RegistryItems.number;

import io.parley.core.room.RoomSetting;
import io.parley.core.room.RoomSettings;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.StringJoiner;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionCheck;
import software.amazon.awssdk.services.dynamodb.model.Delete;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * A room's META as it was read, and the write that holds only as long as nobody has written it since.
 *
 * <p>It goes with the room's last member, or, where settings are not as by default, {@link #KEPT} after it was last
 * written. It counts members that have expired until somebody counts anew.
 */
final class RoomMeta {

    /** How long what was chosen for a room, or in it, outlives its last change. */
    static final Duration KEPT = Duration.ofDays(30);

    private static final String ABSENT = "attribute_not_exists(pk)";
    private static final String UNCHANGED = "controlVersion = :old";

    private final Map<String, AttributeValue> item;
    private final RoomSettings settings;
    private final long nowMs;

    private RoomMeta(Map<String, AttributeValue> item, RoomSettings settings, long nowMs) {
        this.item = item;
        this.settings = settings;
        this.nowMs = nowMs;
    }

    /** @param item empty where there is none; one that has expired says nothing but its version */
    static RoomMeta read(Map<String, AttributeValue> item, long nowMs) {
        if (item.isEmpty() || RegistryItems.isExpired(item, nowMs)) {
            return new RoomMeta(item, RoomSettings.DEFAULT, nowMs);
        }
        Map<RoomSetting, Boolean> set = new EnumMap<>(RoomSetting.class);
        for (RoomSetting setting : RoomSetting.values()) {
            if (item.containsKey(setting.key())) {
                set.put(setting, RegistryItems.isSet(item, setting.key()));
            }
        }
        return new RoomMeta(item, RoomSettings.DEFAULT.with(set), nowMs);
    }

    private boolean exists() {
        return !item.isEmpty();
    }

    private boolean isAlive() {
        return exists() && !RegistryItems.isExpired(item, nowMs);
    }

    RoomSettings settings() {
        return settings;
    }

    /** The version that it has; 0 where there is none. */
    long version() {
        return exists() ? number(item, RegistryItems.CONTROL_VERSION) : 0;
    }

    /** One up; of a room without META the clock's microseconds, which is above all that the room had before. */
    long nextVersion() {
        return exists() ? version() + 1 : Math.max(1, nowMs * 1_000);
    }

    /** How many members it counts; what an expired META counts has expired with it. */
    long members() {
        return isAlive() ? number(item, RegistryItems.MEMBER_COUNT) : 0;
    }

    /** The next version, with so many members. */
    TransactWriteItem write(ConnectionTable table, String room, long members) {
        return write(table, room, members, settings, 0);
    }

    /** @param expiresAtMs at least that long there are members; 0 where none was added */
    TransactWriteItem write(
            ConnectionTable table, String room, long members, RoomSettings newSettings, long expiresAtMs) {
        if (members <= 0 && newSettings.isDefault()) {
            return exists() ? delete(table, room) : checkAbsent(table, room);
        }
        Map<String, AttributeValue> values = new HashMap<>();
        StringJoiner set = new StringJoiner(", ", "SET ", "");
        StringJoiner remove = new StringJoiner(", ", " REMOVE ", "").setEmptyValue("");
        set.add("controlVersion = :new").add("memberCount = :members").add("expiresAt = :expiresAt");
        for (RoomSetting setting : RoomSetting.values()) {
            boolean on = newSettings.is(setting);
            if (on == setting.byDefault()) {
                remove.add(setting.key());
            } else {
                set.add(setting.key() + " = :" + setting.key());
                values.put(":" + setting.key(), RegistryItems.flag(on));
            }
        }
        values.put(":new", number(nextVersion()));
        values.put(":members", number(Math.max(0, members)));
        values.put(":expiresAt", number(expiresAt(newSettings, expiresAtMs)));
        if (exists()) {
            values.put(":old", item.get(RegistryItems.CONTROL_VERSION));
        }
        return table.update(
                RegistryItems.roomKey(room), set.toString() + remove, exists() ? UNCHANGED : ABSENT, values);
    }

    private long expiresAt(RoomSettings newSettings, long expiresAtMs) {
        long expiresAt = RegistryItems.seconds(expiresAtMs);
        if (exists()) {
            expiresAt = Math.max(expiresAt, number(item, RegistryItems.EXPIRES_AT));
        }
        return newSettings.isDefault()
                ? expiresAt
                : Math.max(expiresAt, RegistryItems.seconds(nowMs + KEPT.toMillis()));
    }

    private TransactWriteItem delete(ConnectionTable table, String room) {
        return TransactWriteItem.builder()
                .delete(Delete.builder()
                        .tableName(table.name())
                        .key(RegistryItems.roomKey(room))
                        .conditionExpression(UNCHANGED)
                        .expressionAttributeValues(Map.of(":old", item.get(RegistryItems.CONTROL_VERSION)))
                        .build())
                .build();
    }

    private static TransactWriteItem checkAbsent(ConnectionTable table, String room) {
        return TransactWriteItem.builder()
                .conditionCheck(ConditionCheck.builder()
                        .tableName(table.name())
                        .key(RegistryItems.roomKey(room))
                        .conditionExpression(ABSENT)
                        .build())
                .build();
    }
}
