package io.parley.local.gateway;

/**
 * The gateway's own frames to a client: no {@code action}, a message, and the ids to look it up by.
 *
 * <p>"Internal server error" (a function error) and "Forbidden" (no route) are as clients of the service report them;
 * "Too Many Requests" and "Endpoint request timed out" take the texts of "Gateway response types" into the same form:
 * not verified.
 */
final class GatewayMessages {

    static final String INTERNAL_SERVER_ERROR = "Internal server error";
    static final String FORBIDDEN = "Forbidden";
    static final String TOO_MANY_REQUESTS = "Too Many Requests";
    static final String TIMED_OUT = "Endpoint request timed out";

    private GatewayMessages() {}

    /** None of the parts needs escaping: fixed texts and ids in base64. */
    static String frame(String message, String connectionId, String requestId) {
        return "{\"message\": \"" + message + "\", \"connectionId\":\"" + connectionId + "\", \"requestId\":\""
                + requestId + "\"}";
    }
}
