package io.parley.ingest;

import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.ImmutableJWKSet;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import io.parley.core.options.OptionException;
import java.net.MalformedURLException;
import java.net.URI;
import java.text.ParseException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/** The public keys with which others sign: those of a JWK set at an address, or of one that was given. */
final class VerificationKeys {

    private static final int TIMEOUT_MS = 2_000;
    private static final int MAX_BYTES = 64 * 1024;

    private VerificationKeys() {}

    /**
     * Keys that are kept for fifteen minutes, and for four hours when they cannot be fetched again. A token that names a
     * key which is not among them has them fetched again, at most twice in thirty seconds.
     */
    static JWKSource<SecurityContext> at(URI address) {
        try {
            return JWKSourceBuilder.<SecurityContext>create(
                            address.toURL(), new DefaultResourceRetriever(TIMEOUT_MS, TIMEOUT_MS, MAX_BYTES))
                    .cache(
                            Duration.ofMinutes(15).toMillis(),
                            Duration.ofSeconds(5).toMillis())
                    .refreshAheadCache(false)
                    .rateLimited(Duration.ofSeconds(30).toMillis())
                    .outageTolerant(Duration.ofHours(4).toMillis())
                    .build();
        } catch (MalformedURLException e) {
            throw new IllegalArgumentException("no address of keys: " + address, e);
        }
    }

    /**
     * The keys of room tickets, checked as far as that can be done now. Throws {@link OptionException}, which never
     * repeats the text: somebody may have put a private key there.
     */
    static JWKSource<SecurityContext> ofTickets(String jwksOrAddress) {
        String text = jwksOrAddress.trim();
        if (!text.startsWith("{")) {
            return at(address(text));
        }
        JWKSet keys;
        try {
            keys = JWKSet.parse(text);
        } catch (ParseException e) {
            throw new OptionException("TICKET_JWKS is no JWK set: it must be like {\"keys\":[{\"kty\":\"EC\", ...}]}");
        }
        check(keys);
        return new ImmutableJWKSet<>(keys);
    }

    private static URI address(String text) {
        if (!text.matches("https://[^\\s]+|http://(127\\.0\\.0\\.1|localhost)(:\\d+)?(/[^\\s]*)?")) {
            throw new OptionException(
                    "TICKET_JWKS must be a JWK set as JSON, or an address that begins with https:// (on this machine:"
                            + " http://)");
        }
        return URI.create(text);
    }

    private static void check(JWKSet keys) {
        if (keys.isEmpty()) {
            throw new OptionException("TICKET_JWKS has no key, so that no ticket would be taken");
        }
        Set<String> ids = new HashSet<>();
        for (JWK key : keys.getKeys()) {
            if (key.isPrivate()) {
                throw new OptionException(
                        "TICKET_JWKS has a private key: make a new pair, keep the private key with the"
                                + " game's backend, and give the public one here");
            }
            if (!(key instanceof ECKey ec) || !Curve.P_256.equals(ec.getCurve())) {
                throw new OptionException("TICKET_JWKS has a key that is not an EC key of curve P-256, as ES256 asks");
            }
            if (key.getKeyID() == null || key.getKeyID().isEmpty() || !ids.add(key.getKeyID())) {
                throw new OptionException("TICKET_JWKS has a key without kid, or two with the same");
            }
        }
    }
}
