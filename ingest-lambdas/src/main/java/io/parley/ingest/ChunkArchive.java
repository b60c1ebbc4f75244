package io.parley.ingest;

import io.parley.core.chunk.Chunk;
import io.parley.core.envelope.Envelope;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.error.FailureLog;
import io.parley.core.port.DataKeys;
import io.parley.core.port.ObjectStore;
import io.parley.ingest.IngestMetrics.Counter;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps chunks, each sealed in an object of its own. Thread safe; the futures never fail. */
final class ChunkArchive {

    private static final Logger LOG = LoggerFactory.getLogger(ChunkArchive.class);

    private final ObjectStore objects;
    private final DataKeys keys;
    private final SecureRandom random;
    private final IngestMetrics metrics;
    private final FailureLog failures;

    ChunkArchive(ObjectStore objects, DataKeys keys, SecureRandom random, Clock clock, IngestMetrics metrics) {
        this.objects = Objects.requireNonNull(objects);
        this.keys = Objects.requireNonNull(keys);
        this.random = Objects.requireNonNull(random);
        this.metrics = Objects.requireNonNull(metrics);
        this.failures = FailureLog.ofLines(clock::millis, LOG::warn);
    }

    static String keyOf(Sender sender, String room, Chunk chunk) {
        return ObjectKeys.chunk(
                room, sender.participant(), sender.connection(), sender.arrivalTimeMs(), chunk.sequence());
    }

    /** Completes with whether the chunk is kept. */
    CompletableFuture<Boolean> keep(String objectKey, String room, Chunk chunk) {
        return Started.call(keys::current)
                .thenCompose(key -> objects.put(
                        objectKey,
                        Envelope.seal(
                                Envelope.Purpose.CHUNK,
                                room,
                                objectKey,
                                key,
                                random,
                                chunk.content().toByteArray())))
                .handle((done, failure) -> {
                    if (failure == null) {
                        metrics.add(Counter.CHUNKS_ARCHIVED, 1);
                        return true;
                    }
                    metrics.add(Counter.ARCHIVE_FAILURES, 1);
                    failures.failed("a chunk was not kept", Started.cause(failure));
                    return false;
                });
    }
}
