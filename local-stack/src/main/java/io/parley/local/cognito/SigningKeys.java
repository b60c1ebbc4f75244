package io.parley.local.cognito;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.crypto.RSASSAVerifier;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.UUID;

/**
 * The RSA keys of a user pool, made afresh: the newest signs, an older one is published as long as a token of its lives.
 *
 * <p>Safe for threads. (Cognito itself publishes two keys and signs id tokens and access tokens with one each; who
 * verifies by {@code kid} sees no difference.)
 */
final class SigningKeys {

    private final Clock clock;

    // Newest first; guarded by this.
    private final Deque<Key> keys = new ArrayDeque<>();

    SigningKeys(Clock clock) {
        this.clock = clock;
        rotate();
    }

    /** Makes a new key, with which all tokens from now on are signed. Takes some tenths of a second. */
    void rotate() {
        Key fresh = new Key(generate());
        synchronized (this) {
            keys.addFirst(fresh);
        }
    }

    String sign(JWTClaimsSet claims) {
        Key key;
        synchronized (this) {
            key = keys.getFirst();
            key.lastExpiryMs =
                    Math.max(key.lastExpiryMs, claims.getExpirationTime().getTime());
        }
        SignedJWT token = new SignedJWT(
                new JWSHeader.Builder(JWSAlgorithm.RS256)
                        .keyID(key.rsa.getKeyID())
                        .build(),
                claims);
        try {
            token.sign(new RSASSASigner(key.rsa));
        } catch (JOSEException e) {
            throw new IllegalStateException("a key of our own could not sign", e);
        }
        return token.serialize();
    }

    /** Whether one of the published keys signed the token; says nothing about its claims. */
    boolean verify(SignedJWT token) {
        JWK key = published().getKeyByKeyId(token.getHeader().getKeyID());
        try {
            return key != null && token.verify(new RSASSAVerifier(key.toRSAKey()));
        } catch (JOSEException e) {
            return false;
        }
    }

    /** The public halves. */
    synchronized JWKSet published() {
        Key current = keys.getFirst();
        long now = clock.millis();
        keys.removeIf(key -> key != current && key.lastExpiryMs <= now);
        List<JWK> all = keys.stream().map(key -> (JWK) key.rsa.toPublicJWK()).toList();
        return new JWKSet(all);
    }

    private static RSAKey generate() {
        try {
            return new RSAKeyGenerator(2048)
                    .keyUse(KeyUse.SIGNATURE)
                    .algorithm(JWSAlgorithm.RS256)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
        } catch (JOSEException e) {
            throw new IllegalStateException("this JVM makes no RSA keys", e);
        }
    }

    private static final class Key {

        private final RSAKey rsa;
        // Guarded by the SigningKeys.
        private long lastExpiryMs;

        Key(RSAKey rsa) {
            this.rsa = rsa;
        }
    }
}
