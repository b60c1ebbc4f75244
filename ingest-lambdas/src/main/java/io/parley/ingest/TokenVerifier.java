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
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.parley.core.room.SeedParticipant;
import java.text.ParseException;
import java.time.Clock;
import java.util.Date;

/**
 * Verifies user tokens: Cognito access tokens, as "Verifying JSON web tokens" of the Amazon Cognito developer guide asks.
 * Nothing but RS256 is taken; issuer, client_id, token_use, expiry and sub are checked.
 *
 * <p>Thread safe; blocks where the issuer's keys ({@link VerificationKeys}) have to be fetched.
 */
final class TokenVerifier {

    private static final int MAX_LENGTH = 8_192;
    private static final int MAX_PARTICIPANT = 128;

    private final DefaultJWTProcessor<SecurityContext> processor = new DefaultJWTProcessor<>();
    private final String issuer;
    private final String clientId;
    private final Clock clock;

    TokenVerifier(String issuer, String clientId, JWKSource<SecurityContext> keys, Clock clock) {
        this.issuer = issuer;
        this.clientId = clientId;
        this.clock = clock;
        processor.setJWSKeySelector(new JWSVerificationKeySelector<>(JWSAlgorithm.RS256, keys));
        // Claims are checked below, by the clock that was given.
        processor.setJWTClaimsSetVerifier(null);
    }

    /** Throws {@link Unauthorized}, or {@link IllegalStateException} where the issuer's keys cannot be had. */
    UserToken verify(String token) {
        if (token.length() > MAX_LENGTH) {
            throw new Unauthorized("a token of " + token.length() + " characters");
        }
        return check(claims(token));
    }

    private JWTClaimsSet claims(String token) {
        try {
            return processor.process(SignedTokens.parse(token), null);
        } catch (ParseException e) {
            throw new Unauthorized("not a signed JWT");
        } catch (RateLimitReachedException e) {
            throw new Unauthorized("signed with an unknown key, and the keys were fetched only just now");
        } catch (KeySourceException e) {
            throw new IllegalStateException("the issuer's keys cannot be had", e);
        } catch (BadJOSEException | JOSEException e) {
            throw new Unauthorized("signature, key or algorithm is not the issuer's");
        }
    }

    private UserToken check(JWTClaimsSet claims) {
        Date expiry = claims.getExpirationTime();
        if (expiry == null || expiry.getTime() <= clock.millis()) {
            throw new Unauthorized("expired, or without expiry");
        }
        Date notBefore = claims.getNotBeforeTime();
        if (notBefore != null && notBefore.getTime() > clock.millis()) {
            throw new Unauthorized("not valid yet");
        }
        if (!issuer.equals(claims.getIssuer())) {
            throw new Unauthorized("of another issuer");
        }
        if (!clientId.equals(claims.getClaim("client_id"))) {
            throw new Unauthorized("for another client");
        }
        if (!"access".equals(claims.getClaim("token_use"))) {
            throw new Unauthorized("not an access token");
        }
        if (!isParticipant(claims.getSubject()) || SeedParticipant.is(claims.getSubject())) {
            throw new Unauthorized("sub is no participant's name");
        }
        return new UserToken(claims.getSubject(), expiry.getTime());
    }

    /**
     * Whether the text can be a participant's id: 1 to 128 of letters, digits and {@code _ - . : @ + = |}. A slash is
     * left out, since the id is a part of object keys, and so is all that a log or a key may trip over.
     */
    static boolean isParticipant(String text) {
        if (text == null || text.isEmpty() || text.length() > MAX_PARTICIPANT) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean allowed =
                    c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_-.:@+=|".indexOf(c) >= 0;
            if (!allowed) {
                return false;
            }
        }
        return !text.equals(".") && !text.equals("..");
    }
}
