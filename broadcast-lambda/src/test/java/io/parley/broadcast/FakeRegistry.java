package io.parley.broadcast;

import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Connection;
import io.parley.core.room.Member;
import io.parley.core.wire.Permissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Rooms in memory. Counts the reads of members, and fails for the rooms that it is told to. */
final class FakeRegistry implements ConnectionRegistry {

    private final Map<String, Map<String, Member>> rooms = new HashMap<>();
    private final Map<String, Connection> connections = new HashMap<>();
    private final Set<String> broken = new HashSet<>();
    private final List<String> forgotten = new ArrayList<>();
    private boolean forgetFails;
    private int reads;
    private long version;

    FakeRegistry member(String room, String connection, String participant, boolean listens) {
        return member(room, connection, participant, listens, Long.MAX_VALUE);
    }

    synchronized FakeRegistry member(
            String room, String connection, String participant, boolean listens, long expiresAtMs) {
        rooms.computeIfAbsent(room, id -> new LinkedHashMap<>())
                .put(
                        connection,
                        new Member(
                                participant,
                                connection,
                                participant,
                                Permissions.newBuilder().setListen(listens).build(),
                                ++version,
                                expiresAtMs));
        return this;
    }

    synchronized FakeRegistry listener(String room, String connection) {
        return member(room, connection, "p-" + connection, true);
    }

    /** A connection that came at that time. */
    synchronized FakeRegistry connected(String connection, String participant, long atMs) {
        connections.put(connection, new Connection(connection, participant, atMs, Long.MAX_VALUE, Set.of()));
        return this;
    }

    synchronized void breakRoom(String room) {
        broken.add(room);
    }

    synchronized void mendRoom(String room) {
        broken.remove(room);
    }

    synchronized void breakForgetting() {
        forgetFails = true;
    }

    synchronized int reads() {
        return reads;
    }

    synchronized List<String> forgotten() {
        return List.copyOf(forgotten);
    }

    @Override
    public synchronized List<Member> members(String room) {
        reads++;
        if (broken.contains(room)) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, "the table is away");
        }
        return List.copyOf(rooms.getOrDefault(room, Map.of()).values());
    }

    @Override
    public synchronized OptionalLong leave(String room, String participant, String connection) {
        Map<String, Member> members = rooms.getOrDefault(room, new HashMap<>());
        return members.remove(connection) == null ? OptionalLong.empty() : OptionalLong.of(++version);
    }

    @Override
    public synchronized Optional<Connection> forget(String connection) {
        if (forgetFails) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, "the table is away");
        }
        forgotten.add(connection);
        return Optional.empty();
    }

    @Override
    public void connect(Connection connection) {
        throw new UnsupportedOperationException();
    }

    @Override
    public synchronized Optional<Connection> connection(String connection) {
        return Optional.ofNullable(connections.get(connection));
    }
}
