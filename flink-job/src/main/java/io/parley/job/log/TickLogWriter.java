package io.parley.job.log;

import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.error.FailureLog;
import io.parley.core.port.DataKeys;
import io.parley.core.port.DataKeys.DataKey;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.job.JobMetrics;
import io.parley.job.JobPorts;
import io.parley.job.MicroClock;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.connector.sink2.CommittingSinkWriter;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.LoggerFactory;

/**
 * Collects ticks into segments, one for each room and epoch between two checkpoints (more where they would grow too
 * large), and seals them before the barrier. Nothing is left behind a barrier, so it has no state of its own.
 *
 * <p>The data key is fetched beside the work. While the key service is away the last key goes on serving; where there
 * never was one, ticks wait unsealed within bounds, and a crash in that time loses them. Runs on the task's thread.
 */
final class TickLogWriter implements CommittingSinkWriter<Tick, StagedSegment> {

    private final DataKeys dataKeys;
    private final int maxSegmentBytes;
    private final int maxUnsealedBytes;
    private final int keyWaitMs;
    private final SecureRandom random = new SecureRandom();
    private final FailureLog log;
    private final Counter staged;
    private final Counter unlogged;

    private final Map<String, OpenSegment> open = new HashMap<>();
    private final ArrayDeque<TickLogSegment> unsealed = new ArrayDeque<>();
    private long unsealedBytes;
    private DataKey key;
    private CompletableFuture<DataKey> fetch;

    TickLogWriter(
            DataKeys dataKeys,
            int maxSegmentBytes,
            int maxUnsealedBytes,
            int keyWaitMs,
            MicroClock clock,
            MetricGroup metrics) {
        this.dataKeys = dataKeys;
        this.maxSegmentBytes = maxSegmentBytes;
        this.maxUnsealedBytes = maxUnsealedBytes;
        this.keyWaitMs = keyWaitMs;
        this.log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(TickLogWriter.class)::warn);
        this.staged = metrics.counter(JobMetrics.SEGMENTS_STAGED);
        this.unlogged = metrics.counter(JobMetrics.TICKS_UNLOGGED);
        this.fetch = fetchKey();
    }

    @Override
    public void write(Tick tick, Context context) {
        OpenSegment segment = open.get(tick.getRoom());
        if (segment != null && !segment.takes(tick, maxSegmentBytes)) {
            finish(segment);
            segment = null;
        }
        if (segment == null) {
            segment = new OpenSegment(tick);
            open.put(tick.getRoom(), segment);
        }
        segment.add(tick);
    }

    /** Called before every barrier; {@link #prepareCommit}, which follows, does the work. */
    @Override
    public void flush(boolean endOfInput) {}

    @Override
    public Collection<StagedSegment> prepareCommit() throws IOException, InterruptedException {
        open.values().forEach(this::finish);
        open.clear();
        if (unsealed.isEmpty() || !takeKey()) {
            return List.of();
        }
        List<StagedSegment> sealed = new ArrayList<>(unsealed.size());
        for (TickLogSegment segment : unsealed) {
            sealed.add(seal(segment));
        }
        unsealed.clear();
        unsealedBytes = 0;
        staged.inc(sealed.size());
        fetch = fetchKey();
        return sealed;
    }

    @Override
    public void close() throws Exception {
        JobPorts.close(dataKeys);
    }

    private void finish(OpenSegment segment) {
        TickLogSegment built = segment.build();
        unsealed.add(built);
        unsealedBytes += built.getSerializedSize();
        while (unsealedBytes > maxUnsealedBytes && key == null && !hasKey()) {
            TickLogSegment oldest = unsealed.remove();
            unsealedBytes -= oldest.getSerializedSize();
            unlogged.inc(oldest.getTicksCount());
            log.failed("ticks are dropped from the log, because there is no data key to seal them with");
        }
    }

    private boolean hasKey() {
        return fetch.isDone() && !fetch.isCompletedExceptionally();
    }

    /** Takes the fetched key; waits only where there is none before it. */
    private boolean takeKey() throws InterruptedException {
        try {
            key = fetch.get(key == null ? keyWaitMs : 0, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            log.failed("no new data key", e.getCause());
            fetch = fetchKey();
        } catch (TimeoutException e) {
            log.failed("no new data key yet");
        }
        return key != null;
    }

    private CompletableFuture<DataKey> fetchKey() {
        try {
            return dataKeys.current().toCompletableFuture();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private StagedSegment seal(TickLogSegment segment) {
        byte[] plaintext = segment.toByteArray();
        String objectKey = ObjectKeys.segment(
                segment.getRoom(),
                segment.getEpoch(),
                segment.getFirstTick(),
                segment.getTicks(0).getCloseTimeMs(),
                ContentHash.of(plaintext));
        return new StagedSegment(
                objectKey,
                Envelope.seal(Envelope.Purpose.SEGMENT, segment.getRoom(), objectKey, key, random, plaintext));
    }

    /** Ticks of one room and epoch, without a gap. */
    private static final class OpenSegment {
        private final TickLogSegment.Builder segment;
        private long bytes;
        private long nextTick;

        OpenSegment(Tick first) {
            segment = TickLogSegment.newBuilder()
                    .setVersion(1)
                    .setRoom(first.getRoom())
                    .setEpoch(first.getEpoch())
                    .setFirstTick(first.getTick());
        }

        boolean takes(Tick tick, int maxBytes) {
            return tick.getEpoch() == segment.getEpoch()
                    && tick.getTick() == nextTick
                    && bytes + tick.getSerializedSize() <= maxBytes;
        }

        void add(Tick tick) {
            segment.addTicks(tick);
            bytes += tick.getSerializedSize();
            nextTick = tick.getTick() + 1;
        }

        TickLogSegment build() {
            return segment.build();
        }
    }
}
