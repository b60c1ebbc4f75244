package io.parley.benchmarks.ordering;

import io.parley.core.options.RoomOptions;
import io.parley.core.wire.RoomOutput;
import io.parley.core.wire.StreamRecord;
import io.parley.job.room.OrderRoomsOperator;
import io.parley.job.type.ProtobufTypeInformation;
import java.util.Map;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.datastream.KeyedStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.data.RowData;

/** A way to put the records of rooms in order. */
@SuppressWarnings("deprecation") // sources and sinks as functions, see ReplaySource
enum Variant {
    OURS("order-rooms", "the job's OrderRoomsOperator") {
        @Override
        void build(StreamExecutionEnvironment environment, Run run) {
            order(environment, run, RoomOptions.defaults());
        }
    },
    OURS_FIXED_HOLD("order-rooms-fixed-hold", "the same, with each gap held for the whole budget") {
        @Override
        void build(StreamExecutionEnvironment environment, Run run) {
            String hold = String.valueOf(Run.HOLD_MS);
            order(
                    environment,
                    run,
                    RoomOptions.of(Map.of(RoomOptions.MIN_HOLD.key(), hold, RoomOptions.MAX_HOLD.key(), hold)));
        }
    },
    ORDER_BY("sql-order-by", "Flink SQL: ORDER BY rowtime, on a stream of Row as Flink's pages show it") {
        @Override
        void build(StreamExecutionEnvironment environment, Run run) {
            StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
            view(tables, environment, run, new RowForm(), RowForm.TYPE);
            tables.toDataStream(tables.sqlQuery(SORT))
                    .addSink(new ChunkSink<>(run.id(), row -> row.<Long>getFieldAs(RowForm.STREAM_US)));
        }
    },
    ORDER_BY_INTERNAL("sql-order-by-internal", "the same, on rows in Flink SQL's own form: nothing is converted") {
        @Override
        void build(StreamExecutionEnvironment environment, Run run) {
            query(environment, run, SORT);
        }
    },
    MATCH_RECOGNIZE("sql-match-recognize", "Flink SQL: MATCH_RECOGNIZE by room and rowtime, on rows in its own form") {
        @Override
        void build(StreamExecutionEnvironment environment, Run run) {
            query(environment, run, MATCH);
        }
    },
    TIMERS("timer-per-record", "KeyedProcessFunction: MapState by time, an event-time timer for each") {
        @Override
        void build(StreamExecutionEnvironment environment, Run run) {
            process(environment, run, new SortByTimersFunction(), true);
        }
    },
    NO_OP("no-op", "keyBy and a function that does nothing") {
        @Override
        void build(StreamExecutionEnvironment environment, Run run) {
            process(environment, run, new PassFunction(), false);
        }
    };

    private static final int EVICT_IDLE_MS = 600_000;
    private static final String SORT =
            "SELECT room, participant, sequence, stream_us, payload, rowtime FROM voice ORDER BY rowtime";
    private static final String MATCH =
            "SELECT room, participant, sequence, stream_us, payload, at_time FROM voice MATCH_RECOGNIZE ("
                    + " PARTITION BY room ORDER BY rowtime MEASURES"
                    + " A.participant AS participant, A.sequence AS sequence, A.stream_us AS stream_us,"
                    + " A.payload AS payload, A.rowtime AS at_time"
                    + " ONE ROW PER MATCH AFTER MATCH SKIP PAST LAST ROW PATTERN (A) DEFINE A AS TRUE)";

    final String label;
    final String description;

    Variant(String label, String description) {
        this.label = label;
        this.description = description;
    }

    abstract void build(StreamExecutionEnvironment environment, Run run);

    /** Whether it declares each frame that it gives up. */
    boolean declaresLosses() {
        return this == OURS || this == OURS_FIXED_HOLD;
    }

    /** Whether it is measured with two subtasks as well; a sort of the whole stream is always one task. */
    boolean scales() {
        return this == OURS || this == NO_OP;
    }

    private static KeyedStream<StreamRecord, String> records(
            StreamExecutionEnvironment environment, Run run, boolean watermarks) {
        ReplaySource<StreamRecord> source = new ReplaySource<>(run.id(), (record, chunk) -> record, watermarks);
        return environment
                .addSource(source, "replay", ProtobufTypeInformation.forMessage(StreamRecord.class))
                .keyBy(StreamRecord::getRoom, Types.STRING);
    }

    final void order(StreamExecutionEnvironment environment, Run run, RoomOptions options) {
        KeyedStream<StreamRecord, String> records = records(environment, run, false);
        ProtobufTypeInformation<RoomOutput> type = ProtobufTypeInformation.forMessage(RoomOutput.class);
        DataStream<RoomOutput> outputs = run.pace() == Pace.REAL
                ? records.transform(label, type, new OrderRoomsOperator(options, EVICT_IDLE_MS, WallClock::nowUs))
                : records.transform(label, type, RecordTimeOperator.factory(options, EVICT_IDLE_MS));
        outputs.addSink(new TickSink(run.id(), options.tickPeriodMs()));
    }

    final void process(
            StreamExecutionEnvironment environment,
            Run run,
            KeyedProcessFunction<String, StreamRecord, StreamRecord> function,
            boolean watermarks) {
        records(environment, run, watermarks)
                .process(function, ProtobufTypeInformation.forMessage(StreamRecord.class))
                .name(label)
                .addSink(new ChunkSink<>(run.id(), record -> record.getTrace().getStreamUs()));
    }

    private static <T> void view(
            StreamTableEnvironment tables,
            StreamExecutionEnvironment environment,
            Run run,
            Form<T> form,
            TypeInformation<T> type) {
        DataStream<T> rows = environment.addSource(new ReplaySource<>(run.id(), form, true), "replay", type);
        tables.createTemporaryView("voice", rows, RowForm.schema());
    }

    private static void query(StreamExecutionEnvironment environment, Run run, String sql) {
        StreamTableEnvironment tables = StreamTableEnvironment.create(environment);
        view(tables, environment, run, new InternalRowForm(), InternalRowForm.type());
        Table ordered = tables.sqlQuery(sql);
        DataStream<RowData> results = tables.toDataStream(
                ordered, ordered.getResolvedSchema().toPhysicalRowDataType().bridgedTo(RowData.class));
        results.addSink(new ChunkSink<>(run.id(), row -> row.getLong(RowForm.STREAM_US)));
    }
}
