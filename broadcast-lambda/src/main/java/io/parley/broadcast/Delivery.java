package io.parley.broadcast;

import io.parley.core.port.ConnectionPoster.Outcome;
import io.parley.core.room.SeedParticipant;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.Disconnect;
import io.parley.core.wire.RoomAnswer;
import io.parley.core.wire.RoomTicks;
import io.parley.core.wire.Tick;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * One request on its way.
 *
 * <p>Each connection has an {@link Outbox}: direct posts first, then the messages of its rooms as their members become
 * known, at last the {@code bye} and the closing. One item of an outbox is on its way at a time, and of at most
 * {@link BroadcastOptions#concurrency} outboxes. A post that waits for its retry keeps its place, so that throttling
 * slows the whole delivery down.
 *
 * <p>A connection that answers GONE gets nothing more and leaves its rooms, beside the posts but before the answer; at
 * most {@link #MAX_DEPARTURES} in one request, since the others will be found by the next one.
 *
 * <p>Clients of the original protocol get a room's {@link SeedMessage}s in place of its ticks, and no direct posts.
 */
final class Delivery {

    static final int MAX_DEPARTURES = 32;
    /** "Quotas for WebSocket APIs": the integration of $connect may take 29 s. */
    static final long MAX_CONNECTING_MS = 30_000;

    private final FanOut fanOut;
    private final BroadcastRequest request;
    private final long startUs;
    private final CompletableFuture<BroadcastAnswer> answer = new CompletableFuture<>();
    private final AtomicInteger pumping = new AtomicInteger();

    // All below is guarded by this.
    private final Map<String, Outbox> outboxes = new HashMap<>();
    private final Deque<Outbox> ready = new ArrayDeque<>();
    private final Set<String> departed = new HashSet<>();
    private final Tally[] rooms;
    private final boolean[] resolved;
    private final boolean[] failed;
    private final Tally posts = new Tally();
    private final Tally disconnects = new Tally();
    private int unresolved;
    private int onTheirWay;
    private int departing;
    private boolean closed;

    Delivery(FanOut fanOut, BroadcastRequest request, long startUs) {
        this.fanOut = fanOut;
        this.request = request;
        this.startUs = startUs;
        int count = request.getRoomsCount();
        rooms = new Tally[count];
        for (int i = 0; i < count; i++) {
            rooms[i] = new Tally();
        }
        resolved = new boolean[count];
        failed = new boolean[count];
        unresolved = count;
    }

    /** Begins; the future completes when nothing is left to do. */
    CompletableFuture<BroadcastAnswer> start() {
        synchronized (this) {
            for (DirectPost post : request.getPostsList()) {
                // A client of the original protocol would not know what to do with any of them.
                byte[] text = SeedParticipant.is(post.getParticipant())
                        ? null
                        : DirectMessage.write(post, startUs, fanOut.nowUs());
                if (text != null) {
                    Outbox outbox = outbox(post.getConnection(), post.getRoom(), post.getParticipant());
                    add(outbox, new Outbox.Item(text, posts));
                }
            }
            if (unresolved == 0) {
                addDisconnects();
            }
        }
        pump();
        for (int i = 0; i < rooms.length; i++) {
            int index = i;
            RoomTicks room = request.getRooms(i);
            fanOut.metrics.add(BroadcastMetrics.Counter.TICKS, room.getTicksCount());
            fanOut.rosters
                    .listeners(room.getRoom(), room.getRosterVersion())
                    .whenComplete((listeners, failure) -> resolve(index, room, listeners, failure));
        }
        return answer;
    }

    /** The time is over: whatever is not answered yet counts as dropped. */
    synchronized BroadcastAnswer stop() {
        return closed ? answer.join() : close();
    }

    private void resolve(int index, RoomTicks room, List<Listener> members, Throwable failure) {
        List<Listener> listeners = List.of();
        Messages messages = null;
        List<SeedMessage> seedMessages = List.of();
        Throwable trouble = failure;
        long postUs = fanOut.nowUs();
        if (trouble == null) {
            try {
                listeners = present(members, room);
                messages = new Messages(room, listeners, postUs);
                seedMessages = SeedMessage.write(room.getTicksList());
            } catch (RuntimeException e) {
                trouble = e;
            }
        }
        if (trouble != null) {
            fanOut.rosterFailures.failed("room " + room.getRoom() + " could not be served: " + trouble);
        }
        synchronized (this) {
            if (closed) {
                return;
            }
            resolved[index] = true;
            failed[index] = trouble != null;
            if (trouble == null) {
                for (Listener listener : listeners) {
                    Outbox outbox = outbox(listener.connection(), room.getRoom(), listener.participant());
                    if (listener.isSeed()) {
                        addSeed(outbox, listener, seedMessages, rooms[index]);
                        continue;
                    }
                    for (byte[] message : messages.of(listener.participant())) {
                        add(outbox, new Outbox.Item(message, rooms[index]));
                    }
                }
            }
            if (--unresolved == 0) {
                addDisconnects();
            }
        }
        pump();
        if (trouble == null) {
            fanOut.observer.served(room, listeners.size(), startUs, postUs);
        }
    }

    /**
     * Those whose membership is not over, which the registry's members may be since they were read. By the later of the
     * two clocks: the job, which tells the room of it, must not be ahead of what is posted.
     */
    private List<Listener> present(List<Listener> members, RoomTicks room) {
        long nowMs = fanOut.clock.millis();
        for (Tick tick : room.getTicksList()) {
            nowMs = Math.max(nowMs, tick.getCloseTimeMs());
        }
        List<Listener> present = new ArrayList<>(members.size());
        for (Listener member : members) {
            if (member.expiresAtMs() > nowMs) {
                present.add(member);
            }
        }
        return present;
    }

    /** What each participant is posted of a room's ticks: the same bytes, but for those who alone spoke in one. */
    private final class Messages {
        private final long postUs;
        private final List<byte[]> all;
        private final Map<String, List<byte[]>> ofSpeakers = new HashMap<>();

        Messages(RoomTicks room, List<Listener> listeners, long postUs) {
            this.postUs = postUs;
            Set<String> speakers = new HashSet<>();
            room.getTicksList().forEach(tick -> speakers.add(tick.getSoleSpeaker()));
            boolean others = false;
            for (Listener listener : listeners) {
                String participant = listener.participant();
                if (!speakers.contains(participant)) {
                    others = true;
                } else if (!ofSpeakers.containsKey(participant)) {
                    List<Tick> left = new ArrayList<>(room.getTicksList());
                    left.removeIf(tick -> tick.getSoleSpeaker().equals(participant));
                    ofSpeakers.put(participant, write(room, left));
                }
            }
            all = others ? write(room, room.getTicksList()) : List.of();
        }

        private List<byte[]> write(RoomTicks room, List<Tick> ticks) {
            return fanOut.tickMessage.write(room.getRoom(), ticks, startUs, postUs);
        }

        List<byte[]> of(String participant) {
            return ofSpeakers.getOrDefault(participant, all);
        }
    }

    private void addSeed(Outbox outbox, Listener listener, List<SeedMessage> messages, Tally tally) {
        for (SeedMessage message : messages) {
            if (!message.speaker().equals(listener.participant())) {
                add(outbox, new Outbox.Item(message.text(), tally));
            }
        }
    }

    /** Only when all rooms are resolved: the closing is the last that a connection gets. */
    private void addDisconnects() {
        for (Disconnect disconnect : request.getDisconnectsList()) {
            Outbox outbox = outbox(disconnect.getConnection(), null, null);
            add(outbox, new Outbox.Item(DirectMessage.bye(disconnect), disconnects));
            add(outbox, new Outbox.Item(null, disconnects));
        }
    }

    private Outbox outbox(String connection, String room, String participant) {
        Outbox outbox = outboxes.computeIfAbsent(connection, Outbox::new);
        if (outbox.room == null && room != null && !room.isEmpty()) {
            outbox.room = room;
            outbox.participant = participant;
        }
        return outbox;
    }

    private void add(Outbox outbox, Outbox.Item item) {
        if (departed.contains(outbox.connection)) {
            item.tally().gone();
            return;
        }
        outbox.items.add(item);
        if (!outbox.busy) {
            outbox.busy = true;
            ready.add(outbox);
        }
    }

    /** Sends what may be sent. Re-entered by posts that are answered at once: those only leave a mark for the loop. */
    private void pump() {
        if (pumping.getAndIncrement() != 0) {
            return;
        }
        int marks = 1;
        do {
            Outbox outbox;
            while ((outbox = next()) != null) {
                send(outbox, outbox.sending, false);
            }
            marks = pumping.addAndGet(-marks);
        } while (marks != 0);
    }

    private Outbox next() {
        synchronized (this) {
            while (!closed && onTheirWay < fanOut.options.concurrency() && !ready.isEmpty()) {
                Outbox outbox = ready.poll();
                if (fanOut.clock.millis() >= request.getDeliverBeforeMs()) {
                    outbox.items.forEach(item -> item.tally().dropped());
                    outbox.items.clear();
                    outbox.busy = false;
                    continue;
                }
                outbox.sending = outbox.items.poll();
                onTheirWay++;
                return outbox;
            }
            if (!closed && unresolved == 0 && ready.isEmpty() && onTheirWay == 0 && departing == 0) {
                close();
            }
        }
        return null;
    }

    private void send(Outbox outbox, Outbox.Item item, boolean again) {
        long sentUs = fanOut.nowUs();
        CompletionStage<Outcome> stage;
        try {
            stage = item.text() == null
                    ? fanOut.poster.close(outbox.connection)
                    : fanOut.poster.post(outbox.connection, item.text());
        } catch (RuntimeException e) {
            stage = CompletableFuture.failedFuture(e);
        }
        stage.whenComplete((outcome, failure) -> {
            fanOut.observer.answered(fanOut.nowUs() - sentUs);
            settle(outbox, item, again, outcome, failure);
        });
    }

    private void settle(Outbox outbox, Outbox.Item item, boolean again, Outcome outcome, Throwable failure) {
        Outcome result = failure == null ? outcome : Outcome.FAILED;
        if (result == Outcome.THROTTLED) {
            fanOut.metrics.add(BroadcastMetrics.Counter.THROTTLED, 1);
        }
        if (result.mayBeTriedAgain() && !again && retry(outbox, item)) {
            return;
        }
        boolean leaves = false;
        synchronized (this) {
            if (closed) {
                return;
            }
            onTheirWay--;
            outbox.sending = null;
            switch (result) {
                case POSTED -> item.tally().posted();
                case GONE -> {
                    item.tally().gone();
                    outbox.items.forEach(waiting -> waiting.tally().gone());
                    outbox.items.clear();
                    leaves = departed.add(outbox.connection) && departed.size() <= MAX_DEPARTURES;
                    departing += leaves ? 1 : 0;
                }
                case TOO_LARGE, THROTTLED, FAILED -> item.tally().dropped();
            }
            outbox.busy = !outbox.items.isEmpty();
            if (outbox.busy) {
                ready.add(outbox);
            }
        }
        if (result == Outcome.TOO_LARGE) {
            fanOut.metrics.add(BroadcastMetrics.Counter.TOO_LARGE, 1);
        }
        if (result == Outcome.TOO_LARGE || result.mayBeTriedAgain()) {
            fanOut.postFailures.failed("post to connection " + outbox.connection + " of room " + outbox.room
                    + " dropped: " + result + (failure == null ? "" : ", " + failure));
        }
        if (leaves) {
            depart(outbox);
        }
        pump();
    }

    /** Sends a failed item once more if there is time; gives whether it will. */
    private boolean retry(Outbox outbox, Outbox.Item item) {
        long delayMs = fanOut.options.retryDelay().toMillis();
        synchronized (this) {
            if (closed || fanOut.clock.millis() + delayMs >= request.getDeliverBeforeMs()) {
                return false;
            }
            item.tally().retried();
        }
        if (delayMs == 0) {
            sendAgain(outbox, item);
        } else {
            CompletableFuture.delayedExecutor(delayMs, TimeUnit.MILLISECONDS, Runnable::run)
                    .execute(() -> sendAgain(outbox, item));
        }
        return true;
    }

    private void sendAgain(Outbox outbox, Outbox.Item item) {
        synchronized (this) {
            if (closed) {
                return;
            }
        }
        send(outbox, item, true);
    }

    private void depart(Outbox outbox) {
        boolean seed = outbox.participant != null && SeedParticipant.is(outbox.participant);
        if (outbox.room != null && !seed) {
            fanOut.rosters.remove(outbox.room, outbox.connection);
        }
        try {
            fanOut.departures.execute(() -> {
                try {
                    if (seed && mayStillBeConnecting(outbox.connection)) {
                        return;
                    }
                    if (seed) {
                        fanOut.rosters.remove(outbox.room, outbox.connection);
                    }
                    fanOut.departure.disconnect(outbox.connection, outbox.room, outbox.participant, "gone");
                    fanOut.metrics.add(BroadcastMetrics.Counter.DEPARTURES, 1);
                } catch (RuntimeException e) {
                    departureFailed(outbox, e);
                } finally {
                    departureEnded();
                }
            });
        } catch (RuntimeException e) {
            departureFailed(outbox, e);
            departureEnded();
        }
    }

    /** A client of the original protocol is in its room before the gateway knows its connection. */
    private boolean mayStillBeConnecting(String connection) {
        long nowMs = fanOut.clock.millis();
        return fanOut.registry
                .connection(connection)
                .filter(known -> nowMs - known.connectedAtMs() < MAX_CONNECTING_MS)
                .isPresent();
    }

    private void departureFailed(Outbox outbox, RuntimeException failure) {
        fanOut.metrics.add(BroadcastMetrics.Counter.DEPARTURES_FAILED, 1);
        fanOut.departureFailures.failed(
                "gone connection " + outbox.connection + " could not leave room " + outbox.room + ": " + failure);
    }

    private void departureEnded() {
        synchronized (this) {
            departing--;
        }
        pump();
    }

    /** Counts what is left as dropped and makes the answer. Called once, with the lock held. */
    private BroadcastAnswer close() {
        closed = true;
        for (Outbox outbox : outboxes.values()) {
            if (outbox.sending != null) {
                outbox.sending.tally().dropped();
            }
            outbox.items.forEach(item -> item.tally().dropped());
        }
        if (unresolved > 0) {
            // A bye and a closing each, which were never queued.
            for (int i = 0; i < request.getDisconnectsCount() * 2; i++) {
                disconnects.dropped();
            }
        }
        BroadcastAnswer.Builder built = BroadcastAnswer.newBuilder()
                .setVersion(BroadcastEnvelope.VERSION)
                .setPosts(posts.counts())
                .setDisconnects(disconnects.counts());
        for (int i = 0; i < rooms.length; i++) {
            built.addRooms(RoomAnswer.newBuilder()
                    .setRoom(request.getRooms(i).getRoom())
                    .setFailed(failed[i] || !resolved[i])
                    .setCounts(rooms[i].counts()));
            rooms[i].addTo(fanOut.metrics);
        }
        posts.addTo(fanOut.metrics);
        disconnects.addTo(fanOut.metrics);
        BroadcastAnswer whole = built.build();
        answer.complete(whole);
        return whole;
    }
}
