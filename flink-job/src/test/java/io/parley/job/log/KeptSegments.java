package io.parley.job.log;

import io.parley.core.wire.Tick;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/** Reads what a checkpoint of the tick log's operator has kept. */
final class KeptSegments extends AbstractStreamOperator<Void> implements OneInputStreamOperator<Tick, Void> {

    private static final long serialVersionUID = 1L;

    final transient List<StagedSegment> segments = new ArrayList<>();

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        context.getOperatorStateStore()
                .getListState(new ListStateDescriptor<>("segments", StagedSegmentSerializer.INSTANCE))
                .get()
                .forEach(segments::add);
    }

    @Override
    public void processElement(StreamRecord<Tick> element) {
        throw new UnsupportedOperationException("only reads a checkpoint");
    }
}
