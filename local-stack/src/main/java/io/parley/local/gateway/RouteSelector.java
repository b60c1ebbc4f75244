package io.parley.local.gateway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.Set;

/**
 * The route selection expression {@code $request.body.action}. Per message: no tree, no object but the key.
 *
 * <p>"Create routes for WebSocket APIs in API Gateway": the value is stringified and must match a route key exactly;
 * what is not JSON, has no such property or matches nothing goes to {@code $default}. That a message cannot name
 * {@code $connect} or {@code $disconnect} is not verified; here it cannot.
 */
final class RouteSelector {

    private static final JsonFactory JSON = new JsonFactory();

    private final Set<String> routeKeys;

    RouteSelector(Set<String> routeKeys) {
        this.routeKeys = routeKeys;
    }

    /** The route key of a message's UTF-8 bytes; {@code $default} also where no such route exists. */
    String select(byte[] body) {
        String action = action(body);
        return action == null || action.startsWith("$") || !routeKeys.contains(action)
                ? GatewayOptions.DEFAULT
                : action;
    }

    private static String action(byte[] body) {
        String action = null;
        try (JsonParser parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                boolean isAction = "action".equals(parser.currentName());
                JsonToken value = parser.nextToken();
                if (value.isStructStart()) {
                    parser.skipChildren();
                } else if (isAction) {
                    action = value == JsonToken.VALUE_NULL ? null : parser.getText();
                }
            }
            // What follows the object, or an end in its middle, makes the whole body not JSON.
            return parser.currentToken() == JsonToken.END_OBJECT && parser.nextToken() == null ? action : null;
        } catch (IOException e) {
            return null;
        }
    }
}
