package io.parley.core.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.parley.core.chunk.ChunkBuilder;
import io.parley.core.chunk.Codec;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import io.parley.core.wire.Control;
import io.parley.core.wire.Probe;
import io.parley.core.wire.StreamRecord;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamRecordsTest {

    private static final ByteString CHUNK = ByteString.copyFrom(new ChunkBuilder(Codec.OPUS, 20_000, 0, 0, 0)
            .frame(9, new byte[] {(byte) (19 << 3), 1})
            .build());

    private static StreamRecord.Builder audio() {
        return StreamRecord.newBuilder()
                .setVersion(1)
                .setKind(StreamRecord.Kind.AUDIO)
                .setRoom("lobby")
                .setParticipant("ann")
                .setConnection("c1=")
                .setArrivalTimeMs(1_700_000_000_000L)
                .setChunk(CHUNK);
    }

    @Test
    void readsAWholeRecord() {
        assertThat(StreamRecords.parse(audio().build().toByteArray())).isEqualTo(audio().build());
    }

    @Test
    void refusesWhatIsNoRecordOrOneOfTheFuture() {
        byte[] endOfAGroup = {1 << 3 | 4};
        assertRefused(new byte[] {1, 2, 3}, ErrorCode.RECORD_MALFORMED);
        assertRefused(
                audio().build()
                        .toByteString()
                        .concat(ByteString.copyFrom(endOfAGroup))
                        .toByteArray(),
                ErrorCode.RECORD_MALFORMED);
        assertRefused(new byte[0], ErrorCode.RECORD_VERSION);
        assertRefused(audio().setVersion(2).build().toByteArray(), ErrorCode.RECORD_VERSION);
    }

    @Test
    void refusesEachFieldThatIsMissingOrOutOfRange() {
        assertRefused(audio().setRoom("a room").build().toByteArray(), ErrorCode.RECORD_FIELD);
        assertRefused(audio().setParticipant("").build().toByteArray(), ErrorCode.RECORD_FIELD);
        assertRefused(audio().setConnection("c".repeat(129)).build().toByteArray(), ErrorCode.RECORD_FIELD);
        StreamRecord longest = audio().setConnection("c".repeat(128)).build();
        assertThat(StreamRecords.parse(longest.toByteArray())).isEqualTo(longest);
        assertRefused(audio().setArrivalTimeMs(0).build().toByteArray(), ErrorCode.RECORD_FIELD);
        assertRefused(audio().clearChunk().build().toByteArray(), ErrorCode.RECORD_FIELD);
        assertRefused(audio().setKindValue(77).build().toByteArray(), ErrorCode.RECORD_FIELD);
        assertRefused(audio().clearKind().build().toByteArray(), ErrorCode.RECORD_FIELD);
    }

    @Test
    void refusesAControlWithoutKindOrVersion() {
        StreamRecord.Builder control = audio().setKind(StreamRecord.Kind.CONTROL);
        assertRefused(control.setControl(Control.newBuilder()).build().toByteArray(), ErrorCode.RECORD_FIELD);
        control.setControl(Control.newBuilder().setKind(Control.Kind.JOIN));
        assertRefused(control.build().toByteArray(), ErrorCode.RECORD_FIELD);
        assertThat(StreamRecords.parse(control.setControlVersion(1).build().toByteArray())
                        .hasControl())
                .isTrue();
    }

    @Test
    void refusesAProbeWithoutItsBody() {
        StreamRecord.Builder probe = audio().clearChunk().setKind(StreamRecord.Kind.PROBE);
        assertRefused(probe.build().toByteArray(), ErrorCode.RECORD_FIELD);
        probe.setProbe(Probe.newBuilder().setId("p1"));
        assertThat(StreamRecords.parse(probe.build().toByteArray()).hasProbe()).isTrue();
    }

    @Test
    void refusesAChunkByTheChunksOwnRules() {
        byte[] broken = CHUNK.toByteArray();
        broken[1] = 9;
        assertRefused(audio().setChunk(ByteString.copyFrom(broken)).build().toByteArray(), ErrorCode.CHUNK_CODEC);
    }

    @Test
    void neverFailsOtherwiseThanByTheCatalogue() {
        Random random = new Random(20261123);
        byte[] valid = audio().build().toByteArray();
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = valid.clone();
            for (int flips = random.nextInt(5); flips >= 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(StreamRecords.parse(bytes).getVersion()).isEqualTo(1);
            } catch (ParleyException e) {
                assertThat(e.code()).isNotNull();
            }
        }
    }

    private static void assertRefused(byte[] bytes, ErrorCode code) {
        assertThatThrownBy(() -> StreamRecords.parse(bytes))
                .isInstanceOfSatisfying(
                        ParleyException.class, e -> assertThat(e.code()).isEqualTo(code));
    }
}
