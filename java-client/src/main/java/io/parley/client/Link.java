package io.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.error.Retry;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/**
 * One open connection as the client uses it: what is sent on it, which answers it owes, and whether it still lives.
 * Runs on the loop.
 */
final class Link {

    private final Connection connection;
    private final VoiceClientOptions options;
    private final EventLoop loop;
    private final Clock clock;
    private final SendQueue queue;
    private final Map<String, Request> requests = new HashMap<>();
    private final Deque<Request> pings = new ArrayDeque<>();
    private long changes;
    private boolean heard = true;
    private boolean asked;
    private EventLoop.Timer keepAlive = () -> {};

    /** A message that waits for its answer. */
    private static final class Request {
        final BiConsumer<JsonNode, Long> answered;
        final Consumer<VoiceException> failed;
        final long timeMs;
        EventLoop.Timer timer = () -> {};

        Request(BiConsumer<JsonNode, Long> answered, Consumer<VoiceException> failed, long timeMs) {
            this.answered = answered;
            this.failed = failed;
            this.timeMs = timeMs;
        }
    }

    Link(
            Connection connection,
            VoiceClientOptions options,
            EventLoop loop,
            Clock clock,
            Counters counters,
            SendPlaces places) {
        this.connection = connection;
        this.options = options;
        this.loop = loop;
        this.clock = clock;
        this.queue = new SendQueue(connection.socket(), loop, counters, places);
    }

    Connection connection() {
        return connection;
    }

    SendQueue queue() {
        return queue;
    }

    /** The number of the next change that is asked for on this connection: of two the higher holds. */
    long nextChange() {
        return ++changes;
    }

    /** Waits for the answer with that id. */
    void request(String id, BiConsumer<JsonNode, Long> answered, Consumer<VoiceException> failed) {
        Request request = new Request(answered, failed, clock.millis());
        request.timer = loop.schedule(options.answerTimeout().toMillis(), () -> {
            if (requests.remove(id, request)) {
                failed.accept(new VoiceException(timeout(null)));
            }
        });
        requests.put(id, request);
    }

    void ping(BiConsumer<JsonNode, Long> answered, Consumer<VoiceException> failed) {
        Request ping = new Request(answered, failed, clock.millis());
        ping.timer = loop.schedule(options.answerTimeout().toMillis(), () -> {
            if (pings.remove(ping)) {
                failed.accept(new VoiceException(timeout(null)));
            }
        });
        pings.add(ping);
        queue.addOwn(ClientMessages.ping(ping.timeMs));
    }

    static VoiceError timeout(String room) {
        return VoiceError.local(VoiceError.TIMEOUT, "No answer came in time.", Retry.LATER, room);
    }

    /** {@code accepted} or {@code probe}. */
    void answered(JsonNode message, long receivedUs) {
        Request request = requests.remove(message.path("id").asText());
        if (request != null) {
            request.timer.cancel();
            request.answered.accept(message, receivedUs);
        }
    }

    void pong(JsonNode message, long receivedUs) {
        long timeMs = message.path("time").asLong(-1);
        for (Request ping : pings) {
            if (ping.timeMs == timeMs) {
                pings.remove(ping);
                ping.timer.cancel();
                ping.answered.accept(message, receivedUs);
                return;
            }
        }
    }

    /** Fails the request that the error answers; gives false if there is none. */
    boolean failed(VoiceError error) {
        Request request = error.id() == null ? null : requests.remove(error.id());
        if (request == null) {
            return false;
        }
        request.timer.cancel();
        request.failed.accept(new VoiceException(error));
        return true;
    }

    /** Something came in. */
    void heard() {
        heard = true;
    }

    /** Asks the server for a sign of life whenever it says nothing for a while; what to do if it gives none. */
    void keepAlive(Runnable silent) {
        keepAlive = loop.schedule(options.keepAlive().toMillis(), () -> {
            if (!heard && asked) {
                silent.run();
                return;
            }
            asked = !heard;
            heard = false;
            if (asked) {
                ping((message, at) -> {}, failure -> {});
            }
            keepAlive(silent);
        });
    }

    /** Nobody asks any more whether it still lives: it is only kept open for what is under way. */
    void retire() {
        keepAlive.cancel();
    }

    /** The connection is gone, or is to be closed now: what waits or is owed fails. */
    void close(VoiceError error) {
        keepAlive.cancel();
        queue.close();
        List<Request> waiting = new ArrayList<>(requests.values());
        waiting.addAll(pings);
        requests.clear();
        pings.clear();
        VoiceException failure = new VoiceException(error);
        for (Request request : waiting) {
            request.timer.cancel();
            request.failed.accept(failure);
        }
        connection.close();
    }
}
