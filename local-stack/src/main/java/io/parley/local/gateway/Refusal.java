package io.parley.local.gateway;

/**
 * An upgrade that is refused, with the answer that the client gets instead of the 101.
 *
 * <p>401 and 403: "Manage connected users and client apps: $connect and $disconnect routes". 429: "Protect your
 * WebSocket APIs". 500 for a failed authorizer: "Gateway response types" (AUTHORIZER_FAILURE). The integration's own
 * status: "Set up a $connect route that requires a WebSocket subprotocol" (its 400 reaches the client). Not verified:
 * 426, 502 for a function error, 504 for a timeout; all bodies.
 */
record Refusal(int status, String type, String message) {

    static final Refusal UNAUTHORIZED = new Refusal(401, "UnauthorizedException", "Unauthorized");
    static final Refusal FORBIDDEN = new Refusal(403, "ForbiddenException", "Forbidden");
    static final Refusal NOT_AN_UPGRADE = new Refusal(426, "UpgradeRequiredException", "Upgrade Required");
    static final Refusal THROTTLED = new Refusal(429, "TooManyRequestsException", "Too Many Requests");
    static final Refusal AUTHORIZER_FAILED = new Refusal(500, "InternalServerErrorException", "Internal server error");
    static final Refusal INTEGRATION_FAILED = new Refusal(502, "InternalServerErrorException", "Internal server error");
    static final Refusal STOPPING = new Refusal(503, "ServiceUnavailableException", "Service Unavailable");
    static final Refusal INTEGRATION_TIMED_OUT =
            new Refusal(504, "InternalServerErrorException", "Endpoint request timed out");

    /** The status that the {@code $connect} integration chose, from 300 on. */
    static Refusal byIntegration(int status) {
        return switch (status) {
            case 401 -> UNAUTHORIZED;
            case 403 -> FORBIDDEN;
            case 429 -> THROTTLED;
            default -> new Refusal(status, "IntegrationRefusedException", "Refused by $connect");
        };
    }
}
