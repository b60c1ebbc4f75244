package io.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;

/**
 * A client of one Parley deployment: one connection, any number of rooms.
 *
 * <pre>
 *  VoiceClient client = VoiceClient.create(
 *          VoiceClientOptions.of(uri).withApiKey(key).withTokens(TokenSource.fixed(jwt)), listener);
 *  client.connect().thenCompose(open -&gt; client.join("lobby")).join();
 *  SpeakerStream speaker = client.speaker("lobby", Codec.OPUS, 20_000, 5);
 *  speaker.frame(level, packet);
 * </pre>
 *
 * <p>A lost connection is opened again after growing, varying pauses, and its rooms are joined again; what was waiting
 * to be sent then is lost, since speech is worth nothing later. It stops for good when the server refuses the token, a
 * fresh one too, says {@code bye} without reconnect or answers with an error to be obeyed by stopping.
 *
 * <p>Thread safe; no method but {@link #close} blocks. Futures complete on the client's thread and fail with
 * {@link VoiceException}: do nothing slow after them without an executor of your own.
 */
public final class VoiceClient implements AutoCloseable {

    private static final int JOIN_ATTEMPTS = 3;
    private static final long REJOIN_MS = 1_000;
    private static final long DRAIN_MS = 1_000;
    private static final long CLOSE_WAIT_MS = 3_000;

    private final VoiceClientOptions options;
    private final EventLoop loop;
    private final Clock clock;
    private final Counters counters = new Counters();
    private final GuardedListener listener;
    private final Connector connector;
    private final SendQueue queue;
    private final AtomicLong ids = new AtomicLong();
    /** How often each room was joined; read by speakers on any thread. */
    private final Map<String, Integer> joins = new ConcurrentHashMap<>();

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // What follows belongs to the loop.
    private final Map<String, Room> rooms = new LinkedHashMap<>();
    private final Map<String, Request> requests = new HashMap<>();
    private final Deque<Request> pings = new ArrayDeque<>();
    private boolean begun;
    private boolean open;
    private boolean wasOpen;
    private boolean closing;
    private VoiceError over;
    private boolean heard;
    private boolean asked;
    private EventLoop.Timer keepAlive = () -> {};

    /** A room that the application wants to be in. */
    private static final class Room {
        final String id;
        final String displayName;
        final RoomReceiver receiver;
        final CompletableFuture<JoinedRoom> joining;
        boolean joined;
        int attempts;
        String messageId;
        EventLoop.Timer timer = () -> {};

        Room(String id, String displayName, RoomReceiver receiver, CompletableFuture<JoinedRoom> joining) {
            this.id = id;
            this.displayName = displayName;
            this.receiver = receiver;
            this.joining = joining;
        }
    }

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

    /** A client with the JDK's WebSocket and a thread of its own. It does nothing until {@link #connect}. */
    public static VoiceClient create(VoiceClientOptions options, VoiceListener listener) {
        return create(options, listener, new JdkTransport());
    }

    /** As {@link #create(VoiceClientOptions, VoiceListener)}, over another transport, which many clients may share. */
    public static VoiceClient create(VoiceClientOptions options, VoiceListener listener, Transport transport) {
        return new VoiceClient(
                options,
                listener,
                transport,
                new ThreadLoop(),
                Clock.systemUTC(),
                () -> ThreadLocalRandom.current().nextDouble());
    }

    VoiceClient(
            VoiceClientOptions options,
            VoiceListener listener,
            Transport transport,
            EventLoop loop,
            Clock clock,
            DoubleSupplier random) {
        this.options = options;
        this.loop = loop;
        this.clock = clock;
        this.listener = new GuardedListener(listener, counters);
        this.queue = new SendQueue(loop, counters, options.maxQueuedMessages());
        this.connector = new Connector(
                options,
                transport,
                loop,
                clock,
                new Backoff(options.minBackoff(), options.maxBackoff(), random),
                counters,
                new Lifecycle());
    }

    /** Opens the connection and keeps it open; completes when it is open for the first time. */
    public CompletableFuture<Void> connect() {
        loop.execute(() -> {
            if (!begun && over == null) {
                begun = true;
                connector.connect();
            }
        });
        return connected.copy();
    }

    /** Joins the room under the participant's own id as display name. */
    public CompletableFuture<JoinedRoom> join(String room) {
        return join(room, null);
    }

    /**
     * Joins the room, and joins it again after every lost connection until {@link #leave}. Completes when the server
     * has ordered it; joining a room a second time changes nothing.
     */
    public CompletableFuture<JoinedRoom> join(String room, String displayName) {
        return onLoop(result -> {
            Room known = rooms.get(room);
            if (known == null) {
                known = new Room(
                        room,
                        displayName,
                        new RoomReceiver(room, options, counters, listener),
                        new CompletableFuture<>());
                rooms.put(room, known);
                sendJoin(known);
            }
            forward(known.joining, result);
        });
    }

