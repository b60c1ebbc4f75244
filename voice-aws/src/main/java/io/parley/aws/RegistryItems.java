package io.parley.aws;

import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import io.parley.core.wire.Permissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of the connections table (string keys {@code pk} and {@code sk}, ttl attribute {@code expiresAt}):
 *
 * <pre>
 * pk           sk                                 attributes
 * CONN#id      META                               participant, connectedAt (ms), rooms (string set; absent if none), expiresAt
 * ROOM#id      META                               controlVersion, memberCount, expiresAt (the latest of its members)
 * ROOM#id      MEMBER#participant#connection      participant, connection, name, speak, listen, moderate, controlVersion, expiresAt
 * </pre>
 *
 * <p>{@code expiresAt} is in seconds, as DynamoDB's time to live asks, rounded up. Room ids have no {@code #}; in a
 * participant's name {@code #} and {@code %} are written {@code %23} and {@code %25}, so that no two members share a
 * key whatever an identity provider calls its users; the connection comes last and needs no escape.
 */
final class RegistryItems {

    static final String PK = "pk";
    static final String SK = "sk";
    static final String META = "META";
    static final String MEMBER_PREFIX = "MEMBER#";
    static final String EXPIRES_AT = "expiresAt";
    static final String CONTROL_VERSION = "controlVersion";
    static final String MEMBER_COUNT = "memberCount";
    static final String ROOMS = "rooms";

    /** What a META of a room holds when nothing but its members keeps it. */
    static final Set<String> PLAIN_ROOM = Set.of(PK, SK, CONTROL_VERSION, MEMBER_COUNT, EXPIRES_AT);

    /** What a post to a member needs; the display name is left out. */
    static final String MEMBER_PROJECTION =
            "participant, #connection, speak, listen, moderate, controlVersion, expiresAt";

    private RegistryItems() {}

    static Map<String, AttributeValue> connectionKey(String connection) {
        return Map.of(PK, text("CONN#" + connection), SK, text(META));
    }

    static String roomPartition(String room) {
        return "ROOM#" + room;
    }

    static Map<String, AttributeValue> roomKey(String room) {
        return Map.of(PK, text(roomPartition(room)), SK, text(META));
    }

    static Map<String, AttributeValue> memberKey(String room, String participant, String connection) {
        String escaped = participant.replace("%", "%25").replace("#", "%23");
        return Map.of(PK, text(roomPartition(room)), SK, text(MEMBER_PREFIX + escaped + '#' + connection));
    }

    static Map<String, AttributeValue> write(Connection connection) {
        Map<String, AttributeValue> item = new HashMap<>(connectionKey(connection.id()));
        item.put("participant", text(connection.participant()));
        item.put("connectedAt", number(connection.connectedAtMs()));
        item.put(EXPIRES_AT, number(seconds(connection.expiresAtMs())));
        if (!connection.rooms().isEmpty()) {
            item.put(ROOMS, AttributeValue.fromSs(new ArrayList<>(connection.rooms())));
        }
        return item;
    }

    static Connection readConnection(Map<String, AttributeValue> item) {
        AttributeValue rooms = item.get(ROOMS);
        return new Connection(
                item.get(PK).s().substring("CONN#".length()),
                item.get("participant").s(),
                number(item, "connectedAt"),
                number(item, EXPIRES_AT) * 1_000,
                rooms == null ? Set.of() : Set.copyOf(rooms.ss()));
    }

    static Map<String, AttributeValue> write(String room, Member member) {
        Map<String, AttributeValue> item = new HashMap<>(memberKey(room, member.participant(), member.connection()));
        item.put("participant", text(member.participant()));
        item.put("connection", text(member.connection()));
        item.put("name", text(member.displayName()));
        item.put("speak", AttributeValue.fromBool(member.permissions().getSpeak()));
        item.put("listen", AttributeValue.fromBool(member.permissions().getListen()));
        item.put("moderate", AttributeValue.fromBool(member.permissions().getModerate()));
        item.put(CONTROL_VERSION, number(member.controlVersion()));
        item.put(EXPIRES_AT, number(seconds(member.expiresAtMs())));
        return item;
    }

    static Member readMember(Map<String, AttributeValue> item) {
        AttributeValue name = item.get("name");
        return new Member(
                item.get("participant").s(),
                item.get("connection").s(),
                name == null ? "" : name.s(),
                Permissions.newBuilder()
                        .setSpeak(item.get("speak").bool())
                        .setListen(item.get("listen").bool())
                        .setModerate(item.get("moderate").bool())
                        .build(),
                number(item, CONTROL_VERSION),
                number(item, EXPIRES_AT) * 1_000);
    }

    static boolean isExpired(Map<String, AttributeValue> item, long nowMs) {
        return number(item, EXPIRES_AT) * 1_000 <= nowMs;
    }

    static long number(Map<String, AttributeValue> item, String name) {
        return Long.parseLong(item.get(name).n());
    }

    static AttributeValue number(long value) {
        return AttributeValue.fromN(Long.toString(value));
    }

    static AttributeValue text(String value) {
        return AttributeValue.fromS(value);
    }

    static long seconds(long ms) {
        return Math.floorDiv(ms + 999, 1_000L);
    }
}
