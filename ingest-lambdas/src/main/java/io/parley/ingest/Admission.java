package io.parley.ingest;

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
 * caller under it. A page may connect only from an allowed origin; a program sends no Origin. No token is ever logged.
 */
final class Admission {

    static final String API_KEY = "x-api-key";

    private static final Logger LOG = LoggerFactory.getLogger(Admission.class);
    private static final String BEARER_SCHEME = "bearer ";
    private static final String BEARER_SUBPROTOCOL = "bearer.";

    private final TokenVerifier verifier;
    private final Set<String> allowedOrigins;
    private final IngestMetrics metrics;

    Admission(TokenVerifier verifier, Set<String> allowedOrigins, IngestMetrics metrics) {
        this.verifier = Objects.requireNonNull(verifier);
        this.allowedOrigins = Set.copyOf(allowedOrigins);
        this.metrics = Objects.requireNonNull(metrics);
    }

    /**
     * What was decided.
     *
     * @param token null where the caller is turned away with 403
     * @param apiKey null where there was none
     */
    record Decision(UserToken token, String apiKey) {
        boolean isAllowed() {
            return token != null;
        }
    }

    /**
     * Throws {@link Unauthorized} for a token that is missing or not valid.
     *
     * @param headers names in any case; may be null, as may the query
     */
    Decision decide(Map<String, String> headers, Map<String, String> query) {
        Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        byName.putAll(headers == null ? Map.of() : headers);
        try {
            UserToken token = verifier.verify(token(byName));
            String apiKey = byName.getOrDefault(API_KEY, query == null ? null : query.get(API_KEY));
            String origin = byName.get("Origin");
            if (apiKey == null || apiKey.isEmpty()) {
                return turnedAway("without an API key", null);
            }
            if (origin != null && !allowedOrigins.contains(origin)) {
                return turnedAway("from an origin that is not allowed", apiKey);
            }
            metrics.add(Counter.CONNECTS_ALLOWED, 1);
            return new Decision(token, apiKey);
        } catch (Unauthorized e) {
            metrics.add(Counter.CONNECTS_REFUSED, 1);
            LOG.info("a connection was refused: {}", e.getMessage());
            throw e;
        }
    }

    private Decision turnedAway(String why, String apiKey) {
        metrics.add(Counter.CONNECTS_REFUSED, 1);
        LOG.info("a connection was refused: {}", why);
        return new Decision(null, apiKey);
    }

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
        if (token == null || token.isEmpty()) {
            throw new Unauthorized("no token");
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
