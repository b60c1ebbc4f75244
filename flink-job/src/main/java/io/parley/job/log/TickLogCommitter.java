package io.parley.job.log;

import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.EnvelopeException;
import io.parley.core.error.FailureLog;
import io.parley.core.port.DataKeys;
import io.parley.core.port.ObjectStore;
import io.parley.job.JobMetrics;
import io.parley.job.JobPorts;
import io.parley.job.MicroClock;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.slf4j.LoggerFactory;

/**
 * Puts staged segments into the store, several at a time, and never throws: Flink 1.20 answers a committer that
 * throws or asks for more retries by restarting the job, and trouble of the store must not stop live voice.
 *
 * <p>A commit waits for its uploads for a while. What is not stored by then stays in a spool in memory and is tried
 * again; while anything of an earlier commit is in the spool, commits do not wait at all. The spool is bounded and
 * drops its oldest. So a segment is lost only where the store is away and then the spool overflows or the process dies; both
 * the spool's bytes and what it dropped are metrics to alarm on.
 *
 * <p>A key that is taken is success if the same content lies there. Other content under the same key is a conflict
 * that its making excludes (the key ends with a hash of the content): ours is then kept under
 * {@link #CONFLICT_PREFIX}, sealed for the key without it. Thread safe: the spool is guarded by this object.
 */
final class TickLogCommitter implements Committer<StagedSegment> {

    static final String CONFLICT_PREFIX = "conflicts/";

    private final ObjectStore store;
    private final DataKeys dataKeys;
    private final int maxUploads;
    private final int waitMs;
    private final int maxSpoolBytes;
    private final Executor retryExecutor;
    private final FailureLog log;
    private final Counter stored;
    private final Counter conflicts;
    private final Counter failures;
    private final Counter dropped;

    /** To be started, in order. */
    private final ArrayDeque<Upload> ready = new ArrayDeque<>();
    /** Failed before; wait for the retry. */
    private final ArrayDeque<Upload> failed = new ArrayDeque<>();

    private int running;
    /** Whether a thread is starting uploads; keeps answers that come at once from nesting. */
    private boolean starting;

    private long spoolBytes;
    private boolean retryPlanned;
    private boolean closed;

