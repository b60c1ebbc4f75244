package io.parley.local.conformance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.net.http.WebSocket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * One end of a WebSocket that sends whatever it is told, right or wrong, and keeps all that comes. It knows nothing of
 * the Java client, so that both can be wrong only each in its own way.
 */
final class Peer implements WebSocket.Listener, AutoCloseable {

    /** How long an answer may take before it counts as missing. */
    static final int PATIENCE_SECONDS = 20;

    private static final ObjectMapper JSON = new ObjectMapper();

    WebSocket socket;

    private final StringBuilder part = new StringBuilder();
    private final CompletableFuture<Integer> closed = new CompletableFuture<>();
    // Guarded by itself.
    private final List<JsonNode> received = new ArrayList<>();
    private JsonNode unreadable;
    private final Consumer<JsonNode> seen;

    /** @param seen is told of every message that comes */
    Peer(Consumer<JsonNode> seen) {
        this.seen = seen;
    }

    String subprotocol() {
        return socket.getSubprotocol();
    }

    /** A message with these fields, name and value by turns; a value is text, a number, a boolean or null for none. */
    void send(String action, Object... fields) throws Exception {
        ObjectNode message = JSON.createObjectNode().put("action", action);
        for (int i = 0; i < fields.length; i += 2) {
            if (fields[i + 1] != null) {
                message.set((String) fields[i], JSON.valueToTree(fields[i + 1]));
            }
        }
        sendText(message.toString());
    }

    void sendText(String text) throws Exception {
        socket.sendText(text, true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    void sendBinary(byte[] bytes) throws Exception {
        socket.sendBinary(ByteBuffer.wrap(bytes), true).get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    /** The first message, of those that came or will come, that fits; it is taken out. */
    JsonNode await(String what, Predicate<JsonNode> fits) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (received) {
            while (true) {
                for (int i = 0; i < received.size(); i++) {
                    if (fits.test(received.get(i))) {
                        return received.remove(i);
                    }
                }
                failOnError(what);
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new NotConformant(
                            what + " did not come within " + PATIENCE_SECONDS + " s; what came: " + summary());
                }
                TimeUnit.NANOSECONDS.timedWait(received, left);
            }
        }
    }

    JsonNode await(String action) throws InterruptedException {
        return await(action, message -> message.path("action").asText().equals(action));
    }

    /** An error that nobody asked for is the better explanation than that something did not come. */
    private void failOnError(String what) {
        for (JsonNode message : received) {
            if (message.path("action").asText().equals("error")) {
                throw new NotConformant("instead of " + what + " came " + message);
            }
        }
    }

    JsonNode awaitAccepted(String action) throws InterruptedException {
        return await(
                "accepted of " + action,
                message -> message.path("action").asText().equals("accepted")
                        && message.path("for").asText().equals(action));
    }

    JsonNode awaitError(String code) throws InterruptedException {
        JsonNode error = await("error");
        NotConformant.expect(code, error.path("code").asText(), "the error's code");
        return error;
    }

    /** Whether a message that fits has come and was not taken out. */
    boolean has(Predicate<JsonNode> fits) {
        synchronized (received) {
            return received.stream().anyMatch(fits);
        }
    }

    /** All ticks of the room that came so far and were not taken out, in order. */
    List<JsonNode> ticks(String room) {
        List<JsonNode> ticks = new ArrayList<>();
        synchronized (received) {
            for (JsonNode message : received) {
                if (message.path("action").asText().equals("tick")
                        && message.path("room").asText().equals(room)) {
                    message.path("ticks").forEach(ticks::add);
                }
            }
        }
        return ticks;
    }

    /** Waits until the ticks of the room that came so far are as they should be. */
    void awaitTicks(String room, String what, Predicate<List<JsonNode>> enough) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        synchronized (received) {
            while (!enough.test(ticks(room))) {
                failOnError(what);
                long left = end - System.nanoTime();
                if (left <= 0) {
                    throw new NotConformant(what + " did not come within " + PATIENCE_SECONDS + " s; ticks of " + room
                            + ": " + cut(ticks(room).toString()));
                }
                TimeUnit.NANOSECONDS.timedWait(received, left);
            }
        }
    }

    /** Waits until a tick of the room has that event; gives it. */
    JsonNode awaitEvent(String room, String kind, Predicate<JsonNode> fits) throws InterruptedException {
        List<JsonNode> found = new ArrayList<>();
        awaitTicks(room, "an event " + kind + " that fits", ticks -> {
            found.clear();
            for (JsonNode tick : ticks) {
                for (JsonNode event : tick.path("events")) {
                    if (event.path("kind").asText().equals(kind) && fits.test(event)) {
                        found.add(event);
                    }
                }
            }
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** Whether it comes about within that time, as messages come. */
    boolean becomes(BooleanSupplier condition, int milliseconds) throws InterruptedException {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(milliseconds);
        synchronized (received) {
            while (!condition.getAsBoolean()) {
                long left = end - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(received, left);
            }
            return true;
        }
    }

    /** The close code, once the server has closed. */
    int awaitClose() throws Exception {
        try {
            return closed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new NotConformant("the server did not close the connection");
        }
    }

    private String summary() {
        if (unreadable != null) {
            return "not JSON: " + cut(unreadable.asText());
        }
        return cut(received.toString());
    }

    private static String cut(String text) {
        return text.length() <= 400 ? text : text.substring(0, 400) + " ...";
    }

    @Override
    public CompletionStage<?> onText(WebSocket webSocket, CharSequence data, boolean last) {
        part.append(data);
        if (last) {
            synchronized (received) {
                try {
                    JsonNode message = JSON.readTree(part.toString());
                    received.add(message);
                    seen.accept(message);
                } catch (IOException e) {
                    unreadable = JSON.getNodeFactory().textNode(part.toString());
                }
                received.notifyAll();
            }
            part.setLength(0);
        }
        webSocket.request(1);
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

    /** Leaves without a closing handshake, as many clients do. */
    @Override
    public void close() {
        socket.abort();
    }
}
