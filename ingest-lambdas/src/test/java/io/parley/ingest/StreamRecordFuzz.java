package io.parley.ingest;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import com.google.protobuf.ByteString;
import io.parley.core.chunk.Chunk;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.options.RoomOptions;
import io.parley.core.record.StreamRecords;
import io.parley.core.room.Room;
import io.parley.core.wire.Control;
import io.parley.core.wire.Permissions;
import io.parley.core.wire.StreamRecord;

/** Stream records: any bytes, and good ones with any fields, one after the other into one room. */
class StreamRecordFuzz {

    private static final long START_MS = 1_700_000_000_000L;

    private final RoomOptions options = RoomOptions.defaults();
    private long nowMs = START_MS;

    @FuzzTest(maxDuration = "8s")
    void aRecordIsRejectedWithAReasonOrARoomTakesItInWhateverStateItIs(FuzzedDataProvider data) {
        nowMs = START_MS;
        Room room = Room.open("lobby", options, null, nowMs);
        room.beginRun(nowMs);
        int[] ticks = {0};
        while (data.remainingBytes() > 0) {
            StreamRecord record = record(data);
            if (record == null) {
                continue;
            }
            Chunk chunk = record.hasChunk() ? Chunk.parse(record.getChunk()) : null;
            nowMs += data.consumeInt(0, 400);
            room.accept(record, chunk, nowMs * 1_000, out -> ticks[0] += out.hasTick() ? 1 : 0);
            if (data.consumeBoolean()) {
                room = Room.restore(room.state().build(), options);
                room.beginRun(START_MS);
            }
            if (room.nextTimerMs() <= nowMs + 100) {
                nowMs = Math.max(nowMs, room.nextTimerMs());
                room.onTimer(nowMs * 1_000, out -> ticks[0] += out.hasTick() ? 1 : 0);
            }
        }
        assertThat(ticks[0]).isNotNegative();
    }

    /** A record of fuzzed bytes, or a good one with fuzzed fields; null for one that is rejected. */
    private StreamRecord record(FuzzedDataProvider data) {
        byte[] bytes;
        switch (data.consumeInt(0, 2)) {
            case 0:
                bytes = data.consumeBytes(data.consumeInt(0, 300));
                break;
            case 1:
                bytes = base(data)
                        .setKind(StreamRecord.Kind.AUDIO)
                        .setPermissions(Permissions.newBuilder().setSpeak(data.consumeBoolean()))
                        .setUnnumbered(data.consumeBoolean())
                        .setChunk(chunk(data))
                        .build()
                        .toByteArray();
                break;
            default:
                bytes = base(data)
                        .setKind(StreamRecord.Kind.CONTROL)
                        .setControl(control(data))
                        .build()
                        .toByteArray();
                break;
        }
        try {
            StreamRecord record = StreamRecords.parse(bytes);
            return record.getRoom().equals("lobby") ? record : null;
        } catch (ParleyException e) {
            assertThat(e.code())
                    .satisfiesAnyOf(
                            code -> assertThat(code.name()).matches("(CHUNK|FRAME)_.*"),
                            code -> assertThat(code)
                                    .isIn(
                                            ErrorCode.RECORD_MALFORMED,
                                            ErrorCode.RECORD_VERSION,
                                            ErrorCode.RECORD_FIELD));
            return null;
        }
    }

    private StreamRecord.Builder base(FuzzedDataProvider data) {
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setRoom("lobby")
                .setParticipant("p" + data.consumeInt(0, 3))
                .setConnection("c" + data.consumeInt(0, 3))
                .setArrivalTimeMs(data.consumeBoolean() ? nowMs - data.consumeInt(0, 2_000) : data.consumeLong())
                .setControlVersion(data.consumeBoolean() ? data.consumeInt(1, 100) : data.consumeLong());
    }

    private static ByteString chunk(FuzzedDataProvider data) {
        ChunkBuilder chunk = new ChunkBuilder(
                Codec.PCM16_16K,
                data.consumeInt(1, 4) * 1_000,
                data.consumeBoolean() ? data.consumeInt(0, 100) : data.consumeInt(),
                data.consumeInt(),
                data.consumeLong());
        int samples = data.consumeInt(1, 4) * 16;
        for (int i = data.consumeInt(1, 5); i > 0; i--) {
            chunk.frame(data.consumeInt(0, 130), new byte[samples * 2]);
        }
        return ByteString.copyFrom(chunk.flag(data.consumeInt(0, 7)).build());
    }

    private static Control.Builder control(FuzzedDataProvider data) {
        return Control.newBuilder()
                .setKindValue(data.consumeInt(0, 16))
                .setParticipant(data.consumeBoolean() ? "p" + data.consumeInt(0, 3) : data.consumeString(5))
                .setConnection("c" + data.consumeInt(0, 3))
                .setPermissions(
                        Permissions.newBuilder().setSpeak(data.consumeBoolean()).setListen(data.consumeBoolean()))
                .setDisplayName(data.consumeString(10))
                .setText(data.consumeString(10))
                .setRecording(data.consumeBoolean())
                .setExpiresAtMs(data.consumeLong())
                .setReconnectBeforeMs(data.consumeLong())
                .setUntilMs(data.consumeLong());
    }
}
