package io.parley.local.system;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** Tries an upgrade that must not succeed. */
public final class RefusedUpgrade {

    private RefusedUpgrade() {}

    /** The HTTP status of the refusal; headers that are null are left out. */
    public static int status(String url, String apiKey, String token) throws Exception {
        WebSocket.Builder builder =
                HttpClient.newHttpClient().newWebSocketBuilder().subprotocols("parley.v1");
        if (apiKey != null) {
            builder.header("x-api-key", apiKey);
        }
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        try {
            builder.buildAsync(URI.create(url), new WebSocket.Listener() {})
                    .get(30, TimeUnit.SECONDS)
                    .abort();
            throw new AssertionError("the upgrade succeeded");
        } catch (ExecutionException e) {
            return ((WebSocketHandshakeException) e.getCause()).getResponse().statusCode();
        }
    }
}
