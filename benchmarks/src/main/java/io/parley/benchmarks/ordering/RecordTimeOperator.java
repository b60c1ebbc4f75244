package io.parley.benchmarks.ordering;

import io.parley.benchmarks.traffic.Traffic;
import io.parley.core.options.RoomOptions;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamRecord;
import io.parley.job.room.OrderRoomsOperator;
import org.apache.flink.metrics.groups.OperatorMetricGroup;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.jobgraph.OperatorID;
import org.apache.flink.runtime.state.CheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.AbstractStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.ChainingStrategy;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperatorFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.operators.StreamOperator;
import org.apache.flink.streaming.api.operators.StreamOperatorParameters;
import org.apache.flink.streaming.api.operators.StreamTaskStateInitializer;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.LatencyMarker;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * The job's ordering operator, with {@link RecordTime} in place of Flink's clock and timer thread: before each record
 * the time moves to the record's delivery. All else is the operator's own.
 */
final class RecordTimeOperator implements OneInputStreamOperator<StreamRecord, RoomOutput> {

    private static final long serialVersionUID = 1L;
    /** How long the clock runs on after the last record: every hold and tick has ended, and no room has closed. */
    private static final long TAIL_US = 2_000_000;

    private final transient OrderRoomsOperator operator;
    private final transient RecordTime time;

    private RecordTimeOperator(OrderRoomsOperator operator, RecordTime time) {
        this.operator = operator;
        this.time = time;
    }

    static Factory factory(RoomOptions options, int evictIdleMs) {
        return new Factory(options, evictIdleMs);
    }

    @Override
    public void processElement(org.apache.flink.streaming.runtime.streamrecord.StreamRecord<StreamRecord> element)
            throws Exception {
        time.advanceTo(element.getTimestamp());
        operator.setKeyContextElement1(element);
        operator.processElement(element);
    }

    /** The key is set once the timers before the record have run: they have keys of their own. */
    @Override
    public void setKeyContextElement1(org.apache.flink.streaming.runtime.streamrecord.StreamRecord<?> element) {}

    @Override
    public void setKeyContextElement2(org.apache.flink.streaming.runtime.streamrecord.StreamRecord<?> element) {}

    @Override
    public void finish() throws Exception {
        time.advanceTo(time.nowUs() + TAIL_US);
        operator.finish();
    }

    @Override
    public void processWatermark(Watermark mark) throws Exception {
        operator.processWatermark(mark);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        operator.processWatermarkStatus(status);
    }

    @Override
    public void processLatencyMarker(LatencyMarker marker) throws Exception {
        operator.processLatencyMarker(marker);
    }

    @Override
    public void open() throws Exception {
        operator.open();
    }

    @Override
    public void close() throws Exception {
        operator.close();
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpoint) throws Exception {
        operator.prepareSnapshotPreBarrier(checkpoint);
    }

    @Override
    public OperatorSnapshotFutures snapshotState(
            long checkpoint, long timestamp, CheckpointOptions options, CheckpointStreamFactory factory)
            throws Exception {
        return operator.snapshotState(checkpoint, timestamp, options, factory);
    }

    @Override
    public void initializeState(StreamTaskStateInitializer initializer) throws Exception {
        operator.initializeState(initializer);
    }

    @Override
    public void notifyCheckpointComplete(long checkpoint) throws Exception {
        operator.notifyCheckpointComplete(checkpoint);
    }

    @Override
    public void notifyCheckpointAborted(long checkpoint) throws Exception {
        operator.notifyCheckpointAborted(checkpoint);
    }

    @Override
    public OperatorMetricGroup getMetricGroup() {
        return operator.getMetricGroup();
    }

    @Override
    public OperatorID getOperatorID() {
        return operator.getOperatorID();
    }

    @Override
    public void setCurrentKey(Object key) {
        operator.setCurrentKey(key);
    }

    @Override
    public Object getCurrentKey() {
        return operator.getCurrentKey();
    }

    /** Makes one of them for each subtask, each with a time of its own. */
    static final class Factory extends AbstractStreamOperatorFactory<RoomOutput>
            implements OneInputStreamOperatorFactory<StreamRecord, RoomOutput> {

        private static final long serialVersionUID = 1L;

        private final RoomOptions options;
        private final int evictIdleMs;

        private Factory(RoomOptions options, int evictIdleMs) {
            this.options = options;
            this.evictIdleMs = evictIdleMs;
            this.chainingStrategy = ChainingStrategy.ALWAYS;
        }

        @Override
        // T is what getStreamOperatorClass says; the operator takes another time service in no other way
        @SuppressWarnings({"unchecked", "deprecation"})
        public <T extends StreamOperator<RoomOutput>> T createStreamOperator(
                StreamOperatorParameters<RoomOutput> parameters) {
            RecordTime time = new RecordTime(Traffic.START_MS * 1000);
            OrderRoomsOperator operator = new OrderRoomsOperator(options, evictIdleMs, time::nowUs);
            operator.setProcessingTimeService(time);
            operator.setup(parameters.getContainingTask(), parameters.getStreamConfig(), parameters.getOutput());
            return (T) new RecordTimeOperator(operator, time);
        }

        @Override
        @SuppressWarnings("rawtypes") // Flink's signature
        public Class<? extends StreamOperator> getStreamOperatorClass(ClassLoader classLoader) {
            return RecordTimeOperator.class;
        }
    }
}
