package io.parley.job.log;

import io.parley.core.error.FailureLog;
import io.parley.job.ExportedMetrics;
import io.parley.job.JobMetrics;
import io.parley.job.MicroClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.slf4j.LoggerFactory;

/**
 * The sealed segments that are not yet in the store. A segment waits here for the first checkpoint that contains it;
 * once that is complete it is uploaded, several at a time, and tried again after a pause until it is stored. Until then
 * every checkpoint contains it.
 *
 * <p>Bounded: where it would grow too large it drops its oldest, but none that is just being uploaded; its bytes and
 * what it dropped are metrics to alarm on. Never blocks and never throws. Thread safe: all of it is guarded by this
 * object, which is never held while an upload is started.
 */
final class SegmentSpool {

    private final SegmentUploader uploader;
    private final int maxUploads;
    private final int maxBytes;
    private final Executor retryExecutor;
    private final FailureLog log;
    private final Counter stored;
    private final Counter failures;
    private final Counter dropped;

    /** All of them, oldest first. */
    private final Set<Spooled> spooled = new LinkedHashSet<>();
    /** Those to be started, in order. */
    private final Queue<Spooled> ready = new ArrayDeque<>();
    /** Those that failed and wait for the retry. */
    private final Queue<Spooled> failed = new ArrayDeque<>();

    private int running;
    /** Whether a thread is starting uploads; keeps answers that come at once from nesting. */
    private boolean starting;

    private long bytes;
    private boolean retryPlanned;
    private boolean closed;
    /** Completed when nothing is left whose checkpoint is complete; null where nobody has asked. */
    private CompletableFuture<Void> drained;

    /** @param retryExecutor runs what it is given after the pause between two tries, on any thread */
    SegmentSpool(
            SegmentUploader uploader,
            int maxUploads,
            int maxBytes,
            Executor retryExecutor,
            MicroClock clock,
            MetricGroup metrics) {
        this.uploader = uploader;
        this.maxUploads = maxUploads;
        this.maxBytes = maxBytes;
        this.retryExecutor = retryExecutor;
        this.log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(SegmentSpool.class)::warn);
        this.stored = metrics.counter(JobMetrics.SEGMENTS_STORED, new ThreadSafeSimpleCounter());
        this.failures = metrics.counter(JobMetrics.SEGMENT_UPLOADS_FAILED, new ThreadSafeSimpleCounter());
        this.dropped = metrics.counter(JobMetrics.SEGMENTS_DROPPED, new ThreadSafeSimpleCounter());
        metrics.gauge(JobMetrics.SPOOL_BYTES, this::bytes);
        ExportedMetrics exported = new ExportedMetrics(metrics);
        exported.gauge(JobMetrics.SPOOL, this::bytes);
        exported.rate(JobMetrics.SEGMENTS_DROPPED_RATE, dropped);
    }

    /** Takes segments that no checkpoint contains yet. */
    synchronized void add(List<StagedSegment> segments) {
        for (StagedSegment segment : segments) {
            keep(segment);
        }
        dropOldest();
    }

    /** Takes segments of the checkpoint from which the job goes on, and uploads them; too many only until others come. */
    void restore(Iterable<StagedSegment> segments) {
        synchronized (this) {
            for (StagedSegment segment : segments) {
                makeReady(keep(segment));
            }
        }
        start();
    }

    /** What the checkpoint has to contain. */
    synchronized List<StagedSegment> snapshot(long checkpointId) {
        List<StagedSegment> segments = new ArrayList<>(spooled.size());
        for (Spooled each : spooled) {
            each.firstCheckpoint = Math.min(each.firstCheckpoint, checkpointId);
            segments.add(each.segment);
        }
        return segments;
    }

    /** Uploads what that checkpoint, which is complete, contains, be it that an earlier one contained it first. */
    void commit(long checkpointId) {
        synchronized (this) {
            for (Spooled each : spooled) {
                if (each.phase == Phase.WAITING && each.firstCheckpoint <= checkpointId) {
                    makeReady(each);
                }
            }
        }
        start();
    }

    /** Completes when everything whose checkpoint is complete is in the store. */
    synchronized CompletableFuture<Void> drained() {
        if (drained == null) {
            drained = new CompletableFuture<>();
            completeIfDrained();
        }
        return drained;
    }

    synchronized long bytes() {
        return bytes;
    }

    /** Starts no more uploads. */
    synchronized void close() {
        closed = true;
        if (!spooled.isEmpty()) {
            log.failed(spooled.size() + " segments were not stored when the task ended;"
                    + " those that its last checkpoint contains are uploaded when it is restored");
        }
    }

    private Spooled keep(StagedSegment segment) {
        Spooled added = new Spooled(segment);
        spooled.add(added);
        bytes += segment.sealed().length;
        return added;
    }

    private void makeReady(Spooled segment) {
        segment.phase = Phase.READY;
        ready.add(segment);
    }

    private void dropOldest() {
        Iterator<Spooled> oldestFirst = spooled.iterator();
        while (bytes > maxBytes && oldestFirst.hasNext()) {
            Spooled oldest = oldestFirst.next();
            if (oldest.phase == Phase.UPLOADING) {
                continue;
            }
            oldestFirst.remove();
            bytes -= oldest.segment.sealed().length;
            if (oldest.phase == Phase.READY) {
                ready.remove(oldest);
            } else if (oldest.phase == Phase.FAILED) {
                failed.remove(oldest);
            }
            dropped.inc();
            log.failed("segments of the tick log are dropped, because the spool is full");
        }
    }

    private void start() {
        synchronized (this) {
            if (starting) {
                return; // the loop below, of whichever thread, goes on
            }
            starting = true;
        }
        for (Spooled next = next(); next != null; next = next()) {
            Spooled started = next;
            uploader.upload(started.segment).whenComplete((ignored, failure) -> {
                ended(started, failure);
                start();
            });
        }
    }

    private synchronized Spooled next() {
        if (running == maxUploads || ready.isEmpty() || closed) {
            starting = false;
            return null;
        }
        running++;
        Spooled next = ready.remove();
        next.phase = Phase.UPLOADING;
        return next;
    }

    private void ended(Spooled segment, Throwable failure) {
        boolean planRetry = false;
        synchronized (this) {
            running--;
            if (failure == null) {
                spooled.remove(segment);
                bytes -= segment.segment.sealed().length;
                completeIfDrained();
            } else {
                segment.phase = Phase.FAILED;
                failed.add(segment);
                planRetry = !retryPlanned && !closed;
                retryPlanned |= planRetry;
            }
        }
        if (failure == null) {
            stored.inc();
            return;
        }
        failures.inc();
        log.failed("a segment could not be stored and is spooled", failure);
        if (planRetry) {
            retryExecutor.execute(this::retry);
        }
    }

    private void retry() {
        synchronized (this) {
            retryPlanned = false;
            failed.forEach(this::makeReady);
            failed.clear();
        }
        start();
    }

    private void completeIfDrained() {
        if (drained != null && spooled.stream().allMatch(each -> each.phase == Phase.WAITING)) {
            drained.complete(null);
        }
    }

    private enum Phase {
        /** No checkpoint that contains it is known to be complete. */
        WAITING,
        READY,
        UPLOADING,
        FAILED
    }

    /** A segment that is not yet in the store. */
    private static final class Spooled {
        final StagedSegment segment;
        long firstCheckpoint = Long.MAX_VALUE;
        Phase phase = Phase.WAITING;

        Spooled(StagedSegment segment) {
            this.segment = segment;
        }
    }
}
