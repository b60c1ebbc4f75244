package io.parley.job.log;

import io.parley.core.wire.Tick;
import io.parley.job.JobOptions;
import io.parley.job.JobPorts;
import io.parley.job.MicroClock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.connector.sink2.Committer;
import org.apache.flink.api.connector.sink2.CommitterInitContext;
import org.apache.flink.api.connector.sink2.Sink;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.api.connector.sink2.SupportsCommitter;
import org.apache.flink.api.connector.sink2.WriterInitContext;
import org.apache.flink.core.io.SimpleVersionedSerializer;

/**
 * Writes the tick log, every tick exactly once, by two phases.
 *
 * <p>Before a barrier the writer seals what came since the last one and hands it over as committables that carry key
 * and bytes; they become part of the checkpoint. When the checkpoint is complete the committer puts them into the
 * store under that key unless it is taken. If the job dies before, neither the segments nor the ticks in them have
 * been: the job goes back and a new epoch is numbered. If it dies after, the same bytes are put again under the same
 * key. Bytes in the checkpoint are the simplest way to that: uploads under temporary keys would have to be found and
 * removed after a crash, and would double the requests. The price is a checkpoint larger by what was said since the
 * last one, some tens of MB for a thousand speaking rooms.
 */
public final class TickLogSink implements Sink<Tick>, SupportsCommitter<StagedSegment> {

    private static final long serialVersionUID = 1L;

    private static final int RETRY_PAUSE_MS = 5_000;

    private final JobOptions options;
    private final JobPorts ports;
    private final MicroClock clock;

    public TickLogSink(JobOptions options, JobPorts ports, MicroClock clock) {
        this.options = Objects.requireNonNull(options);
        this.ports = Objects.requireNonNull(ports);
        this.clock = Objects.requireNonNull(clock);
    }

    @Override
    public SinkWriter<Tick> createWriter(WriterInitContext context) {
        return new TickLogWriter(
                ports.openDataKeys(),
                options.get(JobOptions.MAX_SEGMENT_BYTES),
                options.get(JobOptions.MAX_SPOOL_BYTES),
                options.get(JobOptions.COMMIT_WAIT),
                clock,
                context.metricGroup());
    }

    /** The way of older versions, which Flink 1.20 still declares but does not go. */
    @Override
    @SuppressWarnings("deprecation")
    public SinkWriter<Tick> createWriter(InitContext context) {
        throw new UnsupportedOperationException("Flink 1.20 passes a WriterInitContext");
    }

    @Override
    public Committer<StagedSegment> createCommitter(CommitterInitContext context) {
        return new TickLogCommitter(
                ports.openObjectStore(),
                ports.openDataKeys(),
                options.get(JobOptions.UPLOADS),
                options.get(JobOptions.COMMIT_WAIT),
                options.get(JobOptions.MAX_SPOOL_BYTES),
                CompletableFuture.delayedExecutor(RETRY_PAUSE_MS, TimeUnit.MILLISECONDS),
                clock,
                context.metricGroup());
    }

    @Override
    public SimpleVersionedSerializer<StagedSegment> getCommittableSerializer() {
        return new StagedSegmentSerializer();
    }
}
