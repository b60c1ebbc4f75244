package io.parley.aws;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import io.parley.core.room.RoomId;
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
 * ROOM#id      META                               controlVersion, memberCount, expiresAt (see {@link RoomMeta}), and the settings
 *                                                 that are not as by default: locked, pushToTalk, roomMuted, recording
 * ROOM#id      MEMBER#participant#connection      participant, connection, name, client (absent if empty), resumeHash, speak, listen,
 *                                                 moderate, record, mayPublish, mayListen, grantUntil (ms; 0 as long as
 *                                                 the connection), controlVersion, expiresAt; saidCount texts in
 *                                                 saidSecond (s)
 * ROOM#id      STANDING#participant               see {@link RoomStanding}
 * ROOM#id      BAN#participant                    until (ms; 0 for good), reason, by, expiresAt
 * TICKET#id    USED                               connection, usedAt (ms), expiresAt
 * </pre>
 *
 * <p>Of a member {@code speak} and {@code listen} are what its grant and its standing leave; what the room's mute takes
 * away is not taken from it, since that would be a write for every member.
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

    static final String RESUME_HASH = "resumeHash";
    static final String GRANT_UNTIL = "grantUntil";

    /** What a post to a member needs; the display name is left out. */
    static final String MEMBER_PROJECTION =
            "participant, #connection, client, speak, listen, moderate, controlVersion, expiresAt";

    /** The last second of the year 9999: what has no end. */
    private static final long NEVER = 253_402_300_799L;

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
        return Map.of(PK, text(roomPartition(room)), SK, text(membersPrefix(participant) + connection));
    }

    /** What the sort keys of all connections of a participant in a room begin with. */
    static String membersPrefix(String participant) {
        return MEMBER_PREFIX + escape(participant) + '#';
    }

    static Map<String, AttributeValue> standingKey(String room, String participant) {
        return Map.of(PK, text(roomPartition(room)), SK, text("STANDING#" + escape(participant)));
    }

    static Map<String, AttributeValue> banKey(String room, String participant) {
        return Map.of(PK, text(roomPartition(room)), SK, text("BAN#" + escape(participant)));
    }

    static Map<String, AttributeValue> ticketKey(String id) {
        return Map.of(PK, text("TICKET#" + id), SK, text("USED"));
    }

    private static String escape(String participant) {
        return participant.replace("%", "%25").replace("#", "%23");
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

    /** @param grantUntilMs 0: as long as the connection */
    static Map<String, AttributeValue> write(String room, Member member, String resumeHash, long grantUntilMs) {
        Map<String, AttributeValue> item = new HashMap<>(memberKey(room, member.participant(), member.connection()));
        item.put("participant", text(member.participant()));
        item.put("connection", text(member.connection()));
        item.put("name", text(member.displayName()));
        if (!member.client().isEmpty()) {
            item.put("client", text(member.client()));
        }
        item.put(RESUME_HASH, text(resumeHash));
        item.put("speak", flag(member.permissions().getSpeak()));
        item.put("listen", flag(member.permissions().getListen()));
        item.put("moderate", flag(member.grant().getModerate()));
        item.put("record", flag(member.grant().getRecord()));
        item.put("mayPublish", flag(member.grant().getSpeak()));
        item.put("mayListen", flag(member.grant().getListen()));
        item.put(GRANT_UNTIL, number(grantUntilMs));
        item.put(CONTROL_VERSION, number(member.controlVersion()));
        item.put(EXPIRES_AT, number(seconds(member.expiresAtMs())));
        return item;
    }

    /** Of an item that was read in part, or that an earlier version wrote, the grant is what it may do. */
    static Member readMember(Map<String, AttributeValue> item) {
        Permissions permissions = Permissions.newBuilder()
                .setSpeak(isSet(item, "speak"))
                .setListen(isSet(item, "listen"))
                .setModerate(isSet(item, "moderate"))
                .setRecord(isSet(item, "record"))
                .build();
        Permissions grant = item.containsKey("mayPublish")
                ? permissions.toBuilder()
                        .setSpeak(isSet(item, "mayPublish"))
                        .setListen(isSet(item, "mayListen"))
                        .build()
                : permissions;
        return new Member(
                item.get("participant").s(),
                item.get("connection").s(),
                textOr(item, "name", ""),
                permissions,
                grant,
                textOr(item, "client", ""),
                number(item, CONTROL_VERSION),
                number(item, EXPIRES_AT) * 1_000);
    }

    /** @param untilMs 0: for good */
    static Map<String, AttributeValue> ban(String room, String participant, long untilMs, String reason, String by) {
        Map<String, AttributeValue> item = new HashMap<>(banKey(room, participant));
        item.put("until", number(untilMs));
        item.put("reason", text(reason));
        item.put("by", text(by));
        item.put(EXPIRES_AT, number(untilMs == 0 ? NEVER : seconds(untilMs)));
        return item;
    }

    static Map<String, AttributeValue> usedTicket(String id, String connection, long usedAtMs, long expiresAtMs) {
        Map<String, AttributeValue> item = new HashMap<>(ticketKey(id));
        item.put("connection", text(connection));
        item.put("usedAt", number(usedAtMs));
        item.put(EXPIRES_AT, number(seconds(expiresAtMs)));
        return item;
    }

    static void requireRoom(String room) {
        if (!RoomId.isValid(room)) {
            throw new ParleyException(ErrorCode.BAD_ROOM, "room of " + room.length() + " characters");
        }
    }

    static boolean isSet(Map<String, AttributeValue> item, String name) {
        AttributeValue value = item.get(name);
        return value != null && Boolean.TRUE.equals(value.bool());
    }

    static String textOr(Map<String, AttributeValue> item, String name, String absent) {
        AttributeValue value = item.get(name);
        return value == null ? absent : value.s();
    }

    static long numberOr(Map<String, AttributeValue> item, String name, long absent) {
        return item.containsKey(name) ? number(item, name) : absent;
    }

    static AttributeValue flag(boolean value) {
        return AttributeValue.fromBool(value);
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
