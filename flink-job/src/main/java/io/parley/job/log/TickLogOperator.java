package io.parley.job.log;

import io.parley.core.port.DataKeys;
import io.parley.core.port.ObjectStore;
import io.parley.core.wire.Tick;
import io.parley.job.JobOptions;
import io.parley.job.JobPorts;
import io.parley.job.MicroClock;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.function.SerializableSupplier;

/**
 * Writes the tick log, every tick exactly once, by two phases.
 *
 * <p>Before a barrier it seals what came since the last one ({@link SegmentSealer}) and keeps it, key and bytes, in
 * the checkpoint. When the checkpoint is complete, the segments are put into the store ({@link SegmentSpool}), and stay
 * in every further checkpoint until they are there. So if the job dies before, neither the segments nor the ticks in
 * them have been: the job goes back and a new epoch is numbered. If it dies after, the same bytes are put again under
 * the same key, whatever was away in between. A segment names itself, so it may be restored on any subtask.
 *
 * <p>Trouble of store or key service neither fails nor holds up the task. It waits for nothing but, within bounds, when
 * the job ends for good. An operator and not a Sink: Flink 1.20 answers a committer that throws or asks for more
 * retries by restarting the job, and forgets what one calls done.
 */
public final class TickLogOperator extends AbstractStreamOperator<Void> implements OneInputStreamOperator<Tick, Void> {

    private static final long serialVersionUID = 1L;

    private static final int RETRY_PAUSE_MS = 5_000;

    private final JobOptions options;
    private final JobPorts ports;
    private final MicroClock clock;
    private final SerializableSupplier<Executor> retryExecutor;

    private transient ListState<StagedSegment> state;
    private transient ObjectStore store;
    private transient DataKeys dataKeys;
    private transient SegmentSealer sealer;
    private transient SegmentSpool spool;
    private transient int endWaitMs;

    public TickLogOperator(JobOptions options, JobPorts ports, MicroClock clock) {
        // Not a timer of Flink's: those end with the input, before the last segments are stored.
        this(options, ports, clock, () -> CompletableFuture.delayedExecutor(RETRY_PAUSE_MS, TimeUnit.MILLISECONDS));
    }

    /** @param retryExecutor gives what runs a task after the pause between two tries */
    TickLogOperator(
            JobOptions options, JobPorts ports, MicroClock clock, SerializableSupplier<Executor> retryExecutor) {
        this.options = Objects.requireNonNull(options);
        this.ports = Objects.requireNonNull(ports);
        this.clock = Objects.requireNonNull(clock);
        this.retryExecutor = Objects.requireNonNull(retryExecutor);
        this.chainingStrategy = ChainingStrategy.NEVER;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state = context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("segments", StagedSegmentSerializer.INSTANCE));
    }

    @Override
    public void open() throws Exception {
        super.open();
        endWaitMs = options.get(JobOptions.END_WAIT);
        store = ports.openObjectStore();
        dataKeys = ports.openDataKeys();
        int maxBytes = options.get(JobOptions.MAX_SPOOL_BYTES);
        sealer = new SegmentSealer(
                dataKeys, options.get(JobOptions.MAX_SEGMENT_BYTES), maxBytes, clock, getMetricGroup());
        spool = new SegmentSpool(
                new SegmentUploader(store, dataKeys, clock, getMetricGroup()),
                options.get(JobOptions.UPLOADS),
                maxBytes,
                retryExecutor.get(),
                clock,
                getMetricGroup());
        spool.restore(state.get());
    }

    @Override
    public void processElement(StreamRecord<Tick> element) {
        sealer.add(element.getValue());
        if (sealer.isFull()) {
            spool.add(sealer.seal());
        }
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        super.prepareSnapshotPreBarrier(checkpointId);
        spool.add(sealer.seal());
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        state.update(spool.snapshot(context.getCheckpointId()));
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        spool.commit(checkpointId);
    }

    /** All input has ended. Flink takes one more checkpoint after this, which needs a key, and closes when it is done. */
    @Override
    public void finish() throws Exception {
        super.finish();
        sealer.awaitKey(endWaitMs);
    }

    @Override
    public void close() throws Exception {
        try {
            if (spool != null) {
                if (endsForGood()) {
                    sealer.giveUp();
                    awaitDrained();
                }
                spool.close();
            }
        } finally {
            try {
                super.close();
            } finally {
                try {
                    JobPorts.close(store);
                } finally {
                    JobPorts.close(dataKeys);
                }
            }
        }
    }

    /** After a bounded input or a stop with savepoint. Else a restart follows, which nothing is to hold up. */
    private boolean endsForGood() {
        return !getContainingTask().isCanceled() && !getContainingTask().isFailing();
    }

    private void awaitDrained() throws Exception {
        try {
            spool.drained().get(endWaitMs, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            LOG.warn("the job ends before all segments of the tick log are stored");
        }
    }
}
