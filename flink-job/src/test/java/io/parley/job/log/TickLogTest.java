package io.parley.job.log;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.port.Broadcaster;
import io.parley.core.port.DataKeys;
import io.parley.core.port.EventPublisher;
import io.parley.core.port.ObjectStore;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.job.JobMetrics;
import io.parley.job.JobOptions;
import io.parley.job.JobPorts;
import io.parley.job.ManualClock;
import io.parley.job.Settings;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.metrics.groups.InternalOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingOperatorMetricGroup;
import org.apache.flink.runtime.metrics.util.InterceptingTaskMetricGroup;
import org.apache.flink.runtime.operators.testutils.MockEnvironment;
import org.apache.flink.runtime.operators.testutils.MockEnvironmentBuilder;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TickLogTest {

    private static final long START = 1_790_000_000_000L;
    private static final int MAX_SPOOL_BYTES = 1 << 20;
    private static final int LARGE = 60_000;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final PlainDataKeys keys = new PlainDataKeys();
    private final List<Runnable> retries = new ArrayList<>();
    private final List<Task> tasks = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (Task task : tasks) {
            task.harness.close();
        }
    }

    @Test
    void storesWhatWasWrittenBetweenTwoCheckpointsAsOneSegmentForEachRoom() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0), tick("other", 9, 4), tick("room", 7, 1));
        task.checkpoint(1);

        assertThat(store.keys()).hasSize(2);
        assertThat(segments("room")).singleElement().satisfies(segment -> {
            assertThat(segment.getEpoch()).isEqualTo(7);
            assertThat(segment.getFirstTick()).isZero();
            assertThat(segment.getTicksList()).containsExactly(tick("room", 7, 0), tick("room", 7, 1));
        });
        assertThat(segments("other"))
                .singleElement()
                .extracting(TickLogSegment::getFirstTick)
                .isEqualTo(4L);
        assertThat(task.spoolBytes()).isZero();
    }

    @Test
    void namesASegmentByItsContent() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 3));
        task.checkpoint(1);

        TickLogSegment segment = segments("room").get(0);
        assertThat(store.keys())
                .containsExactly(ObjectKeys.segment("room", 7, 3, START, ContentHash.of(segment.toByteArray())));
    }

    @Test
    void leavesNothingReadableInTheStore() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0));
        task.checkpoint(1);

        assertThat(new String(store.object(store.keys().get(0)), StandardCharsets.ISO_8859_1))
                .doesNotContain("frames of tick");
    }

    @Test
    void beginsASegmentAtAnEpochAtAGapAndAtTheSizeLimit() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0), tick("room", 8, 0), tick("room", 8, 2));
        task.write(large("room", 8, 3), large("room", 8, 4));
        task.checkpoint(1);

        assertThat(segments("room"))
                .extracting(
                        segment -> segment.getEpoch() + "/" + segment.getFirstTick() + "+" + segment.getTicksCount())
                .containsExactly("7/0+1", "8/0+1", "8/2+2", "8/4+1");
    }

    @Test
    void putsNothingBeforeACheckpointThatContainsItIsComplete() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0));
        task.snapshot(1);
        task.write(tick("room", 7, 1));
        task.snapshot(2);
        task.write(tick("room", 7, 2));
        assertThat(store.puts()).isZero();

        task.complete(1);
        assertThat(firstTicks("room")).containsExactly(0L);
        task.complete(2);
        assertThat(firstTicks("room")).containsExactly(0L, 1L);
        task.complete(2);
        assertThat(store.puts()).isEqualTo(2);
    }

    @Test
    void coversACheckpointThatNeverCompletesByALaterOne() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0));
        task.snapshot(1);
        task.harness.getOneInputOperator().notifyCheckpointAborted(1);
        task.write(tick("room", 7, 1));
        task.snapshot(2);
        assertThat(store.puts()).isZero();

        task.complete(2);
        assertThat(firstTicks("room")).containsExactly(0L, 1L);
    }

    @Test
    void keepsWhatIsNotYetStoredInEveryCheckpointAndNothingElse() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0));
        assertThat(kept(task.checkpoint(1))).hasSize(1);
        assertThat(kept(task.checkpoint(2))).isEmpty();

        store.setAway(true);
        task.write(tick("room", 7, 1));
        assertThat(kept(task.checkpoint(3))).hasSize(1);
        task.write(tick("room", 7, 2));
        assertThat(kept(task.checkpoint(4))).hasSize(2);

        store.setAway(false);
        retry();
        assertThat(kept(task.checkpoint(5))).isEmpty();
        assertThat(firstTicks("room")).containsExactly(0L, 1L, 2L);
    }

    @Test
    void uploadsWhatWasNotStoredAgainAfterARestore() throws Exception {
        store.setAway(true);
        Task first = start();
        first.write(tick("room", 7, 0), tick("other", 7, 0));
        OperatorSubtaskState checkpoint = first.checkpoint(1);
        assertThat(store.keys()).isEmpty();

        Task second = restore(checkpoint);
        assertThat(second.spoolBytes()).isPositive();
        store.setAway(false);
        retries.remove(1).run();

        assertThat(store.keys()).hasSize(2);
        assertThat(kept(second.checkpoint(2))).isEmpty();
        assertThat(second.spoolBytes()).isZero();
    }

    @Test
    void putsTheSameBytesUnderTheSameKeyAfterARestore() throws Exception {
        Task first = start();
        first.write(tick("room", 7, 0), tick("room", 7, 1));
        OperatorSubtaskState checkpoint = first.checkpoint(1);
        byte[] stored = store.object(store.keys().get(0));
        Task second = restore(checkpoint);

        assertThat(store.puts()).isEqualTo(2);
        assertThat(store.keys()).hasSize(1);
        assertThat(store.object(store.keys().get(0))).isEqualTo(stored);
        assertThat(second.count(JobMetrics.SEGMENT_CONFLICTS)).isZero();
        assertThat(second.count(JobMetrics.SEGMENTS_STORED)).isEqualTo(1);
    }

    @Test
    void hasNeverWrittenWhatARestoreTakesBack() throws Exception {
        Task first = start();
        OperatorSubtaskState before = first.checkpoint(1);
        first.write(tick("room", 7, 0));
        first.snapshot(2);
        Task second = restore(before);
        second.write(tick("room", 8, 0));
        second.checkpoint(3);

        assertThat(segments("room"))
                .singleElement()
                .extracting(TickLogSegment::getEpoch)
                .isEqualTo(8L);
    }

    @Test
    void sharesWhatIsNotStoredAmongSubtasksWhenItIsRescaled() throws Exception {
        store.setAway(true);
        Task one = start();
        for (int room = 0; room < 6; room++) {
            one.write(tick("room" + room, 7, 0));
        }
        OperatorSubtaskState checkpoint = one.checkpoint(1);
        store.setAway(false);
        int before = store.puts();
        List<Long> shares = new ArrayList<>();
        for (int subtask = 0; subtask < 2; subtask++) {
            Task share = task(2, subtask);
            share.harness.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(checkpoint, 128, 1, 2, subtask));
            share.harness.open();
            shares.add(share.count(JobMetrics.SEGMENTS_STORED));
        }

        assertThat(shares).containsExactly(3L, 3L);
        assertThat(store.puts() - before).isEqualTo(6);
        assertThat(store.keys()).hasSize(6);
    }

    @Test
    void takesTheSameContentUnderAnotherSealForSuccess() throws Exception {
        for (int run = 0; run < 2; run++) {
            Task task = start();
            task.write(tick("room", 7, 0));
            task.checkpoint(1);
            assertThat(task.count(JobMetrics.SEGMENTS_STORED)).isEqualTo(1);
            assertThat(task.count(JobMetrics.SEGMENT_CONFLICTS)).isZero();
        }
        assertThat(store.puts()).isEqualTo(2);
        assertThat(store.keys()).hasSize(1);
    }

    @Test
    void keepsItsOwnAsideWhereOtherContentLiesUnderTheKey() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0));
        StagedSegment staged = kept(task.snapshot(1)).get(0);
        byte[] theirs = Envelope.seal(
                Envelope.Purpose.SEGMENT,
                "room",
                staged.key(),
                keys.current().toCompletableFuture().join(),
                new SecureRandom(),
                new byte[] {1, 2, 3});
        store.put(staged.key(), theirs);
        task.complete(1);

        assertThat(store.object(staged.key())).isEqualTo(theirs);
        assertThat(store.keys()).hasSize(2).anySatisfy(key -> {
            assertThat(key).startsWith(SegmentUploader.CONFLICT_PREFIX + staged.key());
            assertThat(store.object(key)).isEqualTo(staged.sealed());
        });
        assertThat(task.count(JobMetrics.SEGMENT_CONFLICTS)).isEqualTo(1);
        assertThat(task.spoolBytes()).isZero();
    }

    @Test
    void triesWhatTheStoreRefusesAgainAfterAPause() throws Exception {
        store.setAway(true);
        Task task = start();
        task.write(tick("room", 7, 0), tick("other", 7, 0));
        task.checkpoint(1);
        assertThat(store.keys()).isEmpty();
        assertThat(task.spoolBytes()).isPositive();
        assertThat(task.count(JobMetrics.SEGMENT_UPLOADS_FAILED)).isEqualTo(2);
        assertThat(retries).hasSize(1);

        store.setAway(false);
        retry();

        assertThat(store.keys()).hasSize(2);
        assertThat(task.spoolBytes()).isZero();
        assertThat(retries).isEmpty();
    }

    @Test
    void isNotHeldUpByAStoreThatDoesNotAnswer() throws Exception {
        store.hold();
        Task task = start();
        for (int tick = 0; tick < 3; tick++) {
            task.write(tick("room", 7, tick));
            task.checkpoint(tick + 1); // would not come back within the time of a test
        }
        assertThat(store.keys()).isEmpty();
        assertThat(kept(task.snapshot(9))).hasSize(3);

        store.release();
        assertThat(firstTicks("room")).containsExactly(0L, 1L, 2L);
        assertThat(kept(task.snapshot(10))).isEmpty();
    }

    @Test
    void uploadsOnlySoManyAtATime() throws Exception {
        store.hold();
        Task task = start();
        for (int room = 0; room < 10; room++) {
            task.write(tick("room" + room, 7, 0));
        }
        task.checkpoint(1);
        assertThat(store.held()).isEqualTo(4);
        store.release();
        assertThat(store.keys()).hasSize(10);
    }

    @Test
    void dropsTheOldestAndCountsItWhenTheSpoolIsFull() throws Exception {
        store.setAway(true);
        Task task = start();
        int tooMany = MAX_SPOOL_BYTES / LARGE + 2;
        for (int room = 0; room < tooMany; room++) {
            task.write(large("room" + room, 7, 0));
            task.checkpoint(room + 1);
        }
        long dropped = task.count(JobMetrics.SEGMENTS_DROPPED);
        assertThat(dropped).isBetween(1L, 3L);
        assertThat(task.spoolBytes()).isLessThanOrEqualTo(MAX_SPOOL_BYTES);

        store.setAway(false);
        retry();
        for (int room = 0; room < tooMany; room++) {
            assertThat(segments("room" + room)).as("room %s", room).hasSize(room < dropped ? 0 : 1);
        }
    }

    @Test
    void dropsTheOldestWhenNoCheckpointCompletes() throws Exception {
        Task task = start();
        for (int tick = 0; tick < 3 * MAX_SPOOL_BYTES / LARGE; tick++) {
            task.write(large("room", 7, tick));
        }
        assertThat(task.spoolBytes()).as("sealed without a barrier").isPositive();
        task.snapshot(1);
        assertThat(task.count(JobMetrics.SEGMENTS_DROPPED)).isPositive();
        assertThat(task.spoolBytes()).isLessThanOrEqualTo(MAX_SPOOL_BYTES);
        assertThat(store.puts()).isZero();

        task.complete(1);
        assertThat(task.count(JobMetrics.SEGMENTS_STORED) + task.count(JobMetrics.SEGMENTS_DROPPED))
                .isEqualTo(task.count(JobMetrics.SEGMENTS_STAGED));
    }

    @Test
    void keepsTheLastKeyWhileTheKeyServiceIsAway() throws Exception {
        Task task = start();
        task.write(tick("room", 7, 0));
        task.checkpoint(1);
        keys.setAway(true);
        for (int tick = 1; tick < 4; tick++) {
            task.write(tick("room", 7, tick));
            task.checkpoint(1 + tick);
        }
        assertThat(segments("room")).hasSize(4);
    }

    @Test
    void keepsTicksUntilThereIsAFirstKey() throws Exception {
        keys.setAway(true);
        Task task = start();
        task.write(tick("room", 7, 0));
        assertThat(kept(task.checkpoint(1))).isEmpty();
        keys.setAway(false);
        task.write(tick("room", 7, 1));
        task.checkpoint(2);
        task.checkpoint(3);

        assertThat(firstTicks("room")).containsExactly(0L, 1L);
    }

    @Test
    void dropsTheOldestTicksAndCountsThemWhereThereIsNoKeyForLong() throws Exception {
        keys.setAway(true);
        Task task = start();
        int written = 2 * MAX_SPOOL_BYTES / LARGE;
        for (int tick = 0; tick < written; tick++) {
            task.write(large("room", 7, tick));
        }
        long unlogged = task.count(JobMetrics.TICKS_UNLOGGED);
        assertThat(unlogged).isPositive();
        keys.setAway(false);
        task.checkpoint(1);
        task.checkpoint(2);

        assertThat(firstTicks("room")).hasSize((int) (written - unlogged)).contains(unlogged, written - 1L);
    }

    @Test
    void hasTheWholeLogStoredWhenABoundedInputHasEnded() throws Exception {
        Task task = start(60_000);
        task.write(tick("room", 7, 0));
        task.harness.endInput();
        task.harness.getOneInputOperator().finish();
        store.hold();
        task.checkpoint(1);
        assertThat(store.keys()).isEmpty();
        onceThisThreadWaits(store::release);
        task.harness.close();

        assertThat(firstTicks("room")).containsExactly(0L);
    }

    @Test
    void waitsForTheFirstKeyWhenABoundedInputHasEnded() throws Exception {
        keys.hold();
        Task task = start(60_000);
        task.write(tick("room", 7, 0));
        onceThisThreadWaits(keys::release);
        task.harness.getOneInputOperator().finish();
        task.checkpoint(1);

        assertThat(firstTicks("room")).containsExactly(0L);
    }

    @Test
    void asksOnceMoreForTheFirstKeyWhenABoundedInputHasEnded() throws Exception {
        keys.setAway(true);
        Task task = start();
        task.write(tick("room", 7, 0));
        keys.setAway(false);
        task.harness.getOneInputOperator().finish();
        task.checkpoint(1);

        assertThat(firstTicks("room")).containsExactly(0L);
    }

    @Test
    void countsTheTicksThatNeverHadAKeyWhenTheJobEnds() throws Exception {
        keys.setAway(true);
        Task task = start();
        task.write(tick("room", 7, 0), tick("room", 7, 1));
        task.harness.getOneInputOperator().finish();
        task.checkpoint(1);
        task.harness.close();

        assertThat(task.count(JobMetrics.TICKS_UNLOGGED)).isEqualTo(2);
    }

    @Test
    void endsAlthoughTheStoreDoesNotAnswer() throws Exception {
        store.hold();
        Task task = start(1);
        task.write(tick("room", 7, 0));
        task.checkpoint(1);
        task.harness.close();

        assertThat(store.keys()).isEmpty();
    }

    @Test
    void readsSegmentsOfVersionOne() throws Exception {
        byte[] old = Base64.getDecoder().decode("AQADa2V5AAAAAwECAw==");
        StagedSegment read = StagedSegmentSerializer.INSTANCE.deserialize(new DataInputDeserializer(old));
        assertThat(read.key()).isEqualTo("key");
        assertThat(read.sealed()).containsExactly(1, 2, 3);
        DataOutputSerializer written = new DataOutputSerializer(16);
        StagedSegmentSerializer.INSTANCE.serialize(read, written);
        assertThat(written.getCopyOfBuffer()).isEqualTo(old);

        old[0] = 2;
        assertThatThrownBy(() -> StagedSegmentSerializer.INSTANCE.deserialize(new DataInputDeserializer(old)))
                .isInstanceOf(IOException.class)
                .hasMessage("staged segment of version 2, known is 1");
    }

    private Task start() throws Exception {
        return start(0);
    }

    private Task start(int endWaitMs) throws Exception {
        Task task = task(1, 0, endWaitMs);
        task.harness.initializeEmptyState();
        task.harness.open();
        return task;
    }

    private Task restore(OperatorSubtaskState checkpoint) throws Exception {
        Task task = task(1, 0);
        task.harness.initializeState(checkpoint);
        task.harness.open();
        return task;
    }

    private Task task(int parallelism, int subtask) throws Exception {
        return task(parallelism, subtask, 0);
    }

    private Task task(int parallelism, int subtask, int endWaitMs) throws Exception {
        JobOptions options = new Settings()
                .with(JobOptions.MAX_SEGMENT_BYTES, 100_000)
                .with(JobOptions.MAX_SPOOL_BYTES, MAX_SPOOL_BYTES)
                .with(JobOptions.UPLOADS, 4)
                .with(JobOptions.END_WAIT, endWaitMs)
                .options();
        Task task = new Task(
                new TickLogOperator(options, new Ports(), new ManualClock(START), () -> retries::add),
                parallelism,
                subtask);
        tasks.add(task);
        return task;
    }

    private static void onceThisThreadWaits(Runnable work) {
        Thread waiting = Thread.currentThread();
        Thread worker = new Thread(() -> {
            while (waiting.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            work.run();
        });
        worker.setDaemon(true);
        worker.start();
    }

    private void retry() {
        retries.remove(0).run();
    }

    /** What a checkpoint has kept, in its order. */
    private List<StagedSegment> kept(OperatorSubtaskState checkpoint) throws Exception {
        KeptSegments reader = new KeptSegments();
        try (OneInputStreamOperatorTestHarness<Tick, Void> harness = new OneInputStreamOperatorTestHarness<>(reader)) {
            harness.initializeState(checkpoint);
            return reader.segments;
        }
    }

    /** The room's segments in the order of their keys. */
    private List<TickLogSegment> segments(String room) throws InvalidProtocolBufferException {
        List<TickLogSegment> segments = new ArrayList<>();
        for (String key : store.keys()) {
            if (key.startsWith("ticks/" + room + "/")) {
                segments.add(TickLogSegment.parseFrom(Envelope.open(key, store.object(key), PlainDataKeys::invert)));
            }
        }
        return segments;
    }

    private List<Long> firstTicks(String room) throws InvalidProtocolBufferException {
        return segments(room).stream().map(TickLogSegment::getFirstTick).collect(Collectors.toList());
    }

    private static Tick tick(String room, long epoch, long tick) {
        return tick(room, epoch, tick, ByteString.copyFromUtf8("frames of tick " + tick));
    }

    private static Tick large(String room, long epoch, long tick) {
        return tick(room, epoch, tick, ByteString.copyFrom(new byte[LARGE]));
    }

    private static Tick tick(String room, long epoch, long tick, ByteString frames) {
        return Tick.newBuilder()
                .setVersion(1)
                .setRoom(room)
                .setEpoch(epoch)
                .setTick(tick)
                .setCloseTimeMs(START)
                .setFrames(frames)
                .build();
    }

    /** A run of the operator as Flink would drive it, and its metrics. */
    private static final class Task {
        final OneInputStreamOperatorTestHarness<Tick, Void> harness;
        private final InterceptingOperatorMetricGroup metrics = new InterceptingOperatorMetricGroup();

        Task(TickLogOperator operator, int parallelism, int subtask) throws Exception {
            MockEnvironment environment = new MockEnvironmentBuilder()
                    .setMaxParallelism(128)
                    .setParallelism(parallelism)
                    .setSubtaskIndex(subtask)
                    .setMetricGroup(new InterceptingTaskMetricGroup() {
                        @Override
                        public InternalOperatorMetricGroup getOrAddOperator(OperatorID id, String name) {
                            return metrics;
                        }
                    })
                    .build();
            harness = new OneInputStreamOperatorTestHarness<>(operator, environment);
        }

        void write(Tick... ticks) throws Exception {
            for (Tick tick : ticks) {
                harness.processElement(tick, START);
            }
        }

        OperatorSubtaskState snapshot(long checkpointId) throws Exception {
            harness.prepareSnapshotPreBarrier(checkpointId);
            return harness.snapshot(checkpointId, START);
        }

        void complete(long checkpointId) throws Exception {
            harness.notifyOfCompletedCheckpoint(checkpointId);
        }

        OperatorSubtaskState checkpoint(long checkpointId) throws Exception {
            OperatorSubtaskState state = snapshot(checkpointId);
            complete(checkpointId);
            return state;
        }

        long count(String name) {
            return ((Counter) metric(name)).getCount();
        }

        long spoolBytes() {
            return (long) ((Gauge<?>) metric(JobMetrics.SPOOL_BYTES)).getValue();
        }

        private Metric metric(String name) {
            return metrics.get(name);
        }
    }

    private final class Ports implements JobPorts {
        private static final long serialVersionUID = 1L;

        @Override
        public Broadcaster openBroadcaster() {
            throw new UnsupportedOperationException();
        }

        @Override
        public EventPublisher openEventPublisher() {
            throw new UnsupportedOperationException();
        }

        @Override
        public ObjectStore openObjectStore() {
            return store;
        }

        @Override
        public DataKeys openDataKeys() {
            return keys;
        }
    }
}
