package io.parley.aws;

import static io.parley.aws.RegistryItems.number;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.Actor;
import io.parley.core.room.OwnChoice;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.Presence;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TransactWriteItem;

/**
 * What was decided about a participant in a room, whether or not it is in it: an item that stays
 * {@link RoomMeta#KEPT} after its last change. Written only together with the room's META, whose version guards it.
 *
 * <pre>
 * muted, selfMuted, deafened   flags; absent: false
 * blocked                      string set of participants; absent: none
 * removedAt                    ms, when the game or the operator last took it out
 * numbers                      list of texts "n connection kind": the last number of each, the most recently written last
 * expiresAt
 * </pre>
 */
final class RoomStanding {

    static final int MAX_BLOCKED = 100;
    /** Messages that overtake each other are seconds apart, so the oldest numbers can be forgotten. */
    static final int MAX_NUMBERS = 128;

    private static final String MUTED = "muted";
    private static final String SELF_MUTED = "selfMuted";
    private static final String DEAFENED = "deafened";
    private static final String BLOCKED = "blocked";
    private static final String REMOVED_AT = "removedAt";
    private static final String NUMBERS = "numbers";

    private final String room;
    private final String participant;
    private final Set<String> blocked = new TreeSet<>();
    private final List<String> numbers = new ArrayList<>();
    private boolean muted;
    private boolean selfMuted;
    private boolean deafened;
    private long removedAtMs;

    /** @param item empty where there is none, or none any more */
    RoomStanding(String room, String participant, Map<String, AttributeValue> item) {
        this.room = room;
        this.participant = participant;
        muted = RegistryItems.isSet(item, MUTED);
        selfMuted = RegistryItems.isSet(item, SELF_MUTED);
        deafened = RegistryItems.isSet(item, DEAFENED);
        removedAtMs = RegistryItems.numberOr(item, REMOVED_AT, 0);
        if (item.containsKey(BLOCKED)) {
            blocked.addAll(item.get(BLOCKED).ss());
        }
        if (item.containsKey(NUMBERS)) {
            item.get(NUMBERS).l().forEach(number -> numbers.add(number.s()));
        }
    }

    /** What is left of a grant, but for the room's settings. */
    Permissions limit(Permissions grant) {
        return grant.toBuilder()
                .setSpeak(grant.getSpeak() && !muted && !selfMuted)
                .setListen(grant.getListen() && !deafened)
                .build();
    }

    Presence presence() {
        return Presence.newBuilder()
                .setMuted(muted)
                .setSelfMuted(selfMuted)
                .setDeafened(deafened)
                .build();
    }

    boolean isMuted() {
        return muted;
    }

    Set<String> blocked() {
        return new LinkedHashSet<>(blocked);
    }

    long removedAtMs() {
        return removedAtMs;
    }

    void mute(boolean on) {
        muted = on;
    }

    void choose(OwnChoice choice, boolean on) {
        if (choice == OwnChoice.MUTED) {
            selfMuted = on;
        } else {
            deafened = on;
        }
    }

    void block(String other, boolean on) {
        if (!on) {
            blocked.remove(other);
        } else if (blocked.add(other) && blocked.size() > MAX_BLOCKED) {
            throw new ParleyException(ErrorCode.TOO_MANY_BLOCKED, MAX_BLOCKED + " are blocked already");
        }
    }

    void removed(long nowMs) {
        removedAtMs = nowMs;
    }

    /**
     * Whether the actor's change is not older than its last of that kind, by their numbers; notes its number then. A
     * change without a number is always newer.
     */
    boolean isNewest(Actor actor, String kind) {
        if (actor.number().isEmpty()) {
            return true;
        }
        long number = actor.number().getAsLong();
        String key = ' ' + actor.connection() + ' ' + kind;
        for (int i = 0; i < numbers.size(); i++) {
            String last = numbers.get(i);
            if (last.endsWith(key) && last.indexOf(' ') == last.length() - key.length()) {
                if (Long.parseLong(last.substring(0, last.indexOf(' '))) > number) {
                    return false;
                }
                numbers.remove(i);
                break;
            }
        }
        numbers.add(number + key);
        if (numbers.size() > MAX_NUMBERS) {
            numbers.remove(0);
        }
        return true;
    }

    private boolean saysNothing() {
        return !muted && !selfMuted && !deafened && removedAtMs == 0 && blocked.isEmpty() && numbers.isEmpty();
    }

    TransactWriteItem write(ConnectionTable table) {
        Map<String, AttributeValue> key = RegistryItems.standingKey(room, participant);
        if (saysNothing()) {
            return table.delete(key, null);
        }
        Map<String, AttributeValue> item = new HashMap<>(key);
        putIfSet(item, MUTED, muted);
        putIfSet(item, SELF_MUTED, selfMuted);
        putIfSet(item, DEAFENED, deafened);
        if (removedAtMs > 0) {
            item.put(REMOVED_AT, number(removedAtMs));
        }
        if (!blocked.isEmpty()) {
            item.put(BLOCKED, AttributeValue.fromSs(new ArrayList<>(blocked)));
        }
        if (!numbers.isEmpty()) {
            List<AttributeValue> texts = new ArrayList<>();
            numbers.forEach(number -> texts.add(RegistryItems.text(number)));
            item.put(NUMBERS, AttributeValue.fromL(texts));
        }
        item.put(RegistryItems.EXPIRES_AT, number(RegistryItems.seconds(table.nowMs() + RoomMeta.KEPT.toMillis())));
        return table.put(item, null, null);
    }

    private static void putIfSet(Map<String, AttributeValue> item, String name, boolean on) {
        if (on) {
            item.put(name, RegistryItems.flag(true));
        }
    }
}
