package io.parley.job.live;

import io.parley.core.error.ErrorCode;
import io.parley.core.port.Broadcaster;
import io.parley.core.wire.BroadcastAnswer;
import io.parley.core.wire.BroadcastRequest;
import io.parley.core.wire.ChunkReference;
import io.parley.core.wire.DirectPost;
import io.parley.core.wire.RoomAnswer;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomTicks;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;

/**
 * Carries the ticks of its rooms to the broadcast Lambda with one call in flight, so that a room's ticks never
 * overtake each other.
 *
 * <p>What comes while a call is in flight waits, merged by room, and leaves with the next call. Only so many ticks
 * wait: then the oldest go, as do those that would come too late to be played. A call that fails or takes too long is
 * not made again: its ticks are past before it could help. Thread safe: what waits is guarded by this object, which
 * is never held while a call is made.
 */
final class Lane {

    /** Lambda takes 6 MB of JSON, in which a request is base64. */
    static final int MAX_REQUEST_BYTES = 3 << 20;
    /** A tick that has less time left than this is not worth a call. */
    static final int MIN_REMAINING_MS = 100;

    private static final long MAX_WAITING_BYTES = 4L * MAX_REQUEST_BYTES;
    private static final int MAX_WAITING_POSTS = 1_000;

    private final Broadcaster broadcaster;
    private final StatusReporter statuses;
    private final LaneSettings settings;
    private final LaneMeter meter;

    /** In the order in which it came. */
    private final ArrayDeque<WaitingOutput> waiting = new ArrayDeque<>();

    private int waitingTicks;
    private long waitingBytes;
    private int waitingPosts;
    private boolean inFlight;
    /** Completed when nothing waits and no call is in flight. */
    private CompletableFuture<Void> idle = CompletableFuture.completedFuture(null);

    Lane(Broadcaster broadcaster, StatusReporter statuses, LaneSettings settings, LaneMeter meter) {
        this.broadcaster = broadcaster;
        this.statuses = statuses;
        this.settings = settings;
        this.meter = meter;
    }

    /** Takes what has left a room; never blocks. */
    void offer(RoomOutput output) {
        List<WaitingOutput> dropped;
        synchronized (this) {
            waiting.add(new WaitingOutput(output));
            if (output.hasTick()) {
                waitingTicks++;
                waitingBytes += output.getTick().getSerializedSize();
            }
            waitingPosts += output.getPostsCount() + output.getDisconnectsCount();
            dropped = dropOldest();
            if (idle.isDone()) {
                idle = new CompletableFuture<>();
            }
        }
        fail(dropped);
        callNext();
    }

    /** Completes when all that was offered before is done with. */
    synchronized CompletableFuture<Void> drained() {
        return idle;
    }

    synchronized int waitingTicks() {
        return waitingTicks;
    }

    private void callNext() {
        Call call = new Call();
        synchronized (this) {
            if (inFlight) {
                return;
            }
            collect(call);
            inFlight = !call.isEmpty();
            if (!inFlight) {
                idle.complete(null);
            }
        }
        fail(call.expired);
        if (!call.isEmpty()) {
            make(call);
        }
    }

    private void make(Call call) {
        long startUs = settings.clock().nowUs();
        meter.called();
        ask(call.request.build())
                .toCompletableFuture()
                // A copy, since a late answer must not be able to complete what was given up.
                .thenApply(answer -> answer)
                .orTimeout(settings.callTimeoutMs(), TimeUnit.MILLISECONDS)
                .whenComplete((answer, failure) -> {
                    try {
                        meter.answered(settings.clock().nowUs() - startUs);
                        report(call, answer, failure);
                    } finally {
                        synchronized (this) {
                            inFlight = false;
                        }
                        callNext();
                    }
                });
    }

