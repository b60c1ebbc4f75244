package io.parley.job.log;

import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.error.FailureLog;
import io.parley.core.port.DataKeys;
import io.parley.core.port.DataKeys.DataKey;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import io.parley.job.ExportedMetrics;
import io.parley.job.JobMetrics;
import io.parley.job.MicroClock;
import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.slf4j.LoggerFactory;

/**
 * Collects ticks into segments, one for each room and epoch between two sealings (more where they would grow too
 * large), and seals them.
 *
 * <p>The data key is fetched beside the work. While the key service is away the last key goes on serving; where there
 * never was one, ticks wait unsealed within bounds, and a crash in that time loses them, since nothing readable goes
 * into a checkpoint. Runs on the task's thread.
 */
final class SegmentSealer {

    private final DataKeys dataKeys;
    private final int maxSegmentBytes;
    private final int maxHeldBytes;
    private final SecureRandom random = new SecureRandom();
    private final FailureLog log;
    private final Counter staged;
    private final Counter unlogged;

    private final Map<String, OpenSegment> open = new HashMap<>();
    /** Take no more ticks and wait to be sealed, oldest first. */
    private final ArrayDeque<OpenSegment> closed = new ArrayDeque<>();

    private long heldBytes;
    private DataKey key;
    private CompletableFuture<DataKey> fetch;

    SegmentSealer(DataKeys dataKeys, int maxSegmentBytes, int maxHeldBytes, MicroClock clock, MetricGroup metrics) {
        this.dataKeys = dataKeys;
        this.maxSegmentBytes = maxSegmentBytes;
        this.maxHeldBytes = maxHeldBytes;
        this.log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(SegmentSealer.class)::warn);
        this.staged = metrics.counter(JobMetrics.SEGMENTS_STAGED);
        this.unlogged = metrics.counter(JobMetrics.TICKS_UNLOGGED);
        new ExportedMetrics(metrics).rate(JobMetrics.TICKS_UNLOGGED_RATE, unlogged);
        this.fetch = fetchKey();
    }

    void add(Tick tick) {
        OpenSegment segment = open.get(tick.getRoom());
        if (segment != null && !segment.takes(tick, maxSegmentBytes)) {
            closed.add(segment);
            segment = null;
        }
        if (segment == null) {
            segment = new OpenSegment(tick);
            open.put(tick.getRoom(), segment);
        }
        segment.add(tick);
        heldBytes += tick.getSerializedSize();
    }

    /** Whether so much waits that it should be sealed now, though no barrier comes. */
    boolean isFull() {
        return heldBytes > maxHeldBytes;
    }

    /** All that was added since the last sealing; nothing where there is no key yet. */
    List<StagedSegment> seal() {
        closed.addAll(open.values());
        open.clear();
        if (closed.isEmpty()) {
            return List.of();
        }
        if (!takeKey()) {
            if (isFull()) {
                dropOldest(maxHeldBytes / 2); // so much, lest every further tick comes here
            }
            return List.of();
        }
        List<StagedSegment> sealed = new ArrayList<>(closed.size());
        for (OpenSegment segment : closed) {
            sealed.add(seal(segment.build()));
        }
        closed.clear();
        heldBytes = 0;
        staged.inc(sealed.size());
        fetch = fetchKey();
        return sealed;
    }

    /** Waits for the first key, if there is none yet and something to seal with it: where no other chance follows. */
    void awaitKey(int maxMs) throws InterruptedException {
        if (key == null && heldBytes > 0) {
            if (fetch.isCompletedExceptionally()) {
                fetch = fetchKey();
            }
            try {
                fetch.get(maxMs, TimeUnit.MILLISECONDS);
            } catch (ExecutionException | TimeoutException e) {
                log.failed("no data key within " + maxMs + " ms of the end", e);
            }
        }
    }

    /** Gives up what could not be sealed, where nothing follows that could. */
    void giveUp() {
        closed.addAll(open.values());
        open.clear();
        dropOldest(0);
    }

    private void dropOldest(long untilBytes) {
        if (heldBytes <= untilBytes) {
            return;
        }
        while (heldBytes > untilBytes) {
            OpenSegment oldest = closed.remove();
            heldBytes -= oldest.bytes;
            unlogged.inc(oldest.build().getTicksCount());
        }
        log.failed("ticks are dropped from the log, because there is no data key to seal them with");
    }

    /** Takes the fetched key if it is there, else keeps the last one. */
    private boolean takeKey() {
        if (!fetch.isDone()) {
            log.failed("no new data key yet");
            return key != null;
        }
        try {
            key = fetch.join();
        } catch (RuntimeException e) {
            log.failed("no new data key", e);
            fetch = fetchKey();
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
