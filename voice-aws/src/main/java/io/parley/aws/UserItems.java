package io.parley.aws;

import static io.parley.aws.RegistryItems.EXPIRES_AT;
import static io.parley.aws.RegistryItems.PK;
import static io.parley.aws.RegistryItems.SK;
import static io.parley.aws.RegistryItems.number;
import static io.parley.aws.RegistryItems.text;

import io.parley.core.room.Connection;
import io.parley.core.room.Suspension;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/**
 * The items of the connections table that are about a user:
 *
 * <pre>
 * pk                  sk                 attributes
 * USER#participant    CONN#connection    expiresAt (the connection's)
 * USER#participant    SUSPENSION         until (ms; 0: until it is lifted), reason, expiresAt
 * </pre>
 *
 * <p>A user's connection is written with the connection's own item, and removed after it.
 */
final class UserItems {

    static final String UNTIL = "until";
    static final String CONNECTION_PREFIX = "CONN#";

    /** What ends only when it is lifted has to name a time as well, as all items do. */
    private static final long FOR_GOOD_SECONDS = Duration.ofDays(100 * 365).toSeconds();

    private UserItems() {}

    static String partition(String participant) {
        return "USER#" + participant;
    }

    static Map<String, AttributeValue> connectionKey(String participant, String connection) {
        return Map.of(PK, text(partition(participant)), SK, text(CONNECTION_PREFIX + connection));
    }

    static Map<String, AttributeValue> write(Connection connection) {
        Map<String, AttributeValue> item = new HashMap<>(connectionKey(connection.participant(), connection.id()));
        item.put(EXPIRES_AT, number(RegistryItems.seconds(connection.expiresAtMs())));
        return item;
    }

    static String readConnection(Map<String, AttributeValue> item) {
        return item.get(SK).s().substring(CONNECTION_PREFIX.length());
    }

    static Map<String, AttributeValue> suspensionKey(String participant) {
        return Map.of(PK, text(partition(participant)), SK, text("SUSPENSION"));
    }

    static Map<String, AttributeValue> write(String participant, Suspension suspension, long nowMs) {
        Map<String, AttributeValue> item = new HashMap<>(suspensionKey(participant));
        item.put(UNTIL, number(suspension.untilMs()));
        item.put("reason", text(suspension.reason()));
        item.put(
                EXPIRES_AT,
                number(
                        suspension.untilMs() == 0
                                ? RegistryItems.seconds(nowMs) + FOR_GOOD_SECONDS
                                : RegistryItems.seconds(suspension.untilMs())));
        return item;
    }

    static Suspension readSuspension(Map<String, AttributeValue> item) {
        return new Suspension(number(item, UNTIL), item.get("reason").s());
    }
}
