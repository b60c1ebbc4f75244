package io.parley.job.log;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.job.JobMetrics;
import io.parley.job.ManualClock;
import io.parley.job.MemoryMetrics;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.flink.api.connector.sink2.Committer.CommitRequest;
import org.junit.jupiter.api.Test;

class TickLogTest {

    private static final long START = 1_790_000_000_000L;
    private static final int MAX_SEGMENT_BYTES = 100_000;
    private static final int MAX_SPOOL_BYTES = 1_000_000;
    private static final int LONG_MS = 600_000;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private final PlainDataKeys keys = new PlainDataKeys();
    private final MemoryMetrics metrics = new MemoryMetrics();
    private final List<Runnable> retries = new ArrayList<>();
    private final TickLogWriter writer = writer();
    private final TickLogCommitter committer = committer(LONG_MS, MAX_SPOOL_BYTES);

    @Test
    void storesWhatWasWrittenBetweenTwoCheckpointsAsOneSegmentForEachRoom() throws Exception {
        write(tick("room", 7, 0), tick("other", 9, 4), tick("room", 7, 1));
        commit(writer.prepareCommit());

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
    }

    @Test
    void namesASegmentByItsContent() throws Exception {
        write(tick("room", 7, 3));
        commit(writer.prepareCommit());

        TickLogSegment segment = segments("room").get(0);
        assertThat(store.keys())
                .containsExactly(ObjectKeys.segment("room", 7, 3, START, ContentHash.of(segment.toByteArray())));
    }

    @Test
    void leavesNothingReadableInTheStore() throws Exception {
        write(tick("room", 7, 0));
        commit(writer.prepareCommit());

        assertThat(new String(store.object(store.keys().get(0)), StandardCharsets.ISO_8859_1))
                .doesNotContain("frames of tick");
    }

    @Test
    void beginsASegmentAtAnEpochAtAGapAndAtTheSizeLimit() throws Exception {
        write(tick("room", 7, 0), tick("room", 8, 0), tick("room", 8, 2));
        write(large("room", 8, 3), large("room", 8, 4));
        commit(writer.prepareCommit());

        assertThat(segments("room"))
                .extracting(
                        segment -> segment.getEpoch() + "/" + segment.getFirstTick() + "+" + segment.getTicksCount())
                .containsExactly("7/0+1", "8/0+1", "8/2+2", "8/4+1");
    }

    @Test
    void stagesNothingWhereNothingWasWritten() throws Exception {
        assertThat(writer.prepareCommit()).isEmpty();
        write(tick("room", 7, 0));
        assertThat(writer.prepareCommit()).hasSize(1);
        assertThat(writer.prepareCommit()).isEmpty();
    }

    @Test
    void storesEachTickOnceThoughACommitIsRepeatedAfterARestore() throws Exception {
        write(tick("room", 7, 0), tick("room", 7, 1));
        List<StagedSegment> staged = throughCheckpoint(writer.prepareCommit());
        commit(staged);
        commit(throughCheckpoint(staged));

        assertThat(store.puts()).isEqualTo(2);
        assertThat(segments("room"))
                .singleElement()
                .extracting(TickLogSegment::getTicksCount)
                .isEqualTo(2);
        assertThat(metrics.count(JobMetrics.SEGMENT_CONFLICTS)).isZero();
        assertThat(committer.spoolBytes()).isZero();
    }

    @Test
    void takesTheSameContentUnderAnotherSealForSuccess() throws Exception {
        write(tick("room", 7, 0));
        commit(writer.prepareCommit());
        TickLogWriter again = writer();
        again.write(tick("room", 7, 0), null);
        commit(again.prepareCommit());

        assertThat(store.keys()).hasSize(1);
        assertThat(metrics.count(JobMetrics.SEGMENT_CONFLICTS)).isZero();
        assertThat(committer.spoolBytes()).isZero();
    }

    @Test
    void keepsItsOwnAsideWhereOtherContentLiesUnderTheKey() throws Exception {
        write(tick("room", 7, 0));
        StagedSegment staged = writer.prepareCommit().iterator().next();
        byte[] theirs = Envelope.seal(
                Envelope.Purpose.SEGMENT,
                "room",
                staged.key(),
                keys.current().toCompletableFuture().join(),
                new SecureRandom(),
                new byte[] {1, 2, 3});
        store.put(staged.key(), theirs);
        commit(List.of(staged));

        assertThat(store.object(staged.key())).isEqualTo(theirs);
        assertThat(store.keys()).hasSize(2).anySatisfy(key -> {
            assertThat(key).startsWith(TickLogCommitter.CONFLICT_PREFIX + staged.key());
            assertThat(store.object(key)).isEqualTo(staged.sealed());
        });
        assertThat(metrics.count(JobMetrics.SEGMENT_CONFLICTS)).isEqualTo(1);
    }

    @Test
    void spoolsWhatTheStoreRefusesAndTriesItAgain() throws Exception {
        store.setAway(true);
        write(tick("room", 7, 0), tick("other", 7, 0));
        commit(writer.prepareCommit());
        assertThat(store.keys()).isEmpty();
        assertThat((long) metrics.gauge(JobMetrics.SPOOL_BYTES)).isPositive();
        assertThat(retries).hasSize(1);

        store.setAway(false);
        retries.remove(0).run();

        assertThat(store.keys()).hasSize(2);
        assertThat((long) metrics.gauge(JobMetrics.SPOOL_BYTES)).isZero();
        assertThat(retries).isEmpty();
    }

