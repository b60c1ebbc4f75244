package io.parley.core.chunk;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Writes a chunk, frame by frame; used by clients and tests. Not thread safe; {@link #build} may be called once.
 *
 * <p>It does not check the frames: what it wrote is checked where it is read ({@link Chunk#parse}).
 */
public final class ChunkBuilder {

    private byte[] bytes = new byte[1024];
    private int size = Chunk.HEADER_BYTES;
    private int count;

    public ChunkBuilder(Codec codec, int frameDurationUs, int sequence, long spurtOffset, long captureTimeMs) {
        ByteBuffer.wrap(bytes)
                .put((byte) Chunk.VERSION)
                .put((byte) codec.id())
                .put((byte) 0)
                .put((byte) 0)
                .putInt(sequence)
                .putInt((int) spurtOffset)
                .putShort((short) frameDurationUs)
                .putLong(captureTimeMs);
    }

    public ChunkBuilder flag(int flag) {
        bytes[Chunk.FLAGS_OFFSET] |= (byte) flag;
        return this;
    }

    public ChunkBuilder frame(int level, byte[] payload) {
        return frame(level, payload, 0, payload.length);
    }

    /** Appends a frame; the level in -dBov, 0..127. */
    public ChunkBuilder frame(int level, byte[] source, int offset, int length) {
        int end = size + Chunk.FRAME_HEADER_BYTES + length;
        if (end > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(end, bytes.length * 2));
        }
        bytes[size] = (byte) (length >>> 8);
        bytes[size + 1] = (byte) length;
        bytes[size + 2] = (byte) level;
        System.arraycopy(source, offset, bytes, size + Chunk.FRAME_HEADER_BYTES, length);
        size = end;
        count++;
        return this;
    }

    public int frameCount() {
        return count;
    }

    public byte[] build() {
        bytes[Chunk.COUNT_OFFSET] = (byte) count;
        return Arrays.copyOf(bytes, size);
    }
}
