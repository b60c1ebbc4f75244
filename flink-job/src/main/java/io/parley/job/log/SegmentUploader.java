package io.parley.job.log;

import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.EnvelopeException;
import io.parley.core.error.FailureLog;
import io.parley.core.port.DataKeys;
import io.parley.core.port.ObjectStore;
import io.parley.job.JobMetrics;
import io.parley.job.MicroClock;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.ThreadSafeSimpleCounter;
import org.slf4j.LoggerFactory;

/**
 * Puts one segment into the store, if its key is not taken.
 *
 * <p>A key that is taken is success if the same content lies there. Other content under the same key is a conflict
 * that its making excludes (the key ends with a hash of the content): ours is then kept under
 * {@link #CONFLICT_PREFIX}, sealed for the key without it. Never throws; thread safe.
 */
final class SegmentUploader {

    static final String CONFLICT_PREFIX = "conflicts/";

    private final ObjectStore store;
    private final DataKeys dataKeys;
    private final FailureLog log;
    private final Counter conflicts;

    SegmentUploader(ObjectStore store, DataKeys dataKeys, MicroClock clock, MetricGroup metrics) {
        this.store = store;
        this.dataKeys = dataKeys;
        this.log = new FailureLog(clock::nowMs, LoggerFactory.getLogger(SegmentUploader.class)::warn);
        this.conflicts = metrics.counter(JobMetrics.SEGMENT_CONFLICTS, new ThreadSafeSimpleCounter());
    }

    /** Completes when the segment's content lies under its key, or ours beside it after a conflict. */
    CompletionStage<?> upload(StagedSegment segment) {
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
}
