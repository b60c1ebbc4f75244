package io.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Where the tickets for rooms come from: your game's backend, which signs them (docs/protocol.md). A ticket is good for
 * one join, so it is asked at every join, when a room is joined again after a lost connection, and to renew a
 * membership before it ends.
 */
@FunctionalInterface
public interface TicketSource {

    /**
     * A fresh ticket for the room; of null the room is joined without one. Called on the client's thread: must not
     * block.
     */
    CompletionStage<String> ticket(String room);

    /** Always the same ticket: good for one join, and for the connections that replace it. */
    static TicketSource fixed(String ticket) {
        return room -> CompletableFuture.completedFuture(ticket);
    }
}
