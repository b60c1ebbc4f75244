package io.parley.benchmarks.ordering;

import io.parley.core.wire.StreamRecord;
import java.nio.ByteBuffer;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.table.api.Schema;
import org.apache.flink.types.Row;

/**
 * A record as a row: room, participant, sequence, stream_us (when the job gets it), payload. The time attribute is
 * the timestamp that the source gives.
 */
final class RowForm implements Form<Row> {

    private static final long serialVersionUID = 1L;

    static final int STREAM_US = 3;

    static final TypeInformation<Row> TYPE = Types.ROW_NAMED(
            new String[] {"room", "participant", "sequence", "stream_us", "payload"},
            Types.STRING,
            Types.STRING,
            Types.LONG,
            Types.LONG,
            Types.PRIMITIVE_ARRAY(Types.BYTE));

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
    public Row of(StreamRecord record, byte[] chunk) {
        return Row.of(
                record.getRoom(),
                record.getParticipant(),
                sequence(chunk),
                record.getTrace().getStreamUs(),
                chunk);
    }

    /** Of the chunk's first frame; see {@link io.parley.core.chunk.Chunk} for the offset. */
    static long sequence(byte[] chunk) {
        return ByteBuffer.wrap(chunk).getInt(4) & 0xFFFF_FFFFL;
    }
}
