package io.parley.benchmarks.ordering;

import io.parley.core.wire.StreamRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.api.Schema;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;

/**
 * Rows in the form in which Flink SQL keeps them itself, so that nothing has to be converted on the way in: room,
 * participant, sequence, stream_us, payload. The time attribute is the timestamp that the source gives.
 */
final class RowForm implements Form<RowData> {

    private static final long serialVersionUID = 1L;

    static final int SEQUENCE = 2;
    static final int STREAM_US = 3;

    private static final RowType TYPE = RowType.of(
            false,
            new LogicalType[] {
                new VarCharType(false, VarCharType.MAX_LENGTH),
                new VarCharType(false, VarCharType.MAX_LENGTH),
                new BigIntType(false),
                new BigIntType(false),
                new VarBinaryType(false, VarBinaryType.MAX_LENGTH)
            },
            new String[] {"room", "participant", "sequence", "stream_us", "payload"});

    private transient Map<String, StringData> texts;

    static InternalTypeInfo<RowData> type() {
        return InternalTypeInfo.of(TYPE);
    }

    static Schema schema() {
        return Schema.newBuilder()
                .column("room", "STRING NOT NULL")
                .column("participant", "STRING NOT NULL")
                .column("sequence", "BIGINT NOT NULL")
                .column("stream_us", "BIGINT NOT NULL")
                .column("payload", "BYTES NOT NULL")
                .columnByMetadata("rowtime", "TIMESTAMP_LTZ(3)")
                .watermark("rowtime", "SOURCE_WATERMARK()")
                .build();
    }

    @Override
    public RowData of(StreamRecord record, byte[] chunk) {
        if (texts == null) {
            texts = new HashMap<>();
        }
        GenericRowData row = new GenericRowData(5);
        row.setField(0, text(record.getRoom()));
        row.setField(1, text(record.getParticipant()));
        row.setField(SEQUENCE, (long)
                ((chunk[4] & 0xFF) << 24 | (chunk[5] & 0xFF) << 16 | (chunk[6] & 0xFF) << 8 | chunk[7] & 0xFF));
        row.setField(STREAM_US, record.getTrace().getStreamUs());
        row.setField(4, chunk);
        return row;
    }

    private StringData text(String text) {
        return texts.computeIfAbsent(text, StringData::fromString);
    }
}
