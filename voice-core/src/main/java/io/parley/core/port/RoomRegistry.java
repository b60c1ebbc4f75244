package io.parley.core.port;

import io.parley.core.room.Actor;
import io.parley.core.room.Admitted;
import io.parley.core.room.JoinRequest;
import io.parley.core.room.Membership;
import io.parley.core.room.OwnChoice;
import io.parley.core.room.RoomChange;
import io.parley.core.room.RoomGrant;
import io.parley.core.room.RoomSetting;
import java.util.Map;
import java.util.Optional;

/**
 * Who may come into a room and what they may do there: the one place where membership and permissions are decided.
 *
 * <p>Every change of a room is one conditional write that yields the room's next controlVersion; to make the same
 * change again is a change like the first, so that whoever could not tell of it may repeat it. What was chosen outlives
 * the members: mutes, bans, blocks and settings are there when the participant, or anybody, comes again.
 *
 * <p>All but {@link #remove} ask whether the actor may do that, in the same write, and throw a
 * {@link io.parley.core.error.ParleyException}: {@code NOT_JOINED} where its connection is not in the room,
 * {@code NOT_ALLOWED} where it may not. Trouble of the store is {@code UNAVAILABLE}. Reads leave out what has expired.
 * Blocking; thread safe.
 */
public interface RoomRegistry {

    /**
     * Puts the connection into the room. Throws {@code CONNECTION_GONE} if it is not known, {@code BANNED},
     * {@code ROOM_LOCKED}, {@code ROOM_FULL}, {@code TOO_MANY_ROOMS}, {@code TICKET_USED} if another connection has used
     * the ticket, or it was used before the participant was removed; {@code NOT_JOINED} where the connection that it
     * replaces is not in the room, and {@code NOT_ALLOWED} where the secret is another.
     */
    Admitted join(String room, JoinRequest request);

    /** The actor's membership goes on by another grant. Throws {@code TICKET_USED} as a join does. */
    Admitted renew(String room, Actor own, RoomGrant grant, long connectionExpiresAtMs);

    /** The membership of one connection as it is now, or newer than its controlVersion says. */
    Optional<Membership> membership(String room, String participant, String connection);

    /** A moderator mutes or unmutes a participant. Empty where a change with a higher number was made before. */
    Optional<RoomChange> mute(String room, Actor by, String participant, boolean on);

    /** The actor chooses for itself. Empty where a change with a higher number was made before. */
    Optional<RoomChange> choose(String room, Actor own, OwnChoice choice, boolean on);

    /**
     * The actor does not want to hear or read a participant, or does again; nobody else is told. Throws
     * {@code TOO_MANY_BLOCKED}.
     */
    void block(String room, Actor own, String participant, boolean on);

    /** Switches settings; {@code RECORDING} needs the right to record, the others that to moderate. */
    RoomChange set(String room, Actor by, Map<RoomSetting, Boolean> changes);

    /** A moderator takes all connections of a participant out of the room; they may join again. */
    RoomChange kick(String room, Actor by, String participant);

    /**
     * A moderator takes a participant out of the room and keeps it out.
     *
     * @param untilMs 0: for good
     */
    RoomChange ban(String room, Actor by, String participant, long untilMs, String reason);

    /** A moderator lets a participant in again. */
    RoomChange unban(String room, Actor by, String participant);

    /**
     * The game or the operator takes a participant out of the room, and no ticket that it has used lets it in again.
     */
    RoomChange remove(String room, String participant);

    /**
     * The actor says something to the room, which has a version of its own. Throws {@code MUTED} where a moderator muted
     * it, and {@code RATE_LIMITED} for the sixth text of a connection within a second of the clock.
     */
    RoomChange say(String room, Actor by);
}
