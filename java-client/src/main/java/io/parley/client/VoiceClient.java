package io.parley.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.Retry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
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
 *  client.room("lobby").selfMute();
 * </pre>
 *
 * <p>A lost connection is opened again after growing, varying pauses, and its rooms are joined again; what was waiting
 * to be sent then is lost, since speech is worth nothing later. It stops for good when the server refuses the token, a
 * fresh one too, says {@code bye} without reconnect or answers with an error to be obeyed by stopping.
 *
 * <p>A connection cannot last for ever. Before its time is up the client opens the next one beside it, joins the rooms
 * there, and closes the old one when nothing more has to come by it: no tick is missed and no frame played twice. A
 * membership that ends is renewed before, with a fresh ticket or token.
 *
 * <p>Thread safe; no method but {@link #close} blocks. Futures complete on the client's thread and fail with
 * {@link VoiceException}: do nothing slow after them without an executor of your own.
 */
public final class VoiceClient implements AutoCloseable {

    private static final long DRAIN_MS = 1_000;
    private static final long CLOSE_WAIT_MS = 3_000;
    /** How much earlier than asked for a connection is replaced at most: not all of a server's clients at once. */
    private static final long REPLACE_EARLY_MS = 300_000;

    private static final long MIN_LIFE_MS = 60_000;
    /** How long the old connection may take to bring what was ordered before the rooms were joined on the next. */
    private static final long CATCH_UP_MS = 3_000;
    /** How long the old connection stays open for what was sent on it: its end takes it out of the room. */
    private static final long LINGER_MS = 2_000;

    private static final int ANY_NUMBERING = -1;

    private final VoiceClientOptions options;
    private final EventLoop loop;
    private final Clock clock;
    private final DoubleSupplier random;
    private final Backoff backoff;
    private final Counters counters = new Counters();
    private final GuardedListener listener;
    private final Connector connector;
    private final SendPlaces places;
    private final Rooms rooms;
    private final AtomicLong ids = new AtomicLong();

    private final CompletableFuture<Void> connected = new CompletableFuture<>();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();

    // What follows belongs to the loop.
    /** The open connection, or null. */
    private Link link;
    /** The way to the next connection, or null. */
    private Handover handover;
    /** The connection before, for as long as it lingers; or null. */
    private Link retired;

    private CompletableFuture<Void> replacing;
    private EventLoop.Timer replacement = () -> {};
    private EventLoop.Timer handoverLimit = () -> {};
    private EventLoop.Timer retirement = () -> {};
    private int replacementFailures;
    private boolean begun;
    private boolean wasOpen;
    private boolean closing;
    private VoiceError over;

    /**
     * A client with the JDK's WebSocket and a thread of its own. It does nothing until {@link #connect}.
     *
     * @param options where and how to connect
     * @param listener hears what happens, on the client's thread
     */
    public static VoiceClient create(VoiceClientOptions options, VoiceListener listener) {
        return create(options, listener, new JdkTransport());
    }

    /**
     * As {@link #create(VoiceClientOptions, VoiceListener)}, over another transport, which many clients may share.
     *
     * @param options where and how to connect
     * @param listener hears what happens, on the client's thread
     * @param transport opens the WebSockets
     */
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
        this.random = random;
        this.backoff = new Backoff(options.minBackoff(), options.maxBackoff(), random);
        this.listener = new GuardedListener(listener, counters);
        this.places = new SendPlaces(counters, options.maxQueuedMessages());
        this.rooms = new Rooms(options, loop, clock, backoff, random, this::nextId, counters, this.listener);
        this.connector = new Connector(options, transport, loop, clock, backoff, counters, new Lifecycle());
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
     * has ordered it; joining a room a second time changes nothing. The ticket is asked of the options'
     * {@link TicketSource}, if there is one.
     *
     * @param displayName 1 to 64 characters for the others to see, or null for the participant's id
     */
    public CompletableFuture<JoinedRoom> join(String room, String displayName) {
        return onLoop(result -> rooms.join(room, displayName, result));
    }

    /** Leaves the room; completes when the server has taken that in, at once where there is no connection. */
    public CompletableFuture<Void> leave(String room) {
        return onLoop(result -> {
            rooms.leave(room, result);
            promoteIfComplete();
        });
    }

    /**
     * Goes from one room to another: joins the second, then leaves the first; where the second refuses, the first stays
     * joined. Completes when the second is joined.
     *
     * @param displayName as in {@link #join(String, String)}
     */
    public CompletableFuture<JoinedRoom> switchRoom(String from, String to, String displayName) {
        return onLoop(result -> rooms.switchRoom(from, to, displayName, result));
    }

    /** What can be asked of a room that is joined, and how it looks. Cheap: ask for it whenever it is needed. */
    public VoiceRoom room(String room) {
        return new VoiceRoom(this, room);
    }

    /**
     * Sends a chunk as it is ({@link io.parley.core.chunk.ChunkBuilder} writes one; {@link #speaker} is easier).
     * Completes when the network has taken it. Fails at once where the room is not joined, the connection is lost, or
     * {@link VoiceClientOptions#maxQueuedMessages} messages wait already.
     */
    public CompletableFuture<Void> sendChunk(String room, byte[] chunk) {
        return sendChunk(room, chunk, ANY_NUMBERING);
    }

    /** @param numbering the join ({@link #joins}) for whose connection the chunk is */
    CompletableFuture<Void> sendChunk(String room, byte[] chunk, int numbering) {
        String message = ClientMessages.audio(room, chunk);
        if (message.length() > ClientMessages.MAX_BYTES) {
            return VoiceException.failed(VoiceError.local(
                    ErrorCode.MESSAGE_TOO_LARGE.code(),
                    "A chunk of " + chunk.length + " bytes makes a message of " + message.length() + "; "
                            + ClientMessages.MAX_BYTES + " are allowed.",
                    Retry.FIX,
                    room));
        }
        if (!places.reserve()) {
            return VoiceException.failed(queueFull(room));
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        boolean taken = loop.execute(() -> {
            Room joined = rooms.get(room);
            boolean isNewest = numbering == ANY_NUMBERING || numbering == joins(room);
            Link to = isNewest ? link : numbering == joins(room) - 1 ? retired : null;
            VoiceError refusal = null;
            if (over != null) {
                refusal = over;
            } else if (joined == null || link != null && !joined.joined) {
                refusal = notJoined(room);
            } else if (to == null) {
                refusal = SendQueue.notConnected();
            }
            if (refusal == null) {
                to.queue().add(message, result);
            } else {
                places.release();
                result.completeExceptionally(new VoiceException(refusal));
            }
        });
        if (!taken) {
            places.release();
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
            if (link == null) {
                result.completeExceptionally(new VoiceException(SendQueue.notConnected()));
                return;
            }
            long sentUs = nowUs();
            link.ping(
                    (message, at) -> result.complete(Duration.ofNanos((at - sentUs) * 1_000)),
                    result::completeExceptionally);
        });
    }

    /** Measures the whole way through the room's job and back. The room must be joined. */
    public CompletableFuture<ProbeTimes> probe(String room) {
        return onLoop(result -> {
            if (link == null) {
                result.completeExceptionally(new VoiceException(SendQueue.notConnected()));
                return;
            }
            long sentUs = nowUs();
            String id = nextId();
            link.request(
                    id,
                    (message, at) -> result.complete(new ProbeTimes(sentUs, ServerMessages.hops(message, -1, 0), at)),
                    result::completeExceptionally);
            link.queue().addOwn(ClientMessages.probe(room, id, clock.millis()));
        });
    }

    /**
     * Puts another connection in the place of the open one, without missing a tick; the client does so by itself
     * before the connection's time is up. Good for a device that has another network now. Completes when it is done;
     * fails, and goes on with the old connection, where the new one cannot be had.
     */
    public CompletableFuture<Void> replaceConnection() {
        return onLoop(result -> {
            if (link == null) {
                result.completeExceptionally(new VoiceException(SendQueue.notConnected()));
                return;
            }
            startReplacement().whenComplete((done, failure) -> {
                if (failure == null) {
                    result.complete(null);
                } else {
                    result.completeExceptionally(failure);
                }
            });
        });
    }

    /** How often that has happened since the client was made. */
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
            if (link == null) {
                connector.stop(reason);
                return;
            }
            loop.schedule(DRAIN_MS, () -> connector.stop(reason));
            link.queue().whenEmpty(() -> connector.stop(reason));
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
        return rooms.joins(room);
    }

    RoomView view(String room) {
        return rooms.view(room);
    }

    /** What {@link VoiceRoom} asks for; completes with the server's {@code accepted}. */
    CompletableFuture<Void> ask(String room, String action, boolean numbered, ClientMessages.Fields fields) {
        return ask(room, action, numbered, fields, asked -> {});
    }

    private CompletableFuture<Void> ask(
            String room, String action, boolean numbered, ClientMessages.Fields fields, Consumer<Room> accepted) {
        return onLoop(result -> {
            Room joined = rooms.get(room);
            if (link == null || joined == null) {
                result.completeExceptionally(
                        new VoiceException(link == null ? SendQueue.notConnected() : notJoined(room)));
                return;
            }
            if (!places.reserve()) {
                result.completeExceptionally(new VoiceException(queueFull(room)));
                return;
            }
            String id = nextId();
            long change = link.nextChange();
            BiConsumer<JsonNode, Long> answered = (message, at) -> {
                accepted.accept(joined);
                result.complete(null);
            };
            link.request(id, answered, result::completeExceptionally);
            String message = ClientMessages.toRoom(action, room, id, json -> {
                fields.write(json);
                if (numbered) {
                    json.writeNumberField("n", change);
                }
            });
            link.queue().add(message, new CompletableFuture<>());
        });
    }

    CompletableFuture<Void> deafen(String room) {
        return ask(room, "deafen", true, ClientMessages.Fields.NONE, asked -> asked.receiver.deafened());
    }

    /** Effective here at once; taken back where the server refuses. */
    CompletableFuture<Void> block(String room, String participant, boolean blocked) {
        loop.execute(() -> setBlocked(room, participant, blocked));
        return ask(room, blocked ? "block" : "unblock", true, json -> json.writeStringField("participant", participant))
                .whenComplete((done, failure) -> {
                    if (failure != null) {
                        loop.execute(() -> setBlocked(room, participant, !blocked));
                    }
                });
    }

    private void setBlocked(String room, String participant, boolean blocked) {
        Room joined = rooms.get(room);
        if (joined != null) {
            joined.receiver.block(participant, blocked);
        }
    }

    CompletableFuture<Void> renew(String room) {
        return onLoop(result -> {
            Room joined = rooms.get(room);
            if (joined == null || !joined.joined) {
                result.completeExceptionally(new VoiceException(notJoined(room)));
            } else {
                rooms.renew(joined, result);
            }
        });
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

    private static VoiceError closedError() {
        return VoiceError.local(VoiceError.CLOSED, "The client is closed.", Retry.STOP, null);
    }

    private static VoiceError notJoined(String room) {
        return VoiceError.local(VoiceError.NOT_JOINED, "The room is not joined.", Retry.JOIN, room);
    }

    private VoiceError queueFull(String room) {
        return VoiceError.local(
                VoiceError.QUEUE_FULL,
                options.maxQueuedMessages() + " messages wait to be sent: the network takes them too slowly.",
                Retry.LATER,
                room);
    }

    private String nextId() {
        return "m" + ids.incrementAndGet();
    }

    private long nowUs() {
        Instant now = clock.instant();
        return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
    }

    // The next connection

    /**
     * Plans the replacement of the open connection. Where its end has passed already by this machine's clock, that clock
     * is wrong, and the connection is replaced when it is lost.
     */
    private void planReplacement(long beforeMs) {
        long leftMs = beforeMs - clock.millis();
        if (leftMs <= 0 || handover != null) {
            return;
        }
        replacement.cancel();
        double earlyMs = Math.min(REPLACE_EARLY_MS, leftMs / 4.0) * (1 + random.getAsDouble()) / 2;
        long delayMs = Math.max(MIN_LIFE_MS, leftMs - (long) earlyMs);
        replacement = delayMs > Rooms.MAX_TIMER_MS
                ? loop.schedule(Rooms.MAX_TIMER_MS, () -> planReplacement(beforeMs))
                : loop.schedule(delayMs, this::startReplacement);
    }

    private CompletableFuture<Void> startReplacement() {
        if (replacing != null) {
            return replacing;
        }
        CompletableFuture<Void> begun = new CompletableFuture<>();
        replacement.cancel();
        replacing = begun;
        connector.replace();
        return begun;
    }

    private void handOver(Link next) {
        Handover begun = new Handover(next, rooms::isWanted);
        handover = begun;
        handoverLimit = loop.schedule(
                options.answerTimeout().toMillis(), () -> abandonReplacement("the rooms were not joined in time"));
        for (Room room : rooms.all()) {
            if (room.joined) {
                handover.expect(room);
                rooms.joinOn(next, room, handover, reason -> {
                    if (handover == begun) {
                        abandonReplacement(reason);
                    }
                });
            }
        }
        promoteIfComplete();
    }

    private void abandonReplacement(String reason) {
        endHandover(VoiceError.local(VoiceError.NOT_CONNECTED, "No other connection: " + reason, Retry.LATER, null));
        connector.abandonReplacement();
        replacementFailures++;
        replacement = loop.schedule(backoff.delayMs(replacementFailures), this::startReplacement);
    }

    /** Ends what leads to the next connection, which is closed if it is open. */
    private void endHandover(VoiceError error) {
        replacement.cancel();
        handoverLimit.cancel();
        if (handover != null) {
            Link next = handover.next();
            handover = null;
            next.close(error);
        }
        if (replacing != null) {
            CompletableFuture<Void> failed = replacing;
            replacing = null;
            failed.completeExceptionally(new VoiceException(error));
        }
    }

    private void promoteIfComplete() {
        if (handover != null && handover.isComplete()) {
            promote();
        }
    }

    /** The next connection is the one from here on; the old one lingers for what was sent on it. */
    private void promote() {
        Handover done = handover;
        handover = null;
        handoverLimit.cancel();
        replacementFailures = 0;
        connector.promote();
        retire(link);
        link = done.next();
        link.keepAlive(this::silent);
        counters.add(ClientCounter.REPLACEMENTS);
        rooms.moved(link, done);
        for (Room room : rooms.all()) {
            JoinedRoom joined = done.joined(room);
            if (joined != null) {
                planReplacement(joined.reconnectBeforeMs());
            }
        }
        CompletableFuture<Void> replaced = replacing;
        replacing = null;
        replaced.complete(null);
    }

    private void retire(Link old) {
        endRetirement();
        old.retire();
        retired = old;
        retirement = loop.schedule(LINGER_MS, this::endRetirement);
    }

    private void endRetirement() {
        retirement.cancel();
        if (retired != null) {
            Link old = retired;
            retired = null;
            old.close(SendQueue.notConnected());
        }
    }

    private void silent() {
        connector.reconnect("the server has fallen silent");
    }

    // What comes in

    private void receive(Link from, String text, long receivedUs) {
        counters.add(ClientCounter.MESSAGES);
        from.heard();
        try {
            JsonNode message = ServerMessages.parse(text);
            JsonNode action = message.path("action");
            if (!action.isTextual()) {
                listener.onError(ServerMessages.gatewayError(message));
            } else if (from == link) {
                dispatch(action.textValue(), message, receivedUs);
            } else if (from == retired) {
                dispatchOfRetired(action.textValue(), message, receivedUs);
            } else {
                dispatchOfNext(action.textValue(), message, receivedUs);
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
                Room room = rooms.get(ServerMessages.text(message, "room"));
                ticks(message, content -> play(room, content, receivedUs));
                promoteIfComplete();
                break;
            case "joined":
                JoinedRoom joined = ServerMessages.joined(message);
                rooms.joined(joined);
                planReplacement(joined.reconnectBeforeMs());
                break;
            case "removed":
                removed(ServerMessages.removed(message));
                break;
            case "accepted":
            case "probe":
                link.answered(message, receivedUs);
                break;
            case "pong":
                link.pong(message, receivedUs);
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

    /** The old connection still answers what was asked on it; what it says of rooms the new one says too. */
    private void dispatchOfRetired(String action, JsonNode message, long receivedUs) {
        switch (action) {
            case "accepted":
            case "probe":
                retired.answered(message, receivedUs);
                break;
            case "pong":
                retired.pong(message, receivedUs);
                break;
            case "error":
                retired.failed(ServerMessages.error(message));
                break;
            default:
                break;
        }
    }

    /** Whatever goes wrong on the next connection ends the attempt: the old one is still there. */
    private void dispatchOfNext(String action, JsonNode message, long receivedUs) {
        switch (action) {
            case "tick":
                Room room = rooms.get(ServerMessages.text(message, "room"));
                ticks(message, content -> handover.hold(room, content, receivedUs));
                break;
            case "joined":
                JoinedRoom joined = ServerMessages.joined(message);
                handover.joined(rooms.get(joined.room()), joined);
                if (handover.isJoined()) {
                    handoverLimit.cancel();
                    handoverLimit = loop.schedule(CATCH_UP_MS, this::promote);
                }
                promoteIfComplete();
                break;
            case "removed":
                removed(ServerMessages.removed(message));
                break;
            case "accepted":
                handover.next().answered(message, receivedUs);
                break;
            case "error":
                VoiceError error = ServerMessages.error(message);
                listener.onError(error);
                abandonReplacement(error.toString());
                break;
            case "bye":
                abandonReplacement("the server said good bye");
                break;
            default:
                break;
        }
    }

    private void ticks(JsonNode message, Consumer<TickContent> each) {
        for (JsonNode tick : message.path("ticks")) {
            try {
                each.accept(ServerMessages.tick(tick));
            } catch (MalformedMessageException e) {
                malformed(e); // one bad tick does not cost the others of the message
            }
        }
    }

    private void play(Room room, TickContent content, long receivedUs) {
        if (room == null) {
            counters.add(ClientCounter.IGNORED_TICKS);
        } else {
            room.receiver.tick(content, receivedUs);
        }
    }

    private void removed(RoomRemoval removal) {
        Room room = rooms.get(removal.room());
        if (room == null) {
            return;
        }
        boolean again = removal.reason() == RoomRemoval.Reason.EXPIRED
                && (options.tickets() != null || options.tokens() != null);
        listener.onRemoved(removal, again);
        rooms.removed(room, again);
        if (again && handover != null) {
            abandonReplacement("a membership has expired");
        }
        promoteIfComplete();
        if (again && options.tickets() == null) {
            // What a token grants is said when the connection is opened.
            connector.reconnectWithFreshToken("the membership of room " + room.id + " has expired");
        }
    }

    private void failed(VoiceError error) {
        listener.onError(error);
        boolean answered = link.failed(error);
        if (error.isSuspension()) {
            connector.stop(error);
        } else if (!rooms.failed(error) && !(answered && isAboutRenewal(error))) {
            obey(error);
        }
    }

    /** A renewal that is refused changes nothing: the membership lasts until its time is up. */
    private static boolean isAboutRenewal(VoiceError error) {
        return error.isAboutTicket() || "renew".equals(error.action());
    }

    private void obey(VoiceError error) {
        switch (error.retry()) {
            case STOP:
                if (error.room() == null) {
                    connector.stop(error);
                }
                break;
            case RECONNECT:
                connector.reconnect(error.toString());
                break;
            case REFRESH:
                connector.reconnectWithFreshToken(error.toString());
                break;
            default:
                break;
        }
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

        private Link linkOf(Connection connection) {
            return new Link(connection, options, loop, clock, counters, places);
        }

        @Override
        public void opened(Connection connection) {
            link = linkOf(connection);
            link.keepAlive(VoiceClient.this::silent);
            if (wasOpen) {
                listener.onReconnected();
            }
            wasOpen = true;
            connected.complete(null);
            rooms.opened(link);
        }

        @Override
        public void replacementOpened(Connection connection) {
            handOver(linkOf(connection));
        }

        @Override
        public void received(Connection connection, String text, long receivedUs) {
            if (link != null && link.connection() == connection) {
                receive(link, text, receivedUs);
            } else if (retired != null && retired.connection() == connection) {
                receive(retired, text, receivedUs);
            } else if (handover != null && handover.next().connection() == connection) {
                receive(handover.next(), text, receivedUs);
            }
        }

        @Override
        public void lostBeforeReplaced() {
            promote();
            endRetirement();
        }

        @Override
        public void replacementFailed(String reason) {
            abandonReplacement(reason);
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
            connected.completeExceptionally(new VoiceException(error));
            rooms.stopped(error);
            listener.onDisconnected(error.text(), false);
            loop.close();
            stopped.complete(null);
        }

        private void disconnected(VoiceError error) {
            endHandover(error);
            endRetirement();
            if (link != null) {
                Link old = link;
                link = null;
                old.close(error);
            }
            rooms.lost();
        }
    }
}
