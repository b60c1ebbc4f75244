package io.parley.client;

import io.parley.core.error.Retry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;

/**
 * Keeps the rooms that the application wants joined, over whichever connection there is, and renews their memberships
 * before they end. Runs on the loop, but for {@link #view} and {@link #joins}.
 */
final class Rooms {

    private static final int JOIN_ATTEMPTS = 3;
    private static final long REJOIN_MS = 1_000;
    private static final long RENEW_EARLY_MS = 60_000;
    private static final long MIN_RENEWAL_MS = 1_000;
    /** A timer that is further away is set anew when it is due, whatever a server says of the year 292278994. */
    static final long MAX_TIMER_MS = TimeUnit.DAYS.toMillis(1);

    private final VoiceClientOptions options;
    private final EventLoop loop;
    private final Clock clock;
    private final Backoff backoff;
    private final DoubleSupplier random;
    private final Supplier<String> nextId;
    private final Counters counters;
    private final VoiceListener listener;
    private final Map<String, Room> rooms = new LinkedHashMap<>();
    private final Map<String, RoomView> views = new ConcurrentHashMap<>();
    /** How often each room was joined, over all connections: each is a new numbering. */
    private final Map<String, Integer> joins = new ConcurrentHashMap<>();

    private Link link;

    Rooms(
            VoiceClientOptions options,
            EventLoop loop,
            Clock clock,
            Backoff backoff,
            DoubleSupplier random,
            Supplier<String> nextId,
            Counters counters,
            VoiceListener listener) {
        this.options = options;
        this.loop = loop;
        this.clock = clock;
        this.backoff = backoff;
        this.random = random;
        this.nextId = nextId;
        this.counters = counters;
        this.listener = listener;
    }

    /** The room as last heard; thread safe. */
    RoomView view(String room) {
        return views.getOrDefault(room, RoomView.EMPTY);
    }

    /** How often the room was joined over this client's connections; thread safe. */
    int joins(String room) {
        return joins.getOrDefault(room, 0);
    }

    boolean isWanted(Room room) {
        return rooms.get(room.id) == room;
    }

    /** Null where the application does not want to be in it. */
    Room get(String room) {
        return rooms.get(room);
    }

    List<Room> all() {
        return new ArrayList<>(rooms.values());
    }

    void opened(Link opened) {
        link = opened;
        all().forEach(this::sendJoin);
    }

    void lost() {
        link = null;
        rooms.values().forEach(Room::reset);
    }

    void stopped(VoiceError error) {
        link = null;
        VoiceException failure = new VoiceException(error);
        for (Room room : all()) {
            room.cancelTimers();
            room.joining.completeExceptionally(failure);
        }
        rooms.clear();
    }

    void join(String id, String displayName, CompletableFuture<JoinedRoom> result) {
        Room room = rooms.get(id);
        if (room == null) {
            room = add(id, displayName);
            sendJoin(room);
        }
        forward(room.joining, result);
    }

    /** Joins the one room, and leaves the other when that is done. */
    void switchRoom(String fromId, String toId, String displayName, CompletableFuture<JoinedRoom> result) {
        Room from = rooms.get(fromId);
        Room to = rooms.get(toId);
        if (to == null) {
            to = add(toId, displayName);
            to.from = from;
            sendJoin(to);
        } else if (from != null && from != to) {
            to.from = from;
            if (to.joined) {
                leaveBehind(to);
            }
        }
        forward(to.joining, result);
    }

