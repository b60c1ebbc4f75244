package io.parley.core.room;

import io.parley.core.wire.Permissions;
import java.util.Objects;

/** What lets somebody into a room, and until when. Immutable. */
public final class RoomGrant {

    private final Permissions permissions;
    private final long untilMs;
    private final String ticket;
    private final long ticketExpiresAtMs;

    private RoomGrant(Permissions permissions, long untilMs, String ticket, long ticketExpiresAtMs) {
        this.permissions = Objects.requireNonNull(permissions, "permissions");
        this.untilMs = untilMs;
        this.ticket = ticket;
        this.ticketExpiresAtMs = ticketExpiresAtMs;
    }

    /** @param untilMs 0: as long as the connection */
    public static RoomGrant of(Permissions permissions, long untilMs) {
        return new RoomGrant(permissions, untilMs, null, 0);
    }

    /** The same by a ticket that admits one connection alone. */
    public RoomGrant byTicket(String id, long expiresAtMs) {
        return new RoomGrant(permissions, untilMs, Objects.requireNonNull(id, "id"), expiresAtMs);
    }

    public Permissions permissions() {
        return permissions;
    }

    /** When it ends; 0 for as long as the connection lasts. */
    public long untilMs() {
        return untilMs;
    }

    /** The ticket's id, or null where there is no ticket. */
    public String ticket() {
        return ticket;
    }

    public long ticketExpiresAtMs() {
        return ticketExpiresAtMs;
    }

    /** When a membership by this grant ends, on a connection that ends then. */
    public long endsAtMs(long connectionExpiresAtMs) {
        return untilMs == 0 ? connectionExpiresAtMs : Math.min(untilMs, connectionExpiresAtMs);
    }
}
