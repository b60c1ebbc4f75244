package io.parley.local.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** A request to open a WebSocket, header by header, so that it may also be a wrong one. Immutable. */
final class Upgrade {

    private static final String SUBPROTOCOL = "parley.v1";

    private final HttpClient http;
    private final URI url;
    private final Consumer<JsonNode> seen;
    private final Map<String, String> headers;
    private final List<String> subprotocols;

    private Upgrade(
            HttpClient http, URI url, Consumer<JsonNode> seen, Map<String, String> headers, List<String> subprotocols) {
        this.http = http;
        this.url = url;
        this.seen = seen;
        this.headers = headers;
        this.subprotocols = subprotocols;
    }

    /**
     * Without a token and without an API key.
     *
     * @param seen is told of every message that comes
     */
    static Upgrade of(HttpClient http, URI url, Consumer<JsonNode> seen) {
        return new Upgrade(http, url, seen, Map.of(), List.of(SUBPROTOCOL));
    }

    Upgrade header(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new Upgrade(http, url, seen, more, subprotocols);
    }

    Upgrade token(String token) {
        return header("Authorization", "Bearer " + token);
    }

    Upgrade apiKey(String key) {
        return header("x-api-key", key);
    }

    Upgrade subprotocol(String name) {
        List<String> more = new ArrayList<>(subprotocols);
        more.add(name);
        return new Upgrade(http, url, seen, headers, more);
    }

    Peer open() throws Exception {
        Peer peer = new Peer(seen);
        peer.socket = request(peer);
        return peer;
    }

    /** The HTTP status with which it is refused. */
    int refusal() throws Exception {
        try {
            request(new Peer(seen)).abort();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof WebSocketHandshakeException) {
                return ((WebSocketHandshakeException) e.getCause())
                        .getResponse()
                        .statusCode();
            }
            throw e;
        }
        throw new NotConformant("the connection was opened instead of refused");
    }

    private WebSocket request(WebSocket.Listener listener) throws Exception {
        WebSocket.Builder builder = http.newWebSocketBuilder();
        headers.forEach(builder::header);
        builder.subprotocols(
                subprotocols.get(0),
                subprotocols.subList(1, subprotocols.size()).toArray(new String[0]));
        return builder.buildAsync(url, listener).get(Peer.PATIENCE_SECONDS, TimeUnit.SECONDS);
    }
}
