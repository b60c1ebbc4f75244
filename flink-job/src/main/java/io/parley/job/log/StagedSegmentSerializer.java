package io.parley.job.log;

import java.io.IOException;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/** Version 1: the key as UTF, then the length of the sealed bytes (i32) and the bytes. */
final class StagedSegmentSerializer implements SimpleVersionedSerializer<StagedSegment> {

    private static final int VERSION = 1;

    @Override
    public int getVersion() {
        return VERSION;
    }

    @Override
    public byte[] serialize(StagedSegment segment) throws IOException {
        DataOutputSerializer out = new DataOutputSerializer(
                segment.sealed().length + 8 + segment.key().length());
        out.writeUTF(segment.key());
        out.writeInt(segment.sealed().length);
        out.write(segment.sealed());
        return out.getCopyOfBuffer();
    }

    @Override
    public StagedSegment deserialize(int version, byte[] bytes) throws IOException {
        if (version != VERSION) {
            throw new IOException("staged segment of version " + version + ", known is " + VERSION);
        }
        DataInputDeserializer in = new DataInputDeserializer(bytes);
        String key = in.readUTF();
        byte[] sealed = new byte[in.readInt()];
        in.readFully(sealed);
        return new StagedSegment(key, sealed);
    }
}
