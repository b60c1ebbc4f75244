package io.parley.core.record;

import io.parley.core.chunk.Chunk;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.room.RoomId;
import io.parley.core.wire.Control;
import io.parley.core.wire.StreamRecord;
import java.io.IOException;

/** Reads records of the voice stream and refuses what would harm the job. Per-frame code; stateless. */
public final class StreamRecords {

    public static final int VERSION = 1;

    private static final int MAX_PARTICIPANT = 128;
    private static final int MAX_CONNECTION = 128;

    private StreamRecords() {}

    /**
     * The record in these bytes, checked whole; throws {@link ParleyException} with what is wrong with it. Its chunk is
     * a copy: the bytes are the source's, which may use them again.
     */
    public static StreamRecord parse(byte[] bytes) {
        StreamRecord record;
        try {
            record = StreamRecord.parseFrom(bytes);
        } catch (IOException e) {
            throw new ParleyException(ErrorCode.RECORD_MALFORMED, bytes.length + " bytes");
        }
        if (record.getVersion() != VERSION) {
            throw new ParleyException(ErrorCode.RECORD_VERSION, "version " + record.getVersion() + ", known is 1");
        }
        if (!RoomId.isValid(record.getRoom())) {
            throw new ParleyException(
                    ErrorCode.RECORD_FIELD, "room of " + record.getRoom().length() + " characters");
        }
        check("participant", record.getParticipant(), MAX_PARTICIPANT);
        check("connection", record.getConnection(), MAX_CONNECTION);
        if (record.getArrivalTimeMs() <= 0) {
            throw new ParleyException(ErrorCode.RECORD_FIELD, "arrival time " + record.getArrivalTimeMs());
        }
        checkBody(record);
        return record;
    }

    private static void checkBody(StreamRecord record) {
        switch (record.getKind()) {
            case AUDIO:
                if (!record.hasChunk()) {
                    throw new ParleyException(ErrorCode.RECORD_FIELD, "audio without a chunk");
                }
                Chunk.parse(record.getChunk());
                break;
            case CONTROL:
                Control.Kind kind = record.getControl().getKind();
                if (!record.hasControl()
                        || kind == Control.Kind.KIND_UNSPECIFIED
                        || kind == Control.Kind.UNRECOGNIZED) {
                    throw new ParleyException(ErrorCode.RECORD_FIELD, "control without a known kind");
                }
                if (record.getControlVersion() <= 0) {
                    throw new ParleyException(ErrorCode.RECORD_FIELD, "control without a version");
                }
                break;
            case PROBE:
                if (!record.hasProbe()) {
                    throw new ParleyException(ErrorCode.RECORD_FIELD, "probe without its body");
                }
                break;
            default:
                throw new ParleyException(ErrorCode.RECORD_FIELD, "kind " + record.getKindValue());
        }
    }

    private static void check(String field, String text, int max) {
        if (text.isEmpty() || text.length() > max) {
            throw new ParleyException(ErrorCode.RECORD_FIELD, field + " of " + text.length() + " characters");
        }
    }
}
