package io.parley.local.system;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.stack.DevelopmentCredentials;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A WebSocket client that sends whatever it is told, right or wrong, and keeps all that comes. */
public final class RawClient implements WebSocket.Listener, AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SECONDS = 30;
    /** Characters. */
    private static final int FRAME = 8_000;

    private final StringBuilder part = new StringBuilder();
    private final List<JsonNode> received = new ArrayList<>();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    private volatile boolean deaf;
    private WebSocket socket;

    static RawClient connect(DevelopmentCredentials credentials, String token) throws Exception {
        return connect(credentials.url(), credentials.apiKey(), token);
    }

    public static RawClient connect(String url, String apiKey, String token) throws Exception {
        RawClient client = new RawClient();
        client.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("x-api-key", apiKey)
                .header("Authorization", "Bearer " + token)
                .subprotocols("parley.v1")
                .buildAsync(URI.create(url), client)
                .get(SECONDS, TimeUnit.SECONDS);
        return client;
    }

    /** As the original client connects: by the API key alone. */
    static RawClient connectSeed(DevelopmentCredentials credentials) throws Exception {
        RawClient client = new RawClient();
        client.socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .header("x-api-key", credentials.apiKey())
                .buildAsync(URI.create(credentials.url()), client)
                .get(SECONDS, TimeUnit.SECONDS);
        return client;
    }

    void send(String text) throws Exception {
        socket.sendText(text, true).get(SECONDS, TimeUnit.SECONDS);
    }

    /** @param fields names and values, in turn */
    public void sendAction(String action, Object... fields) throws Exception {
        ObjectNode message = JSON.createObjectNode().put("action", action);
        for (int i = 0; i < fields.length; i += 2) {
            message.set((String) fields[i], JSON.valueToTree(fields[i + 1]));
        }
        send(message.toString());
    }

    /** In frames that the gateway takes, however long the message is. */
    void sendInFrames(String text) throws Exception {
        for (int i = 0; i < text.length(); i += FRAME) {
            int end = Math.min(i + FRAME, text.length());
            socket.sendText(text.substring(i, end), end == text.length()).get(SECONDS, TimeUnit.SECONDS);
        }
    }

    /** Takes no more from the network, until {@link #listen}. */
    void stopListening() {
        deaf = true;
    }

    void listen() {
        deaf = false;
        socket.request(1);
    }

    void sendBinary(byte[] bytes) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).get(SECONDS, TimeUnit.SECONDS);
    }

    /** The first message, of those that came or will come, that fits; it is taken out. */
    public JsonNode await(Predicate<JsonNode> fits) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        synchronized (received) {
            while (true) {
                for (JsonNode message : received) {
                    if (fits.test(message)) {
                        received.remove(message);
                        return message;
                    }
                }
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new AssertionError("nothing that fits has come; what came: " + received);
                }
                TimeUnit.NANOSECONDS.timedWait(received, left);
            }
        }
    }

    public JsonNode awaitAction(String action) throws InterruptedException {
        return await(message -> message.path("action").asText().equals(action));
    }

    /** Whether a message that fits has come. */
    boolean has(Predicate<JsonNode> fits) {
        synchronized (received) {
            return received.stream().anyMatch(fits);
        }
    }

    /** All that has come and was not taken out. */
    List<JsonNode> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    /** The close code, once the server has closed. */
    public int awaitClose() throws Exception {
        return closed.get(SECONDS, TimeUnit.SECONDS);
    }

    /** Whether the connection has ended. */
    public boolean isClosed() {
        return closed.isDone();
    }

    /** Cuts the connection without a word, as a phone in a tunnel does. */
    public void cut() {
        socket.abort();
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            try {
                JsonNode message = JSON.readTree(part.toString());
                synchronized (received) {
                    received.add(message);
                    received.notifyAll();
                }
            } catch (IOException e) {
                throw new AssertionError("the server sent what is not JSON: " + part, e);
            }
            part.setLength(0);
        }
        if (!deaf) {
            webSocket.request(1);
        }
        return null;
    }

    @Override
    public CompletionStage<?> onClose(WebSocket webSocket, int statusCode, String reason) {
        closed.complete(statusCode);
        return null;
    }

    @Override
    public void onError(WebSocket webSocket, Throwable error) {
        closed.completeExceptionally(error);
    }

    @Override
    public void close() {
        socket.abort();
    }
}
