package io.parley.broadcast;

import io.parley.core.wire.RoomTicks;

/**
 * Is told of deliveries as they happen, by whoever has more to say of them than counters can: how long what took, in which
 * room. Called on the threads that deliver, after the posts have been handed over, and by several at a time: it must be
 * quick, and must not throw.
 */
public interface DeliveryObserver {

    DeliveryObserver NONE = new DeliveryObserver() {
        @Override
        public void served(RoomTicks room, int listeners, long broadcastUs, long postUs) {}

        @Override
        public void answered(long tookUs) {}
    };

    /**
     * Ticks of a room are on their way to its listeners.
     *
     * @param broadcastUs when the invocation began, in µs since the epoch
     * @param postUs when the posts began
     */
    void served(RoomTicks room, int listeners, long broadcastUs, long postUs);

    /** The gateway has answered a post, whatever it answered. */
    void answered(long tookUs);
}
