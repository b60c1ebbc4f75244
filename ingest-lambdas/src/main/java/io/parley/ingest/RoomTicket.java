package io.parley.ingest;

import io.parley.core.wire.Permissions;

/**
 * What a valid room ticket grants.
 *
 * @param id its claim {@code jti}, by which it is used once
 * @param expiresAtMs when it can no longer be used to join
 * @param grantUntilMs when the membership ends; 0 where the ticket does not say
 */
record RoomTicket(String id, String participant, String room, Permissions grant, long expiresAtMs, long grantUntilMs) {}