    /** @param retryExecutor runs what it is given after the pause between two tries, on any thread */
    TickLogCommitter(
            ObjectStore store,
            DataKeys dataKeys,
            int maxUploads,
            int waitMs,
            int maxSpoolBytes,
            Executor retryExecutor,
            MicroClock clock,
            MetricGroup metrics) {
        this.store = store;
        this.dataKeys = dataKeys;
        this.maxUploads = maxUploads;
        this.waitMs = waitMs;
        this.maxSpoolBytes = maxSpoolBytes;
        this.retryExecutor = retryExecutor;
        this.log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(TickLogCommitter.class)::warn);
        this.stored = metrics.counter(JobMetrics.SEGMENTS_STORED, new ThreadSafeSimpleCounter());
        this.conflicts = metrics.counter(JobMetrics.SEGMENT_CONFLICTS, new ThreadSafeSimpleCounter());
        this.failures = metrics.counter(JobMetrics.SEGMENT_UPLOADS_FAILED, new ThreadSafeSimpleCounter());
        this.dropped = metrics.counter(JobMetrics.SEGMENTS_DROPPED, new ThreadSafeSimpleCounter());
        metrics.gauge(JobMetrics.SPOOL_BYTES, this::spoolBytes);
    }

    @Override
    public void commit(Collection<CommitRequest<StagedSegment>> requests) throws InterruptedException {
        List<CompletableFuture<Void>> tries = new ArrayList<>(requests.size());
        boolean trouble;
        synchronized (this) {
            trouble = spoolBytes > 0;
            for (CommitRequest<StagedSegment> request : requests) {
                Upload upload = new Upload(request.getCommittable());
                ready.add(upload);
                spoolBytes += upload.segment.sealed().length;
                tries.add(upload.tried);
            }
            dropOldest();
        }
        start();
        if (trouble || tries.isEmpty()) {
            return;
        }
        try {
            CompletableFuture.allOf(tries.toArray(new CompletableFuture<?>[0])).get(waitMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            log.failed("segments are spooled, because the store takes longer than " + waitMs + " ms");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a try never fails, it reports", e);
        }
    }

    @Override
    public void close() throws Exception {
        synchronized (this) {
            closed = true;
            if (spoolBytes > 0) {
                log.failed(
                        (ready.size() + failed.size() + running) + " segments were not stored when the task ended",
                        null);
            }
        }
        try {
            JobPorts.close(store);
        } finally {
            JobPorts.close(dataKeys);
        }
    }

    synchronized long spoolBytes() {
        return spoolBytes;
    }

    private void start() {
        synchronized (this) {
            if (starting) {
                return; // the loop below, of whichever thread, goes on
            }
            starting = true;
        }
        for (Upload upload = next(); upload != null; upload = next()) {
            Upload started = upload;
            put(started.segment).whenComplete((ignored, failure) -> {
                ended(started, failure);
                start();
            });
        }
    }

    private synchronized Upload next() {
        if (running == maxUploads || ready.isEmpty() || closed) {
            starting = false;
            return null;
        }
        running++;
        return ready.remove();
    }

    private void ended(Upload upload, Throwable failure) {
        boolean planRetry = false;
        synchronized (this) {
            running--;
            if (failure == null) {
                spoolBytes -= upload.segment.sealed().length;
            } else {
                failed.add(upload);
                planRetry = !retryPlanned && !closed;
                retryPlanned |= planRetry;
            }
        }
        if (failure == null) {
            stored.inc();
        } else {
            failures.inc();
            log.failed("a segment could not be stored and is spooled", failure);
        }
        if (planRetry) {
            retryExecutor.execute(this::retry);
        }
        upload.tried.complete(null);
    }

    private void retry() {
        synchronized (this) {
            retryPlanned = false;
            ready.addAll(failed);
            failed.clear();
        }
        start();
    }

    private void dropOldest() {
        while (spoolBytes > maxSpoolBytes && !(failed.isEmpty() && ready.isEmpty())) {
            Upload oldest = failed.isEmpty() ? ready.remove() : failed.remove();
            spoolBytes -= oldest.segment.sealed().length;
            dropped.inc();
            log.failed("segments of the tick log are dropped, because the spool is full");
            oldest.tried.complete(null);
        }
    }

    /** Completes when the segment's content lies under its key, or ours beside it after a conflict. */
    private CompletionStage<?> put(StagedSegment segment) {
        try {
            return store.putIfAbsent(segment.key(), segment.sealed())
                    .thenCompose(put -> put ? CompletableFuture.completedFuture(null) : compare(segment));
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private CompletionStage<?> compare(StagedSegment segment) {
        return store.get(segment.key()).thenCompose(existing -> {
            if (Arrays.equals(existing, segment.sealed())) {
                return CompletableFuture.completedFuture(null);
            }
            return sameContent(segment.key(), existing)
                    .thenCompose(same -> same ? CompletableFuture.completedFuture(null) : putAside(segment));
        });
    }

    private CompletionStage<Boolean> sameContent(String key, byte[] existing) {
        byte[] wrapped;
        try {
            wrapped = Envelope.wrappedKey(existing);
        } catch (EnvelopeException e) {
            return CompletableFuture.completedFuture(false);
        }
        return dataKeys.unwrap(wrapped).thenApply(plain -> {
            try {
                return key.endsWith(ContentHash.of(Envelope.open(key, existing, ignored -> plain)));
            } catch (EnvelopeException e) {
                return false;
            }
        });
    }

    private CompletionStage<?> putAside(StagedSegment segment) {
        conflicts.inc();
        log.failed("other content lies under " + segment.key() + "; ours goes under " + CONFLICT_PREFIX, null);
        return store.put(CONFLICT_PREFIX + segment.key() + '-' + ContentHash.of(segment.sealed()), segment.sealed());
    }

    /** A segment on its way to the store. */
    private static final class Upload {
        final StagedSegment segment;
        /** Completed when it was tried once, with whatever result. */
        final CompletableFuture<Void> tried = new CompletableFuture<>();

        Upload(StagedSegment segment) {
            this.segment = segment;
        }
    }
}
