package io.parley.benchmarks.ordering;

import io.parley.core.wire.StreamRecord;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/** Nothing: what is left is what every keyed operator pays for its records to come to it. */
final class PassFunction extends KeyedProcessFunction<String, StreamRecord, StreamRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    public void processElement(StreamRecord record, Context context, Collector<StreamRecord> out) {
        out.collect(record);
    }
}