    /** Leaves the room; completes when the server has taken that in, at once where there is no connection. */
    public CompletableFuture<Void> leave(String room) {
        return onLoop(result -> {
            Room left = rooms.remove(room);
            if (left != null) {
                left.timer.cancel();
                left.joining.completeExceptionally(new VoiceException(
                        VoiceError.local(VoiceError.CLOSED, "The room was left.", Retry.JOIN, room)));
            }
            if (left == null || !open) {
                result.complete(null);
                return;
            }
            String id = nextId();
            request(id, (message, at) -> result.complete(null), result::completeExceptionally);
            queue.addOwn(ClientMessages.leave(room, id));
        });
    }

    /**
     * Sends a chunk as it is ({@link io.parley.core.chunk.ChunkBuilder} writes one; {@link #speaker} is easier).
     * Completes when the network has taken it. Fails at once where the room is not joined, the connection is lost, or
     * {@link VoiceClientOptions#maxQueuedMessages} messages wait already.
     */
    public CompletableFuture<Void> sendChunk(String room, byte[] chunk) {
        String message = ClientMessages.audio(room, chunk);
        if (message.length() > ClientMessages.MAX_BYTES) {
            return VoiceException.failed(VoiceError.local(
                    ErrorCode.MESSAGE_TOO_LARGE.code(),
                    "A chunk of " + chunk.length + " bytes makes a message of " + message.length() + "; "
                            + ClientMessages.MAX_BYTES + " are allowed.",
                    Retry.FIX,
                    room));
        }
        if (!queue.reserve()) {
            return VoiceException.failed(VoiceError.local(
                    VoiceError.QUEUE_FULL,
                    options.maxQueuedMessages() + " messages wait to be sent: the network takes them too slowly.",
                    Retry.LATER,
                    room));
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        boolean taken = loop.execute(() -> {
            Room joined = rooms.get(room);
            VoiceError refusal = over != null
                    ? over
                    : joined == null || open && !joined.joined
                            ? VoiceError.local(VoiceError.NOT_JOINED, "The room is not joined.", Retry.JOIN, room)
                            : null;
            if (refusal == null) {
                queue.add(message, result);
            } else {
                queue.release();
                result.completeExceptionally(new VoiceException(refusal));
            }
        });
        if (!taken) {
            queue.release();
            result.completeExceptionally(new VoiceException(closedError()));
        }
        return result;
    }

    /**
     * A stream of frames into the room, which numbers and bundles them.
     *
     * @param frameDurationUs of every frame
     * @param framesPerChunk how many frames to send at a time; {@link JoinedRoom#chunkMs} is what the server asks for
     */
    public SpeakerStream speaker(String room, Codec codec, int frameDurationUs, int framesPerChunk) {
        return new SpeakerStream(this, clock, room, codec, frameDurationUs, framesPerChunk);
    }

    /** Asks the server for a sign of life; gives how long it took. */
    public CompletableFuture<Duration> ping() {
        return onLoop(result -> {
            if (!open) {
                result.completeExceptionally(new VoiceException(SendQueue.notConnected()));
                return;
            }
            long sentUs = nowUs();
            sendPing(
                    (message, at) -> result.complete(Duration.ofNanos((at - sentUs) * 1_000)),
                    result::completeExceptionally);
        });
    }

    /** Measures the whole way through the room's job and back. The room must be joined. */
    public CompletableFuture<ProbeTimes> probe(String room) {
        return onLoop(result -> {
            if (!open) {
                result.completeExceptionally(new VoiceException(SendQueue.notConnected()));
                return;
            }
            long sentUs = nowUs();
            String id = nextId();
            request(
                    id,
                    (message, at) -> result.complete(new ProbeTimes(sentUs, ServerMessages.hops(message, -1, 0), at)),
                    result::completeExceptionally);
            queue.addOwn(ClientMessages.probe(room, id, clock.millis()));
        });
    }

    public long count(ClientCounter counter) {
        return counters.count(counter);
    }

    /** Completes when the client has stopped for good, for whatever reason. */
    public CompletableFuture<Void> stopped() {
        return stopped.copy();
    }

    /**
     * Sends what waits, for a second at most, closes the connection and stops for good. Waits for that, but not when
     * called by the listener.
     */
    @Override
    public void close() {
        loop.execute(() -> {
            if (closing || over != null) {
                return;
            }
            closing = true;
            VoiceError reason = closedError();
            loop.schedule(DRAIN_MS, () -> connector.stop(reason));
            queue.whenEmpty(() -> connector.stop(reason));
        });
        if (loop.isCurrent()) {
            return;
        }
        try {
            stopped.get(CLOSE_WAIT_MS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            // It ends on its daemon thread when it can.
        }
    }

    /** How often the room was joined over this client's connections. */
    int joins(String room) {
        return joins.getOrDefault(room, 0);
    }

    private <T> CompletableFuture<T> onLoop(Consumer<CompletableFuture<T>> work) {
        CompletableFuture<T> result = new CompletableFuture<>();
        boolean taken = loop.execute(() -> {
            if (over == null && !closing) {
                work.accept(result);
            } else {
                result.completeExceptionally(new VoiceException(over == null ? closedError() : over));
            }
        });
        if (!taken) {
            result.completeExceptionally(new VoiceException(closedError()));
        }
        return result;
    }

    private static <T> void forward(CompletableFuture<T> from, CompletableFuture<T> to) {
        from.whenComplete((value, failure) -> {
            if (failure == null) {
                to.complete(value);
            } else {
                to.completeExceptionally(failure);
            }
        });
    }

    private static VoiceError closedError() {
        return VoiceError.local(VoiceError.CLOSED, "The client is closed.", Retry.STOP, null);
    }

    private String nextId() {
        return "m" + ids.incrementAndGet();
    }

    private long nowUs() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
    }

    private Request request(String id, BiConsumer<JsonNode, Long> answered, Consumer<VoiceException> failed) {
        Request request = new Request(answered, failed, clock.millis());
        request.timer = loop.schedule(options.answerTimeout().toMillis(), () -> {
            if (requests.remove(id, request)) {
                failed.accept(new VoiceException(timeout(null)));
            }
        });
        requests.put(id, request);
        return request;
    }

    private void sendPing(BiConsumer<JsonNode, Long> answered, Consumer<VoiceException> failed) {
        Request ping = new Request(answered, failed, clock.millis());
        ping.timer = loop.schedule(options.answerTimeout().toMillis(), () -> {
            if (pings.remove(ping)) {
                failed.accept(new VoiceException(timeout(null)));
            }
        });
        pings.add(ping);
        queue.addOwn(ClientMessages.ping(ping.timeMs));
    }

    private static VoiceError timeout(String room) {
        return VoiceError.local(VoiceError.TIMEOUT, "No answer came in time.", Retry.LATER, room);
    }

    private void sendJoin(Room room) {
        if (!open || rooms.get(room.id) != room) {
            return; // joined as soon as the connection is open
        }
        room.timer.cancel();
        room.messageId = nextId();
        room.attempts++;
        room.timer = loop.schedule(options.answerTimeout().toMillis(), () -> {
            if (room.attempts < JOIN_ATTEMPTS || room.joining.isDone()) {
                sendJoin(room);
            } else {
                giveUp(room, timeout(room.id));
            }
        });
        queue.addOwn(ClientMessages.join(room.id, room.displayName, room.messageId));
    }

    private void giveUp(Room room, VoiceError error) {
        room.timer.cancel();
        rooms.remove(room.id, room);
        room.joining.completeExceptionally(new VoiceException(error));
    }

    private void keepAlive() {
        keepAlive = loop.schedule(options.keepAlive().toMillis(), () -> {
            if (!open) {
                return;
            }
            if (!heard && asked) {
                connector.reconnect("the server has fallen silent");
                return;
            }
            asked = !heard;
            heard = false;
            if (asked) {
                sendPing((message, at) -> {}, failure -> {});
            }
            keepAlive();
        });
    }

    private void disconnected(VoiceError error) {
        open = false;
        keepAlive.cancel();
        queue.close();
        VoiceException failure = new VoiceException(error);
        List<Request> waiting = new ArrayList<>(requests.values());
        waiting.addAll(pings);
        requests.clear();
        pings.clear();
        for (Request request : waiting) {
            request.timer.cancel();
            request.failed.accept(failure);
        }
        for (Room room : rooms.values()) {
            room.joined = false;
            room.attempts = 0;
            room.timer.cancel();
        }
    }

    private void receive(String text, long receivedUs) {
        counters.add(ClientCounter.MESSAGES);
        heard = true;
        try {
            JsonNode message = ServerMessages.parse(text);
            JsonNode action = message.path("action");
            if (action.isTextual()) {
                dispatch(action.textValue(), message, receivedUs);
            } else {
                listener.onError(ServerMessages.gatewayError(message));
            }
        } catch (MalformedMessageException e) {
            malformed(e);
        }
    }

    private void malformed(MalformedMessageException what) {
        counters.add(ClientCounter.MALFORMED);
        listener.onError(VoiceError.local(
                VoiceError.MALFORMED, "A message was not understood: " + what.getMessage(), Retry.FIX, null));
    }

    private void dispatch(String action, JsonNode message, long receivedUs) {
        switch (action) {
            case "tick":
                ticks(message, receivedUs);
                break;
            case "joined":
                joined(ServerMessages.joined(message));
                break;
            case "accepted":
            case "probe":
                answered(message, receivedUs);
                break;
            case "pong":
                pong(message, receivedUs);
                break;
            case "error":
                failed(ServerMessages.error(message));
                break;
            case "bye":
                bye(message);
                break;
            default:
                break; // of a newer server
        }
    }

    private void ticks(JsonNode message, long receivedUs) {
        Room room = rooms.get(ServerMessages.text(message, "room"));
        for (JsonNode tick : message.path("ticks")) {
            if (room == null) {
                counters.add(ClientCounter.IGNORED_TICKS);
                continue;
            }
            try {
                room.receiver.tick(ServerMessages.tick(tick), receivedUs);
            } catch (MalformedMessageException e) {
                malformed(e); // one bad tick does not cost the others of the message
            }
        }
    }

    private void joined(JoinedRoom joined) {
        Room room = rooms.get(joined.room());
        if (room == null) {
            return;
        }
        room.timer.cancel();
        room.attempts = 0;
        room.receiver.joined(joined);
        if (!room.joined) {
            room.joined = true;
            joins.merge(room.id, 1, Integer::sum);
        }
        listener.onJoined(joined);
        room.joining.complete(joined);
    }

    private void answered(JsonNode message, long receivedUs) {
        Request request = requests.remove(message.path("id").asText());
        if (request != null) {
            request.timer.cancel();
            request.answered.accept(message, receivedUs);
        }
    }

    private void pong(JsonNode message, long receivedUs) {
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

    private void failed(VoiceError error) {
        listener.onError(error);
        Request request = error.id() == null ? null : requests.remove(error.id());
        if (request != null) {
            request.timer.cancel();
            request.failed.accept(new VoiceException(error));
        }
        switch (error.retry()) {
            case STOP:
                connector.stop(error);
                return;
            case RECONNECT:
                connector.reconnect(error.toString());
                return;
            case REFRESH:
                connector.reconnectWithFreshToken(error.toString());
                return;
            default:
                roomFailed(error);
        }
    }

    private void roomFailed(VoiceError error) {
        Room room = null;
        for (Room each : rooms.values()) {
            boolean answersJoin = error.id() != null && error.id().equals(each.messageId)
                    || "join".equals(error.action()) && each.id.equals(error.room());
            boolean isOut = error.retry() == Retry.JOIN && each.id.equals(error.room()) && each.joined;
            if (answersJoin || isOut) {
                room = each;
            }
        }
        if (room == null) {
            return;
        }
        if (error.retry() == Retry.FIX || error.retry() == Retry.LATER && room.attempts >= JOIN_ATTEMPTS) {
            giveUp(room, error);
            return;
        }
        Room again = room;
        // A join that is answered by the advice to join must not go round at the speed of the network.
        long delayMs = room.joined ? error.retryAfterMs() : Math.max(REJOIN_MS, error.retryAfterMs());
        room.joined = false;
        room.timer.cancel();
        room.timer = loop.schedule(delayMs, () -> sendJoin(again));
    }

    private void bye(JsonNode message) {
        String reason = message.path("reason").asText("");
        boolean reconnect = message.path("reconnect").asBoolean();
        listener.onBye(reason, reconnect);
        if (!reconnect) {
            connector.stop(
                    VoiceError.local(VoiceError.CLOSED, "The server said good bye: " + reason, Retry.STOP, null));
        }
    }

    private final class Lifecycle implements Connector.Owner {

        @Override
        public void opened(Transport.Socket socket) {
            open = true;
            heard = true;
            asked = false;
            queue.open(socket);
            keepAlive();
            if (wasOpen) {
                listener.onReconnected();
            }
            wasOpen = true;
            connected.complete(null);
            new ArrayList<>(rooms.values()).forEach(VoiceClient.this::sendJoin);
        }

        @Override
        public void received(String text, long receivedUs) {
            receive(text, receivedUs);
        }

        @Override
        public void lost(String reason) {
            disconnected(SendQueue.notConnected());
            if (closing) {
                connector.stop(closedError());
            } else {
                listener.onDisconnected(reason, true);
            }
        }

        @Override
        public void stopped(VoiceError error) {
            over = error;
            disconnected(error);
            VoiceException failure = new VoiceException(error);
            rooms.values().forEach(room -> room.joining.completeExceptionally(failure));
            rooms.clear();
            connected.completeExceptionally(failure);
            listener.onDisconnected(error.text(), false);
            loop.close();
            stopped.complete(null);
        }
    }
}
