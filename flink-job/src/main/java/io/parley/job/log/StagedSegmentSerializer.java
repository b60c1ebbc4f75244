package io.parley.job.log;

import java.io.IOException;
import org.apache.flink.api.common.typeutils.SimpleTypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.TypeSerializerSnapshot;
import org.apache.flink.api.common.typeutils.base.TypeSerializerSingleton;
import org.apache.flink.core.memory.DataInputView;
import org.apache.flink.core.memory.DataOutputView;

/**
 * How a checkpoint holds a segment: the version (one byte, 1), the key as UTF, the length of the sealed bytes (i32) and
 * the bytes. Segments are immutable, so Flink copies none on the heap.
 */
final class StagedSegmentSerializer extends TypeSerializerSingleton<StagedSegment> {

    private static final long serialVersionUID = 1L;

    static final StagedSegmentSerializer INSTANCE = new StagedSegmentSerializer();

    private static final int VERSION = 1;

    @Override
    public boolean isImmutableType() {
        return true;
    }

    @Override
    public StagedSegment createInstance() {
        return new StagedSegment("", new byte[0]);
    }

    @Override
    public StagedSegment copy(StagedSegment from) {
        return from;
    }

    @Override
    public StagedSegment copy(StagedSegment from, StagedSegment reuse) {
        return from;
    }

    @Override
    public int getLength() {
        return -1;
    }

    @Override
    public void serialize(StagedSegment segment, DataOutputView target) throws IOException {
        target.writeByte(VERSION);
        target.writeUTF(segment.key());
        target.writeInt(segment.sealed().length);
        target.write(segment.sealed());
    }

    @Override
    public StagedSegment deserialize(DataInputView source) throws IOException {
        int version = source.readByte();
        if (version != VERSION) {
            throw new IOException("staged segment of version " + version + ", known is " + VERSION);
        }
        String key = source.readUTF();
        byte[] sealed = new byte[source.readInt()];
        source.readFully(sealed);
        return new StagedSegment(key, sealed);
    }

    @Override
    public StagedSegment deserialize(StagedSegment reuse, DataInputView source) throws IOException {
        return deserialize(source);
    }

    @Override
    public void copy(DataInputView source, DataOutputView target) throws IOException {
        serialize(deserialize(source), target);
    }

    @Override
    public TypeSerializerSnapshot<StagedSegment> snapshotConfiguration() {
        return new Snapshot();
    }

    /** What a checkpoint says of the serializer: its class. Each segment carries its version. */
    public static final class Snapshot extends SimpleTypeSerializerSnapshot<StagedSegment> {
        public Snapshot() {
            super(() -> INSTANCE);
        }
    }
}
