package io.parley.local.stack;

import com.nimbusds.jwt.JWTClaimsSet;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;

/**
 * A room ticket as a game's backend would make it, for development.
 *
 * @param lifetime in which it has to be used
 * @param membership how long the membership lasts; null: as long as the connection
 */
public record NewTicket(
        String issuer,
        String audience,
        String participant,
        String room,
        Set<Grant> grants,
        Duration lifetime,
        Duration membership) {

    /** What a ticket may allow; claims of these names in lower case. */
    public enum Grant {
        PUBLISH,
        LISTEN,
        MODERATE,
        RECORD
    }

    public NewTicket {
        grants = Set.copyOf(grants);
    }

    /** The ticket, used by nobody yet. */
    public String sign(TicketKey key, Clock clock) {
        long nowMs = clock.millis();
        JWTClaimsSet.Builder claims = new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .jwtID(UUID.randomUUID().toString())
                .subject(participant)
                .claim("room", room)
                .issueTime(new Date(nowMs))
                .expirationTime(new Date(nowMs + lifetime.toMillis()));
        grants.forEach(grant -> claims.claim(grant.name().toLowerCase(Locale.ROOT), true));
        if (membership != null) {
            claims.claim("grantUntil", (nowMs + membership.toMillis()) / 1_000);
        }
        return key.sign(claims.build());
    }
}
