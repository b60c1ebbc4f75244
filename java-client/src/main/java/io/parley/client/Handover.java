package io.parley.client;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The way of a client's rooms from one connection to the next. Until every room is joined on the next one, and what was
 * ordered before has come in on the old one, the old one's ticks are played and the next one's are held: then the held
 * ones go on where the old ones ended, and nothing is missed. Runs on the loop.
 */
final class Handover {

    /** Of each room; more than what comes within the time that is waited. */
    private static final int MAX_HELD_TICKS = 1_000;

    private final Link next;
    private final Predicate<Room> wanted;
    private final Map<Room, Step> steps = new LinkedHashMap<>();

    /** One room on its way. */
    private static final class Step {
        Membership membership = Membership.NONE;
        JoinedRoom joined;
        final Deque<HeldTick> held = new ArrayDeque<>();
    }

    private static final class HeldTick {
        final TickContent content;
        final long receivedUs;

        HeldTick(TickContent content, long receivedUs) {
            this.content = content;
            this.receivedUs = receivedUs;
        }
    }

    /** @param wanted whether the application still wants to be in the room */
    Handover(Link next, Predicate<Room> wanted) {
        this.next = next;
        this.wanted = wanted;
    }

    Link next() {
        return next;
    }

    /** The room is being joined on the next connection. */
    void expect(Room room) {
        steps.put(room, new Step());
    }

    void accepted(Room room, Membership membership) {
        Step step = steps.get(room);
        if (step != null) {
            step.membership = membership;
        }
    }

    void joined(Room room, JoinedRoom joined) {
        Step step = steps.get(room);
        if (step != null) {
            step.joined = joined;
        }
    }

    /** A tick that the next connection brought. */
    void hold(Room room, TickContent content, long receivedUs) {
        Step step = steps.get(room);
        if (step != null && step.held.size() < MAX_HELD_TICKS) {
            step.held.add(new HeldTick(content, receivedUs));
        }
    }

    /** Whether every room is joined on the next connection. */
    boolean isJoined() {
        return steps.keySet().stream().allMatch(room -> !wanted.test(room) || joined(room) != null);
    }

    /** Whether nothing more has to come by the old connection. */
    boolean isComplete() {
        return isJoined()
                && steps.keySet().stream().filter(wanted).allMatch(room -> {
                    JoinedRoom joined = joined(room);
                    return room.receiver.hasReached(joined.epoch(), joined.tick());
                });
    }

    /** The rooms that were asked for on the next connection. */
    Set<Room> rooms() {
        return steps.keySet();
    }

    /** How the room was joined on the next connection; null if it was not. */
    JoinedRoom joined(Room room) {
        Step step = steps.get(room);
        return step == null ? null : step.joined;
    }

    Membership membership(Room room) {
        return steps.get(room).membership;
    }

    /** Plays what was held of the room and did not come by the old connection. */
    void playHeld(Room room) {
        for (HeldTick tick : steps.get(room).held) {
            if (!room.receiver.hasReached(tick.content.epoch, tick.content.tick)) {
                room.receiver.tick(tick.content, tick.receivedUs);
            }
        }
    }
}
