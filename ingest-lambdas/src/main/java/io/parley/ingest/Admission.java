package io.parley.ingest;

import io.parley.core.error.ErrorCode;
import io.parley.core.port.Suspensions;
import io.parley.ingest.IngestMetrics.Counter;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides who may open a connection.
 *
 * <p>The user token comes as {@code Authorization: Bearer}, or, from a browser, which can set no headers, as a
 * subprotocol {@code bearer.<jwt>}; two different ones are refused. The API key comes as header {@code x-api-key}, or in
 * the query under the same name; whether it is one of the deployment's is for the gateway to say, which counts the
 * caller under it. A page may connect only from an allowed origin; a program sends no Origin. Whom the operator has
 * suspended is turned away. No token is ever logged.
 *
 * <p>Where clients of the original protocol are served, who brings no token and offers no subprotocol is one of them,
 * and the API key is all that lets it in.
 */
final class Admission {

    static final String API_KEY = "x-api-key";

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final String BEARER_SCHEME = "bearer ";
    private static final String BEARER_SUBPROTOCOL = "bearer.";

    private final TokenVerifier verifier;
    private final Suspensions suspensions;
    private final Set<String> allowedOrigins;
    private final boolean servesSeedClients;
    private final IngestMetrics metrics;

    Admission(
            TokenVerifier verifier,
            Suspensions suspensions,
            Set<String> allowedOrigins,
            boolean servesSeedClients,
            IngestMetrics metrics) {
        this.verifier = Objects.requireNonNull(verifier);
        this.suspensions = Objects.requireNonNull(suspensions);
        this.allowedOrigins = Set.copyOf(allowedOrigins);
        this.servesSeedClients = servesSeedClients;
        this.metrics = Objects.requireNonNull(metrics);
    }

    /**
     * What was decided.
     *
     * @param token null where the caller is turned away with 403, or a client of the original protocol
     * @param seed whether it is a client of the original protocol, and let in
     * @param apiKey null where there was none
     */
    record Decision(UserToken token, boolean seed, String apiKey) {
        boolean isAllowed() {
            return token != null || seed;
        }
    }

    /**
     * Throws {@link Unauthorized} for a token that is missing or not valid, and {@link IllegalStateException} or
     * {@link io.parley.core.error.ParleyException} where that, or the user's suspension, cannot be looked up.
     *
     * @param headers names in any case; may be null, as may the query
     */
    Decision decide(Map<String, String> headers, Map<String, String> query) {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers == null ? Map.of() : headers);
        try {
            String presented = token(byName);
            boolean seed = presented == null && servesSeedClients && !byName.containsKey("Sec-WebSocket-Protocol");
            if (presented == null && !seed) {
                throw new Unauthorized("no token");
            }
            UserToken token = seed ? null : verifier.verify(presented);
            String apiKey = byName.getOrDefault(API_KEY, query == null ? null : query.get(API_KEY));
            String why = objection(token, apiKey, byName.get("Origin"));
            if (why != null) {
                return turnedAway(why, apiKey);
            }
            metrics.add(Counter.CONNECTS_ALLOWED, 1);
            return new Decision(token, seed, apiKey);
        } catch (Unauthorized e) {
            metrics.add(Counter.CONNECTS_REFUSED, 1);
            LOG.info("a connection was refused: {}", e.getMessage());
            throw e;
        }
    }

    /** Why the bearer of a valid token, or of none where none is asked for, is not let in all the same; or null. */
    private String objection(UserToken token, String apiKey, String origin) {
        if (apiKey == null || apiKey.isEmpty()) {
            return "without an API key";
        }
        if (origin != null && !allowedOrigins.contains(origin)) {
            return "from an origin that is not allowed";
        }
        if (token != null && suspensions.find(token.participant()).isPresent()) {
            return ErrorCode.SUSPENDED + " is " + token.participant();
        }
        return null;
    }

    private Decision turnedAway(String why, String apiKey) {
        metrics.add(Counter.CONNECTS_REFUSED, 1);
        LOG.info("a connection was refused: {}", why);
        return new Decision(null, false, apiKey);
    }

    /** Null where none was presented; throws {@link Unauthorized} for what is none or is two. */
    private static String token(Map<String, String> headers) {
        String token = bearer(headers.get("Authorization"));
        for (String offered : headers.getOrDefault("Sec-WebSocket-Protocol", "").split(",")) {
            String protocol = offered.trim();
            if (!protocol.startsWith(BEARER_SUBPROTOCOL)) {
                continue;
            }
            String other = protocol.substring(BEARER_SUBPROTOCOL.length());
            if (token != null && !token.equals(other)) {
                throw new Unauthorized("two different tokens");
            }
            token = other;
        }
        if (token != null && token.isEmpty()) {
            throw new Unauthorized("an empty token");
        }
        return token;
    }

    private static String bearer(String authorization) {
        if (authorization == null) {
            return null;
        }
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(BEARER_SCHEME)) {
            throw new Unauthorized("an Authorization of another scheme than Bearer");
        }
        return authorization.substring(BEARER_SCHEME.length()).trim();
    }
}
