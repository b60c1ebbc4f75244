package io.parley.ingest;

/** Reads room tickets. */
@FunctionalInterface
interface Tickets {

    /** Throws {@link io.parley.core.error.ParleyException} where the ticket is not valid for that participant and room. */
    RoomTicket verify(String jwt, String participant, String room);
}
