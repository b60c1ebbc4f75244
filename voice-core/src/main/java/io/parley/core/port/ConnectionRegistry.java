package io.parley.core.port;

import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Who is connected and who is in which room: the one place where membership and permissions are decided.
 *
 * <p>Every change of a room is one conditional write that yields the room's next controlVersion. Reads leave out what
 * has expired. Blocking; thread safe. Trouble of the store surfaces as a
 * {@link io.parley.core.error.ParleyException} of {@code UNAVAILABLE}.
 */
public interface ConnectionRegistry {

    /** Remembers a connection that the gateway has accepted. */
    void connect(Connection connection);

    /**
     * Forgets the connection and gives what it was, so that its rooms can be left. Empty if it was forgotten before.
     * After this no {@link #join} of the connection succeeds.
     */
    Optional<Connection> forget(String connection);

    /** The connection with the rooms that it is in. */
    Optional<Connection> connection(String connection);

    /**
     * Puts the member into the room if its connection is known, and gives the member as it was written, with the
     * controlVersion of this change. Joining again is a change like the first. Throws
     * {@link io.parley.core.error.ParleyException} of {@code CONNECTION_GONE} if the connection is not known.
     */
    Member join(String room, Member member);

    /** Takes the member out; gives the controlVersion of this change, or empty if it was not in the room. */
    OptionalLong leave(String room, String participant, String connection);

    /** The membership of one connection, as an eventually newer read may give it. */
    Optional<Member> member(String room, String participant, String connection);

    /** All members of the room, by a consistent read. */
    List<Member> members(String room);
}