    private CompletionStage<BroadcastAnswer> ask(BroadcastRequest request) {
        try {
            return broadcaster.broadcast(request);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void report(Call call, BroadcastAnswer answer, Throwable failure) {
        if (failure != null) {
            meter.failed("the broadcast Lambda failed: " + failure);
        } else if (answer.getExpired()) {
            meter.expired();
        }
        boolean refused = failure != null || answer.getExpired();
        Set<String> failedRooms = refused ? call.chunks.keySet() : failedRooms(answer);
        call.chunks.forEach((room, chunks) -> {
            if (failedRooms.contains(room)) {
                statuses.failed(room, chunks, ErrorCode.BROADCAST_FAILED);
            } else {
                statuses.completed(room, chunks);
            }
        });
    }

    private static Set<String> failedRooms(BroadcastAnswer answer) {
        Set<String> failed = new HashSet<>();
        for (RoomAnswer room : answer.getRoomsList()) {
            if (room.getFailed()) {
                failed.add(room.getRoom());
            }
        }
        return failed;
    }

    /** Moves into the call as much as fits, oldest first and merged by room. */
    private void collect(Call call) {
        long nowMs = settings.clock().nowMs();
        // Whoever gives a call up must know that nothing more comes of it: the next one would be overtaken.
        long deadlineMs = nowMs + Math.min(settings.playoutDeadlineMs(), settings.answerTimeMs());
        int bytes = 0;
        Map<String, RoomTicks.Builder> rooms = new LinkedHashMap<>();
        while (!waiting.isEmpty() && bytes < MAX_REQUEST_BYTES) {
            WaitingOutput next = waiting.remove();
            if (next.tick() != null) {
                waitingTicks--;
                waitingBytes -= next.tickBytes();
                long tickDeadlineMs = next.tick().getCloseTimeMs() + settings.playoutDeadlineMs();
                if (tickDeadlineMs < nowMs + MIN_REMAINING_MS) {
                    call.expired.add(next);
                } else {
                    deadlineMs = Math.min(deadlineMs, tickDeadlineMs);
                    bytes += next.tick().getSerializedSize();
                    call.add(next, rooms);
                }
            }
            for (DirectPost post : next.posts()) {
                bytes += post.getSerializedSize();
            }
            call.request.addAllPosts(next.posts()).addAllDisconnects(next.disconnects());
            waitingPosts -= next.posts().size() + next.disconnects().size();
        }
        rooms.values().forEach(call.request::addRooms);
        call.request.setVersion(1).setDeliverBeforeMs(deadlineMs);
    }

    /** Takes out what has waited longest, of whatever room, until the rest is within bounds. */
    private List<WaitingOutput> dropOldest() {
        List<WaitingOutput> dropped = List.of();
        Iterator<WaitingOutput> oldest = waiting.iterator();
        while (waitingTicks > settings.maxWaitingTicks() || waitingBytes > MAX_WAITING_BYTES) {
            WaitingOutput next = oldest.next();
            if (next.tick() == null) {
                continue;
            }
            if (dropped.isEmpty()) {
                dropped = new ArrayList<>();
            }
            dropped.add(next);
            next.dropTick();
            waitingTicks--;
            waitingBytes -= next.tickBytes();
            if (next.isEmpty()) {
                oldest.remove();
            }
        }
        oldest = waiting.iterator();
        while (waitingPosts > MAX_WAITING_POSTS && oldest.hasNext()) {
            WaitingOutput next = oldest.next();
            int gone = Math.min(waitingPosts - MAX_WAITING_POSTS, next.posts().size());
            if (gone > 0) {
                next.dropFirstPosts(gone);
                waitingPosts -= gone;
                meter.postsDropped(gone);
                if (next.isEmpty()) {
                    oldest.remove();
                }
            }
        }
        return dropped;
    }

    private void fail(List<WaitingOutput> dropped) {
        if (dropped.isEmpty()) {
            return;
        }
        meter.ticksDropped(dropped.size());
        for (WaitingOutput output : dropped) {
            statuses.failed(output.room(), output.chunks(), ErrorCode.BROADCAST_FAILED);
        }
    }

    /** One request and what depends on its answer. */
    private static final class Call {
        final BroadcastRequest.Builder request = BroadcastRequest.newBuilder();
        final Map<String, List<ChunkReference>> chunks = new HashMap<>();
        final List<WaitingOutput> expired = new ArrayList<>();

        void add(WaitingOutput output, Map<String, RoomTicks.Builder> rooms) {
            RoomTicks.Builder ticks = rooms.computeIfAbsent(
                    output.room(), room -> RoomTicks.newBuilder().setRoom(room));
            ticks.addTicks(output.tick());
            ticks.setRosterVersion(
                    Math.max(ticks.getRosterVersion(), output.tick().getRosterVersion()));
            if (!output.chunks().isEmpty()) {
                chunks.computeIfAbsent(output.room(), room -> new ArrayList<>()).addAll(output.chunks());
            }
        }

        boolean isEmpty() {
            return request.getRoomsCount() + request.getPostsCount() + request.getDisconnectsCount() == 0;
        }
    }
}
