package io.parley.benchmarks.ordering;

import io.parley.core.wire.StreamRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.data.StringData;
import org.apache.flink.table.runtime.typeutils.InternalTypeInfo;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.RowType;
import org.apache.flink.table.types.logical.VarBinaryType;
import org.apache.flink.table.types.logical.VarCharType;

/** The rows of {@link RowForm} in the form in which Flink SQL keeps them itself. */
final class InternalRowForm implements Form<RowData> {

    private static final long serialVersionUID = 1L;

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

    @Override
    public RowData of(StreamRecord record, byte[] chunk) {
        if (texts == null) {
            texts = new HashMap<>();
        }
        GenericRowData row = new GenericRowData(5);
        row.setField(0, text(record.getRoom()));
        row.setField(1, text(record.getParticipant()));
        row.setField(2, RowForm.sequence(chunk));
        row.setField(RowForm.STREAM_US, record.getTrace().getStreamUs());
        row.setField(4, chunk);
        return row;
    }

    private StringData text(String text) {
        return texts.computeIfAbsent(text, StringData::fromString);
    }
}
