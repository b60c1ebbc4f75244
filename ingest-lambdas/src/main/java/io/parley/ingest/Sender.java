package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketEvent.RequestContext;
import io.parley.core.room.SeedParticipant;
import java.util.Map;

/**
 * Who sent a message and on which way, by what the gateway says of it; never by what the message says.
 *
 * @param participant as the authorizer named it, or null on a route without one
 * @param route the gateway's route key, such as {@code sendaudio}
 * @param arrivalTimeMs when the gateway received the message
 * @param tokenExpiresAtMs when the user token expires that the connection was opened with; 0 if there was none
 */
record Sender(
        String connection,
        String participant,
        String requestId,
        String route,
        String domainName,
        String stage,
        long connectedAtMs,
        long arrivalTimeMs,
        long tokenExpiresAtMs) {

    /** The authorizer's context field with the participant's id. */
    static final String PARTICIPANT = "participant";
    /** The authorizer's context field that says how the connection speaks, where that is not {@code parley.v1}. */
    static final String CLIENT = "client";
    /** As {@link #CLIENT}: the original protocol. Its connection then names the participant. */
    static final String SEED = "seed";

    /** The authorizer's context field with the token's expiry in milliseconds, as text. */
    static final String TOKEN_EXPIRES_AT = "tokenExpiresAt";

    static Sender of(RequestContext context) {
        Map<String, Object> authorizer = context.getAuthorizer();
        return new Sender(
                context.getConnectionId(),
                participant(context.getConnectionId(), authorizer == null ? Map.of() : authorizer),
                orEmpty(context.getRequestId()),
                orEmpty(context.getRouteKey()),
                orEmpty(context.getDomainName()),
                orEmpty(context.getStage()),
                context.getConnectedAt(),
                context.getRequestTimeEpoch(),
                tokenExpiresAtMs(authorizer));
    }

    private static long tokenExpiresAtMs(Map<String, Object> authorizer) {
        Object text = authorizer == null ? null : authorizer.get(TOKEN_EXPIRES_AT);
        return text == null ? 0 : Long.parseLong(text.toString());
    }

    private static String participant(String connection, Map<String, Object> authorizer) {
        Object participant = authorizer.get(PARTICIPANT);
        if (participant != null) {
            return participant.toString();
        }
        return SEED.equals(authorizer.get(CLIENT)) ? SeedParticipant.of(connection) : null;
    }

    /** Whether it is a client of the original protocol. */
    boolean isSeed() {
        return participant != null && SeedParticipant.is(participant);
    }

    /** What was asked for, as the gateway chose the route by it; null where it did not. */
    String action() {
        return route.startsWith("$") ? null : route;
    }

    private static String orEmpty(String text) {
        return text == null ? "" : text;
    }
}
