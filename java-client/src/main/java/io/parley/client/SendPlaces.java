package io.parley.client;

import java.util.concurrent.atomic.AtomicInteger;

/** How many messages of a client wait to be sent, over all its connections. Thread safe. */
final class SendPlaces {

    private final Counters counters;
    private final int max;
    private final AtomicInteger taken = new AtomicInteger();

    SendPlaces(Counters counters, int max) {
        this.counters = counters;
        this.max = max;
    }

    /** Takes a place, or gives false if there is none. */
    boolean reserve() {
        if (taken.incrementAndGet() > max) {
            taken.decrementAndGet();
            counters.add(ClientCounter.REFUSED_SENDS);
            return false;
        }
        return true;
    }

    /** Takes a place also where there is none: for what the client itself has to say. */
    void take() {
        taken.incrementAndGet();
    }

    /** Gives a place back that was taken. */
    void release() {
        taken.decrementAndGet();
    }
}
