package io.parley.core.port;

import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who is connected, and who is in which room. Who comes into a room, and what they may do there, is decided by the
 * {@link RoomRegistry} on the same store.
 *
 * <p>Reads leave out what has expired. Blocking; thread safe. Trouble of the store surfaces as a
 * {@link io.parley.core.error.ParleyException} of {@code UNAVAILABLE}.
 */
public interface ConnectionRegistry {

    /** Remembers a connection that the gateway has accepted. */
    void connect(Connection connection);

    /**
     * Forgets the connection and gives what it was, so that its rooms can be left. Empty if it was forgotten before.
     * After this no join of the connection succeeds.
     */
    Optional<Connection> forget(String connection);

    /** The connection with the rooms that it is in. */
    Optional<Connection> connection(String connection);

    /** Takes the member out; gives the controlVersion of this change, or empty if it was not in the room. */
    OptionalLong leave(String room, String participant, String connection);

    /**
     * All members of the room, by a consistent read. Of their permissions to speak the room's own mute is not taken
     * off.
     */
    List<Member> members(String room);
}
