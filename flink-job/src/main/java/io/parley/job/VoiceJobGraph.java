package io.parley.job;

import io.parley.core.tick.Unrecorded;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.job.live.BroadcastTicksOperator;
import io.parley.job.log.TickLogOperator;
import io.parley.job.room.OrderRoomsOperator;
import io.parley.job.source.RejectedRecord;
import io.parley.job.source.ShardRecord;
import io.parley.job.source.ValidateRecordsFunction;
import io.parley.job.type.ProtobufTypeInformation;
import java.time.Duration;
import org.apache.flink.api.common.functions.FlatMapFunction;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.SingleOutputStreamOperator;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job's graph, as a function of its source and of what its sinks talk to.
 *
 * <pre>
 * voice-stream, validate-records ─ keyBy(room) ─ order-rooms, broadcast-ticks
 *                     └ rejected                      └ take-ticks ─ tick-log (where segments are kept)
 * </pre>
 *
 * What stands between commas is one chain. Both sinks are fed forward by order-rooms at its parallelism, so that
 * nothing can bring a room's ticks out of order. There are no watermarks: rooms go by processing time.
 */
public final class VoiceJobGraph {

    private static final Duration CHECKPOINT_TIMEOUT = Duration.ofMinutes(1);

    private final DataStream<RoomOutput> outputs;
    private final DataStream<RejectedRecord> rejected;

    private VoiceJobGraph(DataStream<RoomOutput> outputs, DataStream<RejectedRecord> rejected) {
        this.outputs = outputs;
        this.rejected = rejected;
    }

    /** Sets what the job wants of its environment; to be called before the source is made. */
    public static void configure(StreamExecutionEnvironment environment, JobOptions options) {
        if (options.get(JobOptions.PARALLELISM) > 0) {
            environment.setParallelism(options.get(JobOptions.PARALLELISM));
        }
        environment.setMaxParallelism(options.get(JobOptions.MAX_PARALLELISM));
        environment.setBufferTimeout(options.get(JobOptions.BUFFER_TIMEOUT));
        environment.getConfig().enableObjectReuse();
        environment.getConfig().setAutoWatermarkInterval(0);
        environment.enableCheckpointing(options.get(JobOptions.CHECKPOINT_INTERVAL));
        environment.getCheckpointConfig().setCheckpointTimeout(CHECKPOINT_TIMEOUT.toMillis());
        // A checkpoint that fails costs some log at the next crash; a restart costs everybody's voice now.
        environment.getCheckpointConfig().setTolerableCheckpointFailureNumber(Integer.MAX_VALUE);
        Configuration more = new Configuration();
        // Kryo's formats are nobody's contract.
        more.set(PipelineOptions.GENERIC_TYPES, false);
        more.set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        more.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_INITIAL_BACKOFF, Duration.ofMillis(500));
        more.set(RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_MAX_BACKOFF, Duration.ofSeconds(10));
        more.set(
                RestartStrategyOptions.RESTART_STRATEGY_EXPONENTIAL_DELAY_RESET_BACKOFF_THRESHOLD,
                Duration.ofMinutes(1));
        environment.configure(more);
    }

    /** Builds the graph behind the source. */
    public static VoiceJobGraph build(
            DataStream<ShardRecord> source, JobOptions options, JobPorts ports, MicroClock clock) {
        SingleOutputStreamOperator<StreamRecord> records = source.process(
                        new ValidateRecordsFunction(clock), ProtobufTypeInformation.forMessage(StreamRecord.class))
                .name("validate-records")
                .uid("validate-records");
        SingleOutputStreamOperator<RoomOutput> outputs = records.keyBy(StreamRecord::getRoom, Types.STRING)
                .transform(
                        "order-rooms",
                        ProtobufTypeInformation.forMessage(RoomOutput.class),
                        new OrderRoomsOperator(options.rooms(), options.get(JobOptions.EVICT_IDLE), clock))
                .uid("order-rooms");
        outputs.forward()
                .transform("broadcast-ticks", Types.VOID, new BroadcastTicksOperator(options, ports, clock))
                .uid("broadcast-ticks");
        if (options.archiveMode().keepsSegments()) {
            outputs.forward()
                    .flatMap(tickOnly(), ProtobufTypeInformation.forMessage(Tick.class))
                    .name("take-ticks")
                    .uid("take-ticks")
                    .forward()
                    .transform("tick-log", Types.VOID, new TickLogOperator(options, ports, clock))
                    .uid("tick-log")
                    .disableChaining();
        }
        return new VoiceJobGraph(outputs, records.getSideOutput(ValidateRecordsFunction.REJECTED));
    }

    /** What leaves the rooms, for whoever wants to look at it beside the sinks. */
    public DataStream<RoomOutput> outputs() {
        return outputs;
    }

    /** The records that were put aside. */
    public DataStream<RejectedRecord> rejected() {
        return rejected;
    }

    private static FlatMapFunction<RoomOutput, Tick> tickOnly() {
        return (output, collector) -> {
            if (output.hasTick()) {
                collector.collect(output.getUnrecorded() ? Unrecorded.of(output.getTick()) : output.getTick());
            }
        };
    }
}
