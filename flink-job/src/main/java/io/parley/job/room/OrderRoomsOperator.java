package io.parley.job.room;

import io.parley.core.chunk.Chunk;
import io.parley.core.error.FailureLog;
import io.parley.core.options.RoomOptions;
import io.parley.core.room.Room;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.RoomState;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tombstone;
import io.parley.job.ExportedMetrics;
import io.parley.job.JobMetrics;
import io.parley.job.MicroClock;
import io.parley.job.type.ProtobufTypeInformation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.flink.api.common.state.StateTtlConfig;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.VoidNamespace;
import org.apache.flink.runtime.state.VoidNamespaceSerializer;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.slf4j.LoggerFactory;

/**
 * Runs the {@link Room}s of its key groups: feeds them, wakes them, and keeps them through checkpoints.
 *
 * <p>Rooms that are in use are objects on the heap, and so are the times at which they want to be woken
 * ({@link RoomTimers}). Keyed state and Flink's timers see them only when a checkpoint begins, and only those that have
 * changed; a room that is idle for long leaves the heap and is read again when something comes for it. So no record
 * and no tick costs a state access, on heap or RocksDB. A closed room leaves nothing but its tombstone, for 30 days.
 *
 * <p>Each room has at most one timer of Flink's, which stands no later than the room wants to be woken. While the room
 * is on the heap it does nothing; after a restore it sees to it that the room is loaded. Rooms sleep after a restore
 * until the source has caught up (a record of the room is less than a second old, or none older has come for a second)
 * or ten seconds have passed, so that nothing is given up or freed while it may still be on its way.
 *
 * <p>A room that throws is set back to its last checkpoint and opens a new epoch: no record stops the job.
 * Per-frame code; runs on the task's thread.
 */
