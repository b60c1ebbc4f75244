package io.parley.benchmarks.load;

import com.nimbusds.jwt.JWTParser;
import io.parley.local.stack.NewTicket;
import io.parley.local.stack.NewTicket.Grant;
import io.parley.local.stack.TicketKey;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Set;

/**
 * Makes the room tickets of a load's people, where rooms ask for them.
 *
 * @param audience the deployment's {@code TICKET_AUDIENCE}
 */
record RoomTickets(TicketKey key, String audience, Clock clock) {

    private static final String ISSUER = "parley-load";
    private static final Duration LIFETIME = Duration.ofMinutes(5);

    /** One that admits whose token it is to the room, to speak and to listen; each admits once. */
    String of(String token, String room) {
        try {
            String participant = JWTParser.parse(token).getJWTClaimsSet().getSubject();
            return new NewTicket(
                            ISSUER, audience, participant, room, Set.of(Grant.PUBLISH, Grant.LISTEN), LIFETIME, null)
                    .sign(key, clock);
        } catch (ParseException e) {
            throw new IllegalArgumentException("a user token is no JWT: " + e.getMessage(), e);
        }
    }
}
