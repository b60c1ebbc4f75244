package io.parley.benchmarks.ordering;

import io.parley.core.wire.StreamRecord;
import io.parley.job.type.ProtobufTypeInformation;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** What a textbook does: records of a key wait in map state under their time, with an event-time timer for each. */
final class SortByTimersFunction extends KeyedProcessFunction<String, StreamRecord, StreamRecord> {

    private static final long serialVersionUID = 1L;

    private transient MapState<Long, List<StreamRecord>> waiting;

    @Override
    public void open(OpenContext context) {
        waiting = getRuntimeContext()
                .getMapState(new MapStateDescriptor<>(
                        "waiting", Types.LONG, Types.LIST(ProtobufTypeInformation.forMessage(StreamRecord.class))));
    }

    @Override
    public void processElement(StreamRecord record, Context context, Collector<StreamRecord> out) throws Exception {
        long atMs = context.timestamp();
        if (atMs <= context.timerService().currentWatermark()) {
            return; // late
        }
        List<StreamRecord> same = waiting.get(atMs);
        if (same == null) {
            same = new ArrayList<>(1);
        }
        same.add(record);
        waiting.put(atMs, same);
        context.timerService().registerEventTimeTimer(atMs);
    }

    @Override
    public void onTimer(long atMs, OnTimerContext context, Collector<StreamRecord> out) throws Exception {
        List<StreamRecord> due = waiting.get(atMs);
        if (due != null) {
            due.forEach(out::collect);
            waiting.remove(atMs);
        }
    }
}