public final class OrderRoomsOperator extends AbstractStreamOperator<RoomOutput>
        implements OneInputStreamOperator<StreamRecord, RoomOutput>, Triggerable<String, VoidNamespace> {

    private static final long serialVersionUID = 1L;

    static final Duration TOMBSTONE_LIFE = Duration.ofDays(30);
    static final long CAUGHT_UP_LAG_MS = 1_000;
    static final long MAX_CATCH_UP_MS = 10_000;

    private final RoomOptions options;
    private final int evictIdleMs;
    private final MicroClock clock;

    private transient Map<String, HotRoom> hot;
    private transient ValueState<RoomState> roomState;
    private transient ValueState<Tombstone> tombstoneState;
    private transient InternalTimerService<VoidNamespace> keptTimers;
    private transient RoomTimers timers;
    /** What a room gives is emitted only once it is done, so that one that throws gives nothing. */
    private transient List<RoomOutput> outputs;

    private transient Consumer<RoomOutput> collect;
    private transient org.apache.flink.streaming.runtime.streamrecord.StreamRecord<RoomOutput> element;
    private transient TickMeter meter;
    private transient FailureLog log;
    private transient Counter roomsClosed;
    private transient Counter roomsFailed;

    private transient boolean restored;
    private transient long startMs;
    /** When a record with backlog came last; far in the past if none has. */
    private transient long lastBacklogMs;

    private transient int roomsWritten;

    public OrderRoomsOperator(RoomOptions options, int evictIdleMs, MicroClock clock) {
        this.options = Objects.requireNonNull(options);
        this.evictIdleMs = evictIdleMs;
        this.clock = Objects.requireNonNull(clock);
        // The source is never chained to it, but the live sink is.
        this.chainingStrategy = ChainingStrategy.ALWAYS;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        restored = context.isRestored();
        roomState = context.getKeyedStateStore()
                .getState(new ValueStateDescriptor<>("room", ProtobufTypeInformation.forMessage(RoomState.class)));
        ValueStateDescriptor<Tombstone> tombstone =
                new ValueStateDescriptor<>("tombstone", ProtobufTypeInformation.forMessage(Tombstone.class));
        tombstone.enableTimeToLive(StateTtlConfig.newBuilder(TOMBSTONE_LIFE)
                .cleanupIncrementally(10, false)
                .cleanupInRocksdbCompactFilter(10_000)
                .build());
        tombstoneState = context.getKeyedStateStore().getState(tombstone);
    }

    @Override
    public void open() throws Exception {
        super.open();
        hot = new HashMap<>();
        outputs = new ArrayList<>();
        collect = outputs::add;
        element = new org.apache.flink.streaming.runtime.streamrecord.StreamRecord<>(null);
        keptTimers = getInternalTimerService("room", VoidNamespaceSerializer.INSTANCE, this);
        timers = new RoomTimers(getProcessingTimeService(), this::wake);
        startMs = keptTimers.currentProcessingTime();
        lastBacklogMs = Long.MIN_VALUE;
        log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(OrderRoomsOperator.class)::warn);
        meter = new TickMeter(getMetricGroup());
        roomsClosed = getMetricGroup().counter(JobMetrics.ROOMS_CLOSED);
        roomsFailed = getMetricGroup().counter(JobMetrics.ROOMS_FAILED);
        getMetricGroup().gauge(JobMetrics.HOT_ROOMS, this::hotRooms);
        getMetricGroup().gauge(JobMetrics.ROOMS_WRITTEN, this::roomsWritten);
        ExportedMetrics exported = new ExportedMetrics(getMetricGroup());
        exported.rate(JobMetrics.ROOMS_FAILED_RATE, roomsFailed);
        exported.gauge(JobMetrics.ROOMS, this::hotRooms);
    }

    /** Rooms on the heap need no key: it is set where state is read or written. */
    @Override
    @SuppressWarnings("rawtypes") // Flink's signature
    public void setKeyContextElement1(org.apache.flink.streaming.runtime.streamrecord.StreamRecord input) {}

    @Override
    public void processElement(org.apache.flink.streaming.runtime.streamrecord.StreamRecord<StreamRecord> input)
            throws Exception {
        StreamRecord record = input.getValue();
        long nowUs = clock.nowUs();
        long nowMs = nowUs / 1000;
        HotRoom hotRoom = hot.get(record.getRoom());
        if (hotRoom == null) {
            hotRoom = load(record.getRoom(), nowMs);
        }
        long lagMs = nowMs - record.getArrivalTimeMs();
        meter.arrived(lagMs);
        if (lagMs < CAUGHT_UP_LAG_MS) {
            hotRoom.caughtUp = true;
        } else {
            lastBacklogMs = nowMs;
        }
        hotRoom.lastEventMs = nowMs;
        try {
            Chunk chunk = record.getKind() == StreamRecord.Kind.AUDIO ? Chunk.parse(record.getChunk()) : null;
            hotRoom.room.setCatchingUp(isCatchingUp(hotRoom, nowMs));
            hotRoom.room.accept(record, chunk, nowUs, collect);
        } catch (RuntimeException e) {
            setBack(hotRoom, nowMs, e);
        }
        settle(hotRoom, nowMs);
    }

    /** A room on the heap wants to be woken. */
    private void wake(HotRoom hotRoom, long dueMs) throws Exception {
        long nowUs = Math.max(clock.nowUs(), dueMs * 1000);
        long nowMs = nowUs / 1000;
        if (isCatchingUp(hotRoom, nowMs)) {
            schedule(hotRoom, nowMs);
            return;
        }
        meter.woke(nowMs - dueMs);
        hotRoom.room.setCatchingUp(false);
        try {
            hotRoom.room.onTimer(nowUs, collect);
        } catch (RuntimeException e) {
            setBack(hotRoom, nowMs, e);
        }
        settle(hotRoom, nowMs);
    }

    /** A timer that went through a checkpoint: the room is on the heap and knows by itself, or is brought there. */
    @Override
    public void onProcessingTime(InternalTimer<String, VoidNamespace> timer) throws Exception {
        long nowMs = Math.max(clock.nowMs(), timer.getTimestamp());
        HotRoom hotRoom = hot.get(timer.getKey());
        if (hotRoom == null) {
            if (roomState.value() == null) {
                return;
            }
            hotRoom = load(timer.getKey(), nowMs);
            schedule(hotRoom, nowMs);
        }
        hotRoom.timerMs = HotRoom.NONE;
        hotRoom.dirty = true; // the next checkpoint gives it another one
    }

    @Override
    public void onEventTime(InternalTimer<String, VoidNamespace> timer) {
        throw new IllegalStateException("rooms have no event-time timers");
    }

    /** Not in snapshotState: where RocksDB keeps its timers on the heap, Flink writes those before it calls that. */
    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        super.prepareSnapshotPreBarrier(checkpoint);
        long nowMs = clock.nowMs();
        int written = 0;
        Iterator<HotRoom> rooms = hot.values().iterator();
        while (rooms.hasNext()) {
            HotRoom hotRoom = rooms.next();
            if (hotRoom.dirty) {
                write(hotRoom);
                written++;
            }
            // One that is soon to be woken would be back at once.
            boolean sleeps = hotRoom.wakeMs == HotRoom.NONE || hotRoom.wakeMs - nowMs >= evictIdleMs;
            if (sleeps && nowMs - hotRoom.lastEventMs >= evictIdleMs) {
                timers.forget(hotRoom);
                rooms.remove();
            }
        }
        roomsWritten = written;
    }

    /** Writes the room to keyed state, and sees to a timer of Flink's that is not later than it wants to be woken. */
    private void write(HotRoom hotRoom) throws Exception {
        setCurrentKey(hotRoom.id);
        long dueMs = hotRoom.room.nextTimerMs();
        if (hotRoom.timerMs > dueMs) {
            deleteTimer(hotRoom);
            keptTimers.registerProcessingTimeTimer(VoidNamespace.INSTANCE, dueMs);
            hotRoom.timerMs = dueMs;
        }
        RoomState.Builder state = hotRoom.room.state();
        if (hotRoom.timerMs != HotRoom.NONE) {
            state.setTimerMs(hotRoom.timerMs);
        }
        roomState.update(state.build());
        hotRoom.stored = true;
        hotRoom.dirty = false;
    }

    private void deleteTimer(HotRoom hotRoom) {
        if (hotRoom.timerMs != HotRoom.NONE) {
            keptTimers.deleteProcessingTimeTimer(VoidNamespace.INSTANCE, hotRoom.timerMs);
            hotRoom.timerMs = HotRoom.NONE;
        }
    }

    @Override
    public void close() throws Exception {
        if (timers != null) {
            timers.close();
        }
        super.close();
    }

    /** Rooms on the heap. */
    int hotRooms() {
        return hot.size();
    }

    /** Rooms that will be woken. */
    int waitingRooms() {
        return timers.size();
    }

    /** How often a room has been woken. */
    long wakes() {
        return meter.wakes();
    }

    /** Rooms that the last checkpoint wrote. */
    int roomsWritten() {
        return roomsWritten;
    }

    /** The room as keyed state has it, or a new one. */
    private HotRoom load(String id, long nowMs) throws Exception {
        setCurrentKey(id);
        RoomState state = roomState.value();
        Room room =
                state == null ? Room.open(id, options, tombstoneState.value(), nowMs) : Room.restore(state, options);
        room.beginRun(startMs);
        HotRoom hotRoom = new HotRoom(id, room, state != null, nowMs);
        if (state != null && state.getTimerMs() > 0) {
            hotRoom.timerMs = state.getTimerMs();
        }
        hot.put(id, hotRoom);
        return hotRoom;
    }

    /** Emits what the room has given, then frees it or sees to its timer. */
    private void settle(HotRoom hotRoom, long nowMs) throws Exception {
        hotRoom.dirty = true;
        for (int i = 0; i < outputs.size(); i++) {
            RoomOutput out = outputs.get(i);
            meter.left(out);
            if (out.hasTick()) {
                hotRoom.lastTick(out.getTick());
            }
            output.collect(element.replace(out));
        }
        outputs.clear();
        if (hotRoom.room.isClosed()) {
            free(hotRoom);
        } else {
            schedule(hotRoom, nowMs);
        }
    }

    private void free(HotRoom hotRoom) throws Exception {
        setCurrentKey(hotRoom.id);
        timers.forget(hotRoom);
        deleteTimer(hotRoom);
        if (hotRoom.stored) {
            roomState.clear();
        }
        Tombstone tombstone = hotRoom.room.tombstone();
        if (tombstone != null && !tombstone.equals(tombstoneState.value())) {
            tombstoneState.update(tombstone);
            roomsClosed.inc();
        }
        hot.remove(hotRoom.id);
    }

    private void schedule(HotRoom hotRoom, long nowMs) {
        long dueMs = hotRoom.room.nextTimerMs();
        if (dueMs == Long.MAX_VALUE) {
            return; // a timer that still stands does no harm
        }
        // Never now: a room that asks for that would be woken for ever.
        timers.schedule(hotRoom, Math.max(Math.max(dueMs, wakeMs(hotRoom, nowMs)), nowMs + 1));
    }

    private boolean isCatchingUp(HotRoom hotRoom, long nowMs) {
        return nowMs < wakeMs(hotRoom, nowMs);
    }

    /** Before when the room may not be woken because the source is still catching up after a restore. */
    private long wakeMs(HotRoom hotRoom, long nowMs) {
        if (!restored || hotRoom.caughtUp || nowMs >= startMs + MAX_CATCH_UP_MS) {
            return Long.MIN_VALUE;
        }
        return lastBacklogMs == Long.MIN_VALUE
                ? startMs + MAX_CATCH_UP_MS
                : Math.min(startMs + MAX_CATCH_UP_MS, lastBacklogMs + CAUGHT_UP_LAG_MS);
    }

    /** Puts the room's last written state, or an empty room, in the place of one that threw. */
    private void setBack(HotRoom hotRoom, long nowMs, RuntimeException cause) throws Exception {
        roomsFailed.inc();
        log.failed("room " + hotRoom.id + " failed and is set back to its last checkpoint", cause);
        outputs.clear();
        setCurrentKey(hotRoom.id);
        RoomState state = roomState.value();
        Tombstone end = hotRoom.end();
        if (state == null) {
            hotRoom.room = Room.open(hotRoom.id, options, end == null ? tombstoneState.value() : end, nowMs);
        } else {
            // What was sent since then is not in that state, but stays sent: a new epoch follows it and says so.
            RoomState.Builder after = state.toBuilder().setReopen(true);
            if (end != null) {
                after.setEpoch(end.getEpoch()).setNextTick(end.getTick() + 1).setHash(end.getHash());
            }
            hotRoom.room = Room.restore(after.build(), options);
        }
        hotRoom.room.beginRun(startMs);
    }
}
