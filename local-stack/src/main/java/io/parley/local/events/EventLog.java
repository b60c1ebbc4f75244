package io.parley.local.events;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * What passed the event buses, for tests and the live view: the last events, and a tap on the coming ones.
 *
 * <p>Safe for threads. Listeners are called on the thread that took the event in (the edge's event loop), in the order
 * in which events were taken, and must not block.
 */
public final class EventLog {

    private final int capacity;
    private final List<Consumer<MatchedEvent>> listeners = new CopyOnWriteArrayList<>();

    // Guarded by this.
    private final Deque<MatchedEvent> ring = new ArrayDeque<>();

    /** @param capacity events kept; the oldest goes first */
    public EventLog(int capacity) {
        if (capacity < 1) {
            throw new IllegalArgumentException("capacity " + capacity + " must be at least 1");
        }
        this.capacity = capacity;
    }

    /** The events that are still kept, oldest first. */
    public synchronized List<MatchedEvent> events() {
        return new ArrayList<>(ring);
    }

    /** Tells the listener of every event from now on, until what is returned is closed. */
    public Subscription subscribe(Consumer<MatchedEvent> listener) {
        listeners.add(listener);
        return () -> listeners.remove(listener);
    }

    /**
     * Completes once that many events of the kind were taken, those still kept included; with just these, oldest first.
     * The caller sets the patience: {@code log.whenSeen(3, e -> ...).get(30, SECONDS)}.
     */
    public CompletableFuture<List<MatchedEvent>> whenSeen(int count, Predicate<MatchedEvent> kind) {
        CompletableFuture<List<MatchedEvent>> done = new CompletableFuture<>();
        List<MatchedEvent> seen = new ArrayList<>();
        Consumer<MatchedEvent> collect = event -> {
            if (seen.size() < count && kind.test(event)) {
                seen.add(event);
                if (seen.size() == count) {
                    done.complete(List.copyOf(seen));
                }
            }
        };
        synchronized (this) {
            ring.forEach(collect);
            if (seen.size() >= count) {
                done.complete(List.copyOf(seen));
                return done;
            }
            Subscription subscription = subscribe(collect);
            done.whenComplete((events, failure) -> subscription.close());
        }
        return done;
    }

    synchronized void add(MatchedEvent event) {
        if (ring.size() == capacity) {
            ring.removeFirst();
        }
        ring.addLast(event);
        listeners.forEach(listener -> listener.accept(event));
    }

    /** Ends a tap. */
    @FunctionalInterface
    public interface Subscription extends AutoCloseable {
        @Override
        void close();
    }
}
