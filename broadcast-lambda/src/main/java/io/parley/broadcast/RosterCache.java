package io.parley.broadcast;

import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Member;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;

/**
 * Who may hear which room, remembered by room and roster version.
 *
 * <p>What was read for a version serves every request of that version or an older one, until its time is over (so that
 * a version that never came here heals). For a newer version the members are read again: one read of a room at a time,
 * and whoever asks meanwhile for a version that the running read may not have seen shares the next one. The members'
 * own controlVersions prove nothing about a newer version: a read of several pages is no snapshot, and who has left is
 * not in it.
 *
 * <p>Thread safe. Reads run on the given executor; a failed one is not remembered.
 */
final class RosterCache {

    private final ConnectionRegistry registry;
    private final Executor executor;
    private final Clock clock;
    private final long ttlMs;
    private final BroadcastMetrics metrics;
    private final Map<String, Room> rooms; // guarded by this, and so is what is in it

    RosterCache(
            ConnectionRegistry registry,
            Executor executor,
            Clock clock,
            Duration ttl,
            int maxRooms,
            BroadcastMetrics metrics) {
        this.registry = registry;
        this.executor = executor;
        this.clock = clock;
        this.ttlMs = ttl.toMillis();
        this.metrics = metrics;
        this.rooms = new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<String, Room> eldest) {
                return size() > maxRooms;
            }
        };
    }

    private static final class Room {
        Read done;
        Read running;
        Read next;
    }

    private static final class Read {
        final CompletableFuture<List<Listener>> result = new CompletableFuture<>();
        long version;
        long startMs;
        List<Listener> listeners;

        Read(long version) {
            this.version = version;
        }
    }

    /** The listeners of a room as of that version or newer; fails as {@link ConnectionRegistry#members} does. */
    CompletableFuture<List<Listener>> listeners(String roomId, long version) {
        Read begun = null;
        CompletableFuture<List<Listener>> result;
        Room room;
        synchronized (this) {
            room = rooms.computeIfAbsent(roomId, id -> new Room());
            if (serves(room.done, version)) {
                return CompletableFuture.completedFuture(room.done.listeners);
            }
            if (room.running == null) {
                begun = room.running = new Read(version);
                begun.startMs = clock.millis();
                result = begun.result;
            } else if (room.running.version >= version) {
                result = room.running.result;
            } else {
                if (room.next == null) {
                    room.next = new Read(version);
                }
                room.next.version = Math.max(room.next.version, version);
                result = room.next.result;
            }
        }
        if (begun != null) {
            start(roomId, room, begun);
        }
        return result;
    }

    /** The connection is gone: it is not among the room's listeners any more, whatever the registry still says. */
    synchronized void remove(String roomId, String connection) {
        Room room = rooms.get(roomId);
        if (room != null && room.done != null) {
            List<Listener> left = new ArrayList<>(room.done.listeners);
            left.removeIf(listener -> listener.connection().equals(connection));
            room.done.listeners = List.copyOf(left);
        }
    }

    private boolean serves(Read read, long version) {
        return read != null && read.version >= version && clock.millis() - read.startMs < ttlMs;
    }

    private void start(String roomId, Room room, Read read) {
        metrics.add(BroadcastMetrics.Counter.ROSTER_READS, 1);
        try {
            executor.execute(() -> read(roomId, room, read));
        } catch (RuntimeException e) {
            finish(roomId, room, read, null, e);
        }
    }

    private void read(String roomId, Room room, Read read) {
        try {
            List<Listener> listeners = new ArrayList<>();
            for (Member member : registry.members(roomId)) {
                if (member.permissions().getListen()) {
                    listeners.add(new Listener(member.connection(), member.participant()));
                }
            }
            finish(roomId, room, read, List.copyOf(listeners), null);
        } catch (RuntimeException e) {
            finish(roomId, room, read, null, e);
        }
    }

    private void finish(String roomId, Room room, Read read, List<Listener> listeners, RuntimeException failure) {
        Read next;
        synchronized (this) {
            if (failure == null) {
                read.listeners = listeners;
                room.done = read;
            }
            next = room.running = room.next;
            room.next = null;
            if (next != null) {
                next.startMs = clock.millis();
            }
        }
        if (failure == null) {
            read.result.complete(listeners);
        } else {
            metrics.add(BroadcastMetrics.Counter.ROSTER_READS_FAILED, 1);
            read.result.completeExceptionally(failure);
        }
        if (next != null) {
            start(roomId, room, next);
        }
    }
}