    private Room add(String id, String displayName) {
        RoomReceiver receiver = new RoomReceiver(id, options, counters, listener, view -> views.put(id, view));
        Room room = new Room(id, displayName, receiver);
        rooms.put(id, room);
        return room;
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

    void leave(String id, CompletableFuture<Void> result) {
        Room left = rooms.get(id);
        if (left != null) {
            forget(left);
        }
        if (left == null || link == null) {
            result.complete(null);
            return;
        }
        sendLeave(id, result);
    }

    private void sendLeave(String id, CompletableFuture<Void> result) {
        String messageId = nextId.get();
        link.request(messageId, (message, at) -> result.complete(null), result::completeExceptionally);
        link.queue().addOwn(ClientMessages.leave(id, messageId));
    }

    private void forget(Room room) {
        end(room, VoiceError.local(VoiceError.CLOSED, "The room was left.", Retry.JOIN, room.id));
    }

    private void end(Room room, VoiceError error) {
        room.cancelTimers();
        if (rooms.remove(room.id, room)) {
            views.remove(room.id);
        }
        room.joining.completeExceptionally(new VoiceException(error));
    }

    void sendJoin(Room room) {
        if (link == null || !isWanted(room)) {
            return; // joined as soon as the connection is open
        }
        room.timer.cancel();
        room.attempts++;
        String messageId = nextId.get();
        room.messageId = messageId;
        room.timer = loop.schedule(options.answerTimeout().toMillis(), () -> {
            if (mayTryAgain(room)) {
                sendJoin(room);
            } else {
                end(room, Link.timeout(room.id));
            }
        });
        Link asked = link;
        ticket(
                room.id,
                ticket -> {
                    if (isAwaited(room, messageId, asked)) {
                        sendJoin(room, ticket, messageId);
                    }
                },
                failure -> {
                    if (isAwaited(room, messageId, asked)) {
                        noTicket(room, failure);
                    }
                });
    }

    /** A join that was never done is given up some time; a room that was joined before is wanted back. */
    private static boolean mayTryAgain(Room room) {
        return room.attempts < JOIN_ATTEMPTS || room.joining.isDone();
    }

    private boolean isAwaited(Room room, String messageId, Link asked) {
        return link == asked && isWanted(room) && messageId.equals(room.messageId);
    }

    private void sendJoin(Room room, String ticket, String messageId) {
        Room from = room.from;
        boolean switched = from != null && room.attempts == 1 && from.joined && isWanted(from);
        link.request(
                messageId,
                (message, at) -> {
                    if (switched && room.from == from) {
                        room.from = null;
                        forget(from);
                    }
                    accepted(room, ServerMessages.membership(message));
                },
                failure -> {});
        link.queue()
                .addOwn(
                        switched
                                ? ClientMessages.switchRoom(from.id, room.id, room.displayName, ticket, messageId)
                                : ClientMessages.join(room.id, room.displayName, ticket, messageId));
    }

    private void noTicket(Room room, Throwable failure) {
        VoiceError error = VoiceError.local(
                VoiceError.NO_TICKET, "The ticket source gave no ticket: " + failure, Retry.LATER, room.id);
        listener.onError(error);
        room.timer.cancel();
        if (mayTryAgain(room)) {
            room.timer = loop.schedule(backoff.delayMs(room.attempts), () -> sendJoin(room));
        } else {
            end(room, error);
        }
    }

    void accepted(Room room, Membership membership) {
        if (!isWanted(room)) {
            return;
        }
        room.membership = membership;
        if (membership.blocked != null) {
            room.receiver.block(membership.blocked);
        }
        granted(room, membership.grantUntilMs);
    }

    void joined(JoinedRoom joined) {
        Room room = rooms.get(joined.room());
        if (room == null) {
            return;
        }
        if (!room.joined || room.receiver.isDeaf()) {
            room.receiver.joined(joined);
        } else {
            room.receiver.refreshed(joined);
        }
        granted(room, joined.grantUntilMs());
        if (!room.joined) {
            begin(room);
            listener.onJoined(joined);
            room.joining.complete(joined);
        }
    }

    private void begin(Room room) {
        room.timer.cancel();
        room.attempts = 0;
        room.messageId = null;
        room.joined = true;
        joins.merge(room.id, 1, Integer::sum);
        leaveBehind(room);
    }

    private void leaveBehind(Room room) {
        Room from = room.from;
        room.from = null;
        if (from != null && isWanted(from)) {
            forget(from);
            sendLeave(from.id, new CompletableFuture<>());
        }
    }

    /** Joins a room on the next connection too, in place of the open one where the server has given what it takes. */
    void joinOn(Link next, Room room, Handover handover, Consumer<String> failed) {
        String messageId = nextId.get();
        next.request(
                messageId,
                (message, at) -> handover.accepted(room, ServerMessages.membership(message)),
                failure -> {}); // an error on that connection ends the whole attempt, and so does too long a silence
        Membership membership = room.membership;
        if (membership.canBeReplaced()) {
            next.queue()
                    .addOwn(ClientMessages.joinInPlace(
                            room.id, room.displayName, membership.connection, membership.resume, messageId));
            return;
        }
        ticket(
                room.id,
                ticket -> next.queue().addOwn(ClientMessages.join(room.id, room.displayName, ticket, messageId)),
                failure -> failed.accept("the ticket source gave no ticket: " + failure));
    }

    /** The rooms are on another connection now: those of the handover are in it, the others have to be joined. */
    void moved(Link to, Handover handover) {
        link = to;
        for (Room room : handover.rooms()) {
            if (!rooms.containsKey(room.id)) {
                sendLeave(room.id, new CompletableFuture<>());
            }
        }
        for (Room room : all()) {
            JoinedRoom joined = handover.joined(room);
            room.reset();
            if (joined == null) {
                sendJoin(room);
                continue;
            }
            if (!room.receiver.isDeaf() && room.receiver.hasReached(joined.epoch(), joined.tick())) {
                room.receiver.refreshed(joined);
            } else {
                room.receiver.joined(joined);
            }
            accepted(room, handover.membership(room));
            granted(room, joined.grantUntilMs());
            begin(room);
            handover.playHeld(room);
        }
    }

    /**
     * What an error means for the rooms: it may answer a join, or say that a room is not joined. Gives false if it is
     * about something else, or about the connection.
     */
    boolean failed(VoiceError error) {
        Room room = concerned(error);
        boolean aboutConnection =
                !error.isAboutTicket() && (error.retry() == Retry.RECONNECT || error.retry() == Retry.REFRESH);
        if (room == null || aboutConnection) {
            return false;
        }
        boolean later = error.retry() == Retry.LATER && mayTryAgain(room);
        if (error.isAboutTicket() || !later && error.retry() != Retry.JOIN) {
            if (room.joining.isDone()) {
                listener.onRemoved(
                        new RoomRemoval(room.id, RoomRemoval.Reason.of(error.code()), error.text(), 0), false);
            }
            end(room, error);
            return true;
        }
        // A join that is answered by the advice to join must not go round at the speed of the network.
        long pauseMs = Math.max(REJOIN_MS, backoff.delayMs(Math.max(1, room.attempts)));
        joinAgain(room, room.joined ? error.retryAfterMs() : Math.max(pauseMs, error.retryAfterMs()));
        return true;
    }

    private void joinAgain(Room room, long delayMs) {
        room.joined = false;
        room.messageId = null;
        room.timer.cancel();
        room.timer = loop.schedule(delayMs, () -> sendJoin(room));
    }

    private Room concerned(VoiceError error) {
        for (Room room : rooms.values()) {
            boolean isAbout = room.id.equals(error.room());
            boolean answersJoin = error.id() == null
                    ? "join".equals(error.action()) && isAbout && !room.joined
                    : error.id().equals(room.messageId);
            boolean isOut = error.retry() == Retry.JOIN && isAbout && room.joined;
            if (answersJoin || isOut) {
                return room;
            }
        }
        return null;
    }

    /** The server took this client out of the room, which stays wanted only if it is to be joined again. */
    void removed(Room room, boolean again) {
        if (again) {
            room.reset();
            if (options.tickets() != null) {
                joinAgain(room, REJOIN_MS);
            }
        } else {
            end(
                    room,
                    VoiceError.local(VoiceError.REMOVED, "The server removed you from the room.", Retry.FIX, room.id));
        }
    }

    private void ticket(String room, Consumer<String> got, Consumer<Throwable> failed) {
        if (options.tickets() == null) {
            got.accept(null);
        } else {
            ask(() -> options.tickets().ticket(room), got, failed);
        }
    }

    private void ask(Supplier<CompletionStage<String>> source, Consumer<String> got, Consumer<Throwable> failed) {
        CompletionStage<String> secret;
        try {
            secret = source.get();
        } catch (RuntimeException e) {
            failed.accept(e);
            return;
        }
        secret.whenComplete((text, failure) -> loop.execute(() -> {
            if (failure == null) {
                got.accept(text);
            } else {
                failed.accept(failure instanceof CompletionException ? failure.getCause() : failure);
            }
        }));
    }

    private void granted(Room room, long untilMs) {
        if (untilMs <= room.grantUntilMs) {
            return;
        }
        room.grantUntilMs = untilMs;
        room.renewedInVain = false;
        room.renewalFailures = 0;
        planRenewal(room);
    }

    private void planRenewal(Room room) {
        room.renewal.cancel();
        if (room.renewedInVain || options.tickets() == null && options.tokens() == null) {
            return;
        }
        long leftMs = Math.max(0, room.grantUntilMs - clock.millis());
        double earlyMs = Math.min(RENEW_EARLY_MS, leftMs / 2.0) * (1 - random.getAsDouble() / 2);
        long delayMs = Math.max(MIN_RENEWAL_MS, leftMs - (long) earlyMs);
        room.renewal = delayMs > MAX_TIMER_MS
                ? loop.schedule(MAX_TIMER_MS, () -> planRenewal(room))
                : loop.schedule(delayMs, () -> renew(room, new CompletableFuture<>()));
    }

    /** Shows a fresh ticket or token; what the server grants for it decides about the next time. */
    void renew(Room room, CompletableFuture<Void> result) {
        boolean byTicket = options.tickets() != null;
        if (!byTicket && options.tokens() == null) {
            result.completeExceptionally(new VoiceException(VoiceError.local(
                    VoiceError.NO_TICKET, "There is no source of tickets or tokens.", Retry.FIX, room.id)));
            return;
        }
        room.renewal.cancel();
        Link asked = link;
        ask(
                () -> byTicket
                        ? options.tickets().ticket(room.id)
                        : options.tokens().token(),
                secret -> {
                    if (secret == null || link != asked || link == null || !isWanted(room)) {
                        result.completeExceptionally(new VoiceException(SendQueue.notConnected()));
                        return;
                    }
                    sendRenew(room, byTicket ? "ticket" : "token", secret, result);
                },
                failure -> {
                    VoiceError error = VoiceError.local(
                            VoiceError.NO_TICKET,
                            "The source gave no ticket or token: " + failure,
                            Retry.LATER,
                            room.id);
                    renewalFailed(room, error);
                    result.completeExceptionally(new VoiceException(error));
                });
    }

    private void sendRenew(Room room, String kind, String secret, CompletableFuture<Void> result) {
        String messageId = nextId.get();
        link.request(
                messageId,
                (message, at) -> {
                    room.renewedInVain = true; // unless it is granted longer
                    granted(room, ServerMessages.grantUntilMs(message));
                    result.complete(null);
                },
                failure -> {
                    renewalFailed(room, failure.error());
                    result.completeExceptionally(failure);
                });
        link.queue().addOwn(ClientMessages.renew(room.id, kind, secret, messageId));
    }

    private void renewalFailed(Room room, VoiceError error) {
        room.renewal.cancel();
        boolean wanted = isWanted(room) && room.joined;
        if (wanted && error.retry() == Retry.LATER && clock.millis() < room.grantUntilMs) {
            room.renewalFailures++;
            room.renewal =
                    loop.schedule(backoff.delayMs(room.renewalFailures), () -> renew(room, new CompletableFuture<>()));
        }
    }
}