    @Test
    void doesNotWaitForAStoreThatHasJustFailed() throws Exception {
        store.setAway(true);
        write(tick("room", 7, 0));
        commit(writer.prepareCommit());
        store.hold();
        write(tick("room", 7, 1));
        commit(writer.prepareCommit()); // would not come back within the time of a test

        assertThat(store.held()).isEqualTo(1);
        store.setAway(false);
        store.release();
        retries.remove(0).run();
        assertThat(segments("room")).hasSize(2);
    }

    @Test
    void doesNotWaitForAStoreThatIsStillAtWhatItFailedBefore() throws Exception {
        store.setAway(true);
        write(tick("room", 7, 0));
        commit(writer.prepareCommit());
        store.hold();
        retries.remove(0).run();
        write(tick("room", 7, 1));
        commit(writer.prepareCommit()); // would not come back within the time of a test

        assertThat(store.held()).isEqualTo(2);
        store.setAway(false);
        store.release();
        assertThat(segments("room")).hasSize(2);
    }

    @Test
    void goesOnWithoutASlowStore() throws Exception {
        TickLogCommitter impatient = committer(1, MAX_SPOOL_BYTES);
        store.hold();
        write(tick("room", 7, 0));
        impatient.commit(requests(writer.prepareCommit()));
        assertThat(impatient.spoolBytes()).isPositive();
        store.release();
        assertThat(impatient.spoolBytes()).isZero();
        assertThat(segments("room")).hasSize(1);
    }

    @Test
    void dropsTheOldestWhenTheSpoolIsFull() throws Exception {
        TickLogCommitter small = committer(LONG_MS, 100_000);
        store.setAway(true);
        write(large("first", 7, 0));
        small.commit(requests(writer.prepareCommit()));
        write(large("second", 7, 0));
        small.commit(requests(writer.prepareCommit()));
        assertThat(metrics.count(JobMetrics.SEGMENTS_DROPPED)).isEqualTo(1);

        store.setAway(false);
        retries.remove(0).run();
        assertThat(segments("first")).isEmpty();
        assertThat(segments("second")).hasSize(1);
    }

    @Test
    void uploadsOnlySoManyAtATime() throws Exception {
        store.hold();
        for (int room = 0; room < 10; room++) {
            write(tick("room" + room, 7, 0));
        }
        TickLogCommitter impatient = committer(1, MAX_SPOOL_BYTES);
        impatient.commit(requests(writer.prepareCommit()));
        assertThat(store.held()).isEqualTo(4);
        store.release();
        assertThat(store.keys()).hasSize(10);
    }

    @Test
    void keepsTheLastKeyWhileTheKeyServiceIsAway() throws Exception {
        write(tick("room", 7, 0));
        commit(writer.prepareCommit());
        keys.setAway(true);
        for (int tick = 1; tick < 4; tick++) {
            write(tick("room", 7, tick));
            commit(writer.prepareCommit());
        }
        assertThat(segments("room")).hasSize(4);
    }

    @Test
    void keepsTicksUntilThereIsAFirstKey() throws Exception {
        keys.setAway(true);
        TickLogWriter early = writer();
        early.write(tick("room", 7, 0), null);
        assertThat(early.prepareCommit()).isEmpty();
        keys.setAway(false);
        early.write(tick("room", 7, 1), null);
        early.prepareCommit();
        commit(early.prepareCommit());

        assertThat(segments("room")).extracting(TickLogSegment::getFirstTick).contains(0L, 1L);
    }

    @Test
    void readsCommittablesOfVersionOne() throws Exception {
        byte[] old = Base64.getDecoder().decode("AANrZXkAAAADAQID");
        StagedSegment read = new StagedSegmentSerializer().deserialize(1, old);
        assertThat(read.key()).isEqualTo("key");
        assertThat(read.sealed()).containsExactly(1, 2, 3);
        assertThat(new StagedSegmentSerializer().serialize(read)).isEqualTo(old);
    }

    private TickLogWriter writer() {
        return new TickLogWriter(keys, MAX_SEGMENT_BYTES, 1_000_000, 10, new ManualClock(START), metrics);
    }

    private TickLogCommitter committer(int waitMs, int maxSpoolBytes) {
        return new TickLogCommitter(
                store, keys, 4, waitMs, maxSpoolBytes, retries::add, new ManualClock(START), metrics);
    }

    private void write(Tick... ticks) {
        for (Tick tick : ticks) {
            writer.write(tick, null);
        }
    }

    private void commit(Collection<StagedSegment> staged) throws Exception {
        committer.commit(requests(staged));
    }

    private static Collection<CommitRequest<StagedSegment>> requests(Collection<StagedSegment> staged) {
        return staged.stream().map(FakeCommitRequest::new).collect(Collectors.toList());
    }

    private static List<StagedSegment> throughCheckpoint(Collection<StagedSegment> staged) throws Exception {
        StagedSegmentSerializer serializer = new StagedSegmentSerializer();
        List<StagedSegment> restored = new ArrayList<>();
        for (StagedSegment segment : staged) {
            restored.add(serializer.deserialize(serializer.getVersion(), serializer.serialize(segment)));
        }
        return restored;
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

    private static Tick tick(String room, long epoch, long tick) {
        return tick(room, epoch, tick, ByteString.copyFromUtf8("frames of tick " + tick));
    }

    private static Tick large(String room, long epoch, long tick) {
        return tick(room, epoch, tick, ByteString.copyFrom(new byte[60_000]));
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
}
