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
import io.parley.job.live.WaitingRoom.WaitingTick;
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

    private final Map<String, WaitingRoom> waiting = new LinkedHashMap<>();
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
        Map<String, List<WaitingTick>> dropped;
        synchronized (this) {
            waiting.computeIfAbsent(output.getRoom(), WaitingRoom::new).add(output);
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
        dropped.forEach(this::fail);
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
        call.expired.forEach(this::fail);
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

    /** Moves into the call as much as fits, rooms in the order in which they began to wait. */
    private void collect(Call call) {
        long nowMs = settings.clock().nowMs();
        long deadlineMs = nowMs + settings.playoutDeadlineMs();
        int bytes = 0;
        Iterator<WaitingRoom> rooms = waiting.values().iterator();
        while (rooms.hasNext() && bytes < MAX_REQUEST_BYTES) {
            WaitingRoom room = rooms.next();
            RoomTicks.Builder ticks = RoomTicks.newBuilder().setRoom(room.room());
            while (!room.ticks().isEmpty() && bytes < MAX_REQUEST_BYTES) {
                WaitingTick next = take(room);
                long tickDeadlineMs = next.tick.getCloseTimeMs() + settings.playoutDeadlineMs();
                if (tickDeadlineMs < nowMs + MIN_REMAINING_MS) {
                    call.expired
                            .computeIfAbsent(room.room(), id -> new ArrayList<>())
                            .add(next);
                    continue;
                }
                deadlineMs = Math.min(deadlineMs, tickDeadlineMs);
                ticks.addTicks(next.tick);
                ticks.setRosterVersion(Math.max(ticks.getRosterVersion(), next.tick.getRosterVersion()));
                bytes += next.tick.getSerializedSize();
                if (!next.chunks.isEmpty()) {
                    call.chunks
                            .computeIfAbsent(room.room(), id -> new ArrayList<>())
                            .addAll(next.chunks);
                }
            }
            if (ticks.getTicksCount() > 0) {
                call.request.addRooms(ticks);
            }
            if (room.ticks().isEmpty()) {
                for (DirectPost post : room.posts()) {
                    bytes += post.getSerializedSize();
                }
                call.request.addAllPosts(room.posts()).addAllDisconnects(room.disconnects());
                waitingPosts -= room.posts().size() + room.disconnects().size();
                rooms.remove();
            }
        }
        call.request.setVersion(1).setDeliverBeforeMs(deadlineMs);
    }

    /** Takes out the oldest until the rest is within bounds: from the room that has waited longest, its first. */
    private Map<String, List<WaitingTick>> dropOldest() {
        Map<String, List<WaitingTick>> dropped = Map.of();
        Iterator<WaitingRoom> rooms = waiting.values().iterator();
        while (waitingTicks > settings.maxWaitingTicks() || waitingBytes > MAX_WAITING_BYTES) {
            WaitingRoom oldest = rooms.next();
            while (!oldest.ticks().isEmpty()
                    && (waitingTicks > settings.maxWaitingTicks() || waitingBytes > MAX_WAITING_BYTES)) {
                if (dropped.isEmpty()) {
                    dropped = new HashMap<>();
                }
                dropped.computeIfAbsent(oldest.room(), id -> new ArrayList<>()).add(take(oldest));
            }
        }
        rooms = waiting.values().iterator();
        while (waitingPosts > MAX_WAITING_POSTS && rooms.hasNext()) {
            List<DirectPost> posts = rooms.next().posts();
            int gone = Math.min(waitingPosts - MAX_WAITING_POSTS, posts.size());
            posts.subList(0, gone).clear();
            waitingPosts -= gone;
            meter.postsDropped(gone);
        }
        return dropped;
    }

    private WaitingTick take(WaitingRoom room) {
        WaitingTick taken = room.ticks().remove();
        waitingTicks--;
        waitingBytes -= taken.bytes;
        return taken;
    }

    private void fail(String room, List<WaitingTick> ticks) {
        if (ticks.isEmpty()) {
            return;
        }
        meter.ticksDropped(ticks.size());
        for (WaitingTick tick : ticks) {
            statuses.failed(room, tick.chunks, ErrorCode.BROADCAST_FAILED);
        }
    }

    /** One request and what depends on its answer. */
    private static final class Call {
        final BroadcastRequest.Builder request = BroadcastRequest.newBuilder();
        final Map<String, List<ChunkReference>> chunks = new HashMap<>();
        final Map<String, List<WaitingTick>> expired = new HashMap<>();

        boolean isEmpty() {
            return request.getRoomsCount() + request.getPostsCount() + request.getDisconnectsCount() == 0;
        }
    }
}
