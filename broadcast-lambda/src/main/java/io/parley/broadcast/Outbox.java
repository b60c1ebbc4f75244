package io.parley.broadcast;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What waits for one connection, in order; one of it is on its way at a time. Guarded by the delivery that owns it.
 */
final class Outbox {

    final String connection;

    /** A room and participant that the connection is known by, or null: what a departure needs. */
    String room;

    String participant;

    /** Whether it waits for its turn or one of its items is on its way. */
    boolean busy;

    /** The item on its way, or null. */
    Item sending;

    final Deque<Item> items = new ArrayDeque<>();

    Outbox(String connection) {
        this.connection = connection;
    }

    /**
     * One message, or the closing of the connection.
     *
     * @param text UTF-8 of the message, shared by all listeners of a room; null closes the connection
     */
    record Item(byte[] text, Tally tally) {}
}
