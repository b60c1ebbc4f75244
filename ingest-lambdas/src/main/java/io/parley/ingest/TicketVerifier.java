package io.parley.ingest;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.RateLimitReachedException;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.wire.Permissions;
import java.text.ParseException;
import java.time.Clock;
import java.time.Duration;
import java.util.Date;
import java.util.Objects;

/**
 * Verifies room tickets: JWTs that the game's own backend signs with ES256 and nothing else (docs/tickets.md).
 *
 * <p>A ticket lives ten minutes at most, so that one that leaked is soon worth nothing. Whether it was used before is
 * for the registry to say. Thread safe; blocks where keys have to be fetched. No message repeats a ticket.
 */
final class TicketVerifier {

    static final Duration MAX_LIFETIME = Duration.ofMinutes(10);
    static final Duration CLOCK_SKEW = Duration.ofSeconds(30);

    private static final int MAX_LENGTH = 8_192;
    private static final double MAX_SECONDS = 253_402_300_799.0; // the end of the year 9999

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final String audience;
    private final Clock clock;

    TicketVerifier(String audience, JWKSource<SecurityContext> keys, Clock clock) {
        this.audience = Objects.requireNonNull(audience);
        this.clock = Objects.requireNonNull(clock);
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.ES256, keys));
        // Claims are checked below, by the clock that was given.
        processor.setJWTClaimsSetVerifier(null);
    }

    /**
     * What the ticket grants that participant in that room. Throws {@link ParleyException} of {@code TICKET_EXPIRED} or
     * {@code TICKET_INVALID}, and of {@code UNAVAILABLE} where the keys cannot be had.
     */
    RoomTicket verify(String jwt, String participant, String room) {
        if (jwt.length() > MAX_LENGTH) {
            throw invalid("of " + jwt.length() + " characters, over " + MAX_LENGTH);
        }
        JWTClaimsSet claims = claims(jwt);
        checkNames(claims, participant, room);
        long expiresAtMs = checkTimes(claims);
        Permissions grant = Permissions.newBuilder()
                .setSpeak(flag(claims, "publish"))
                .setListen(flag(claims, "listen"))
                .setModerate(flag(claims, "moderate"))
                .setRecord(flag(claims, "record"))
                .build();
        return new RoomTicket(claims.getJWTID(), participant, room, grant, expiresAtMs, grantUntilMs(claims));
    }

    private JWTClaimsSet claims(String jwt) {
        try {
            SignedJWT ticket = SignedTokens.parse(jwt);
            if (ticket.getHeader().getKeyID() == null) {
                throw invalid("without kid");
            }
            return processor.process(ticket, null);
        } catch (ParseException e) {
            throw invalid("not a signed JWT");
        } catch (RateLimitReachedException e) {
            throw invalid("signed with an unknown key, and the keys were fetched only just now");
        } catch (KeySourceException e) {
            throw new ParleyException(ErrorCode.UNAVAILABLE, "the keys of room tickets cannot be had");
        } catch (BadJOSEException | JOSEException e) {
            throw invalid("signature, key or algorithm is not the game's");
        }
    }

    private void checkNames(JWTClaimsSet claims, String participant, String room) {
        if (claims.getIssuer() == null || claims.getIssuer().isEmpty()) {
            throw invalid("without iss");
        }
        if (!claims.getAudience().contains(audience)) {
            throw invalid("for another deployment");
        }
        if (!TokenVerifier.isParticipant(claims.getJWTID())) {
            throw invalid("jti is not 1 to 128 of the characters of an id");
        }
        if (!participant.equals(claims.getSubject())) {
            throw invalid("of another user");
        }
        if (!room.equals(claims.getClaim("room"))) {
            throw invalid("for another room");
        }
    }

    /** Gives the time of expiry. */
    private long checkTimes(JWTClaimsSet claims) {
        long nowMs = clock.millis();
        long issuedAtMs = required(claims.getIssueTime(), "iat");
        long expiresAtMs = required(claims.getExpirationTime(), "exp");
        if (issuedAtMs > nowMs + CLOCK_SKEW.toMillis()) {
            throw invalid("issued in the future");
        }
        if (expiresAtMs - issuedAtMs > MAX_LIFETIME.toMillis() || expiresAtMs < issuedAtMs) {
            throw invalid("exp is not within ten minutes after iat");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && notBefore.getTime() > nowMs + CLOCK_SKEW.toMillis()) {
            throw invalid("not valid yet");
        }
        if (expiresAtMs <= nowMs) {
            throw new ParleyException(ErrorCode.TICKET_EXPIRED, "exp has passed");
        }
        return expiresAtMs;
    }

    private static long required(Date time, String claim) {
        if (time == null) {
            throw invalid("without " + claim);
        }
        return time.getTime();
    }

    private static boolean flag(JWTClaimsSet claims, String claim) {
        Object value = claims.getClaim(claim);
        if (value != null && !(value instanceof Boolean)) {
            throw invalid(claim + " is neither true nor false");
        }
        return value != null && (Boolean) value;
    }

    private long grantUntilMs(JWTClaimsSet claims) {
        Object value = claims.getClaim("grantUntil");
        if (value == null) {
            return 0;
        }
        double seconds = value instanceof Number number ? number.doubleValue() : -1;
        if (!(seconds > 0 && seconds <= MAX_SECONDS)) {
            throw invalid("grantUntil is no time in seconds");
        }
        long untilMs = (long) (seconds * 1_000);
        if (untilMs <= clock.millis()) {
            throw new ParleyException(ErrorCode.TICKET_EXPIRED, "grantUntil has passed");
        }
        return untilMs;
    }

    private static ParleyException invalid(String why) {
        return new ParleyException(ErrorCode.TICKET_INVALID, why);
    }
}
