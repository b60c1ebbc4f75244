package io.parley.ingest;

import com.amazonaws.services.lambda.runtime.events.APIGatewayV2WebSocketResponse;
import io.parley.core.error.ErrorCode;
import java.util.Map;

/**
 * What a handler returns to the gateway. Of messages the client never sees it, since the routes have no response; it is
 * what the gateway's log and metrics see.
 */
final class GatewayResponse {

    private GatewayResponse() {}

    static APIGatewayV2WebSocketResponse status(int statusCode) {
        APIGatewayV2WebSocketResponse response = new APIGatewayV2WebSocketResponse();
        response.setStatusCode(statusCode);
        return response;
    }

    /** The code's status, and a body that names the code. */
    static APIGatewayV2WebSocketResponse refused(ErrorCode code) {
        return of(Ingested.refused(code));
    }

    static APIGatewayV2WebSocketResponse withHeaders(int statusCode, Map<String, String> headers) {
        APIGatewayV2WebSocketResponse response = status(statusCode);
        response.setHeaders(headers);
        return response;
    }

    /** 200 if the message was taken; the body names what was refused, or what failed beside it. */
    static APIGatewayV2WebSocketResponse of(Ingested ingested) {
        APIGatewayV2WebSocketResponse response =
                status(ingested.refusal() == null ? 200 : statusOf(ingested.refusal()));
        StringBuilder body = new StringBuilder();
        if (ingested.refusal() != null) {
            append(body, "\"refused\":\"" + ingested.refusal().code() + '"');
        }
        if (!ingested.archived()) {
            append(body, "\"archived\":false");
        }
        if (!ingested.reported()) {
            append(body, "\"reported\":false");
        }
        if (body.length() > 0) {
            response.setBody(body.append('}').toString());
        }
        return response;
    }

    private static void append(StringBuilder body, String field) {
        body.append(body.length() == 0 ? '{' : ',').append(field);
    }

    private static int statusOf(ErrorCode code) {
        return switch (code) {
            case UNAVAILABLE -> 503;
            case INTERNAL -> 500;
            case RATE_LIMITED, TOO_MANY_CONNECTIONS -> 429;
            case UNAUTHORIZED -> 401;
            case NOT_JOINED,
                    NOT_ALLOWED,
                    MUTED,
                    BANNED,
                    API_KEY,
                    SUSPENDED,
                    TICKET_REQUIRED,
                    TICKET_INVALID,
                    TICKET_EXPIRED,
                    TICKET_USED -> 403;
            case CONNECTION_GONE -> 410;
            case MESSAGE_TOO_LARGE -> 413;
            default -> 400;
        };
    }
}
