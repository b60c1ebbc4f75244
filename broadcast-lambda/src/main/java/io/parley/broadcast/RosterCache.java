package io.parley.broadcast;

import io.parley.core.error.FailureLog;
import io.parley.core.pace.Recent;
import io.parley.core.port.ConnectionRegistry;
import io.parley.core.room.Member;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
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
 * <p>While the members cannot be read, what was read before goes on serving its version and older ones, for a bounded
 * time: a room that nobody joins or leaves need not fall silent with the table. It does not serve a newer version, since
 * whoever has been removed must not go on hearing. A read that has failed, or takes long, is then not waited for.
 *
 * <p>Thread safe. Reads run on the given executor.
 */
final class RosterCache {

    /** A read that takes longer than this is not waited for where an older one can serve. */
    static final long PATIENCE_MS = 200;
    /** How long after a failed read the next one is begun, where an older one serves meanwhile. */
    static final long RETRY_MS = 1_000;

    private final ConnectionRegistry registry;
    private final Executor executor;
    private final Clock clock;
    private final long ttlMs;
    private final long staleMs;
    private final BroadcastMetrics metrics;
    private final FailureLog failures;
    private final Map<String, Room> rooms; // guarded by this, and so is what is in it

    /**
     * @param ttl for how long what was read serves before it is read again
     * @param stale for how long it serves where it cannot be read again
     */
    RosterCache(
            ConnectionRegistry registry,
            Executor executor,
            Clock clock,
            Duration ttl,
            Duration stale,
            int maxRooms,
            BroadcastMetrics metrics,
            FailureLog failures) {
        this.registry = registry;
        this.executor = executor;
        this.clock = clock;
        this.ttlMs = ttl.toMillis();
        this.staleMs = stale.toMillis();
        this.metrics = metrics;
        this.failures = failures;
        this.rooms = new Recent<>(maxRooms);
    }

    private static final class Room {
        Read done;
        Read running;
        Read next;
        boolean failing; // whether the last read failed
        long failedAtMs;
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

    /**
     * The listeners of a room as of that version or newer; fails as {@link ConnectionRegistry#members} does, where
     * nothing that was read before can serve.
     */
    CompletableFuture<List<Listener>> listeners(String roomId, long version) {
        Read begun = null;
        CompletableFuture<List<Listener>> result;
        Room room;
        synchronized (this) {
            room = rooms.computeIfAbsent(roomId, id -> new Room());
            if (serves(room.done, version, ttlMs)) {
                return CompletableFuture.completedFuture(room.done.listeners);
            }
            long nowMs = clock.millis();
            if (serves(room.done, version, staleMs) && isNotWorthWaitingFor(room, nowMs)) {
                result = CompletableFuture.completedFuture(stale(room));
                if (room.running == null && nowMs - room.failedAtMs >= RETRY_MS) {
                    begun = begin(room, version, nowMs);
                }
            } else if (room.running == null) {
                begun = begin(room, version, nowMs);
                result = orStale(begun.result, room, version);
            } else if (room.running.version >= version) {
                result = orStale(room.running.result, room, version);
            } else {
                if (room.next == null) {
                    room.next = new Read(version);
                }
                room.next.version = Math.max(room.next.version, version);
                result = orStale(room.next.result, room, version);
            }
        }
        if (begun != null) {
            start(roomId, room, begun);
        }
        return result;
    }

    private static boolean isNotWorthWaitingFor(Room room, long nowMs) {
        return room.failing || room.running != null && nowMs - room.running.startMs >= PATIENCE_MS;
    }

    private static Read begin(Room room, long version, long nowMs) {
        room.running = new Read(version);
        room.running.startMs = nowMs;
        return room.running;
    }

    private CompletableFuture<List<Listener>> orStale(CompletableFuture<List<Listener>> read, Room room, long version) {
        return read.handle((listeners, failure) -> {
            if (failure == null) {
                return listeners;
            }
            synchronized (this) {
                if (serves(room.done, version, staleMs)) {
                    return stale(room);
                }
            }
            throw failure instanceof RuntimeException e ? e : new CompletionException(failure);
        });
    }

    private List<Listener> stale(Room room) {
        metrics.add(BroadcastMetrics.Counter.ROSTERS_STALE, 1);
        return room.done.listeners;
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

    private boolean serves(Read read, long version, long maxAgeMs) {
        return read != null && read.version >= version && clock.millis() - read.startMs < maxAgeMs;
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
                    listeners.add(new Listener(member.connection(), member.participant(), member.expiresAtMs()));
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
            room.failing = failure != null;
            if (failure == null) {
                read.listeners = listeners;
                room.done = read;
            } else {
                room.failedAtMs = clock.millis();
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
            failures.failed("the members of room " + roomId + " could not be read", failure);
            read.result.completeExceptionally(failure);
        }
        if (next != null) {
            start(roomId, room, next);
        }
    }
}
