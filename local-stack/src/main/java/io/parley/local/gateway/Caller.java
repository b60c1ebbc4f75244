package io.parley.local.gateway;

import java.util.Map;

/**
 * What is the same in all events of one connection.
 *
 * @param userAgent null where the client sent none
 * @param authorizer {@code requestContext.authorizer}; null where there is no authorizer or before it has answered
 */
record Caller(
        String connectionId, long connectedAtMs, String sourceIp, String userAgent, Map<String, String> authorizer) {

    Caller authorizedAs(Map<String, String> authorizer) {
        return new Caller(connectionId, connectedAtMs, sourceIp, userAgent, authorizer);
    }
}
