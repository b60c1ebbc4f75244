package io.parley.job.type;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.parley.core.chunk.Chunk;
import io.parley.core.wire.StreamRecord;
import io.parley.core.wire.Tick;
import io.parley.core.wire.Tombstone;
import io.parley.job.Records;
import java.io.IOException;
import java.util.Base64;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ProtobufSerializerTest {

    /** A serializer snapshot and a tombstone as the first version of the job wrote them. */
    private static final String OLD_SNAPSHOT = "AC1pby5wYXJsZXkuam9iLnR5cGUuUHJvdG9idWZTZXJpYWxpemVyU25hcHNob3QAAAABAB"
            + "1pby5wYXJsZXkuY29yZS53aXJlLlRvbWJzdG9uZQ==";

    private static final String OLD_TOMBSTONE = "AAAACAgHEAkaAgEC";

    @Test
    void readsWhatItWrote() throws Exception {
        StreamRecord record = Records.audio("room", "ann", 0, 1);
        ProtobufSerializer<StreamRecord> serializer = new ProtobufSerializer<>(StreamRecord.class);
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(record, out);
        DataOutputSerializer copy = new DataOutputSerializer(16);
        serializer.copy(new DataInputDeserializer(out.getCopyOfBuffer()), copy);

        assertThat(serializer.deserialize(new DataInputDeserializer(copy.getCopyOfBuffer())))
                .isEqualTo(record);
        assertThat(serializer.copy(record)).isSameAs(record);
    }

    @Test
    void copiesNoChunkOutOfTheBytesThatItHasRead() throws Exception {
        ProtobufSerializer<StreamRecord> serializer = new ProtobufSerializer<>(StreamRecord.class);
        DataOutputSerializer out = new DataOutputSerializer(16);
        serializer.serialize(Records.audio("room", "ann", 0, 1), out);
        StreamRecord read = serializer.deserialize(new DataInputDeserializer(out.getCopyOfBuffer()));
        assertThat(Chunk.parse(read.getChunk()).bytes())
                .hasSizeGreaterThan(read.getChunk().size());
    }

    @Test
    void readsStateOfTheFirstVersion() throws Exception {
        TypeSerializerSnapshot<Tombstone> old = TypeSerializerSnapshot.readVersionedSnapshot(
                new DataInputDeserializer(Base64.getDecoder().decode(OLD_SNAPSHOT)),
                getClass().getClassLoader());
        TypeSerializerSnapshot<Tombstone> current = new ProtobufSerializer<>(Tombstone.class).snapshotConfiguration();

        assertThat(current.resolveSchemaCompatibility(old).isCompatibleAsIs()).isTrue();
        Tombstone tombstone = old.restoreSerializer()
                .deserialize(new DataInputDeserializer(Base64.getDecoder().decode(OLD_TOMBSTONE)));
        assertThat(tombstone.getEpoch()).isEqualTo(7);
        assertThat(tombstone.getTick()).isEqualTo(9);
        assertThat(tombstone.getHash().toByteArray()).containsExactly(1, 2);
    }

    @Test
    void writesItsSnapshotAsTheFirstVersionDid() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(16);
        TypeSerializerSnapshot.writeVersionedSnapshot(
                out, new ProtobufSerializer<>(Tombstone.class).snapshotConfiguration());
        assertThat(Base64.getEncoder().encodeToString(out.getCopyOfBuffer())).isEqualTo(OLD_SNAPSHOT);
    }

    @Test
    @SuppressWarnings({"unchecked", "rawtypes"}) // as Flink does when it compares what it has read
    void isNotCompatibleWithAnotherMessage() {
        TypeSerializerSnapshot tick = new ProtobufSerializer<>(Tick.class).snapshotConfiguration();
        TypeSerializerSnapshot tombstone = new ProtobufSerializer<>(Tombstone.class).snapshotConfiguration();
        assertThat(tick.resolveSchemaCompatibility(tombstone).isIncompatible()).isTrue();
    }

    @Test
    void refusesASnapshotOfAFutureVersion() {
        ProtobufSerializerSnapshot<Tombstone> snapshot = new ProtobufSerializerSnapshot<>();
        assertThatThrownBy(() -> snapshot.readSnapshot(
                        2, new DataInputDeserializer(new byte[0]), getClass().getClassLoader()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("version 2, known is 1");
    }

    @Test
    void refusesASnapshotOfAClassThatIsNotThere() throws Exception {
        DataOutputSerializer out = new DataOutputSerializer(16);
        out.writeUTF("io.parley.core.wire.NeverWas");
        assertThatThrownBy(() -> new ProtobufSerializerSnapshot<Tombstone>()
                        .readSnapshot(
                                1,
                                new DataInputDeserializer(out.getCopyOfBuffer()),
                                getClass().getClassLoader()))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("io.parley.core.wire.NeverWas");
    }
}
