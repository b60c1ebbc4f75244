package io.parley.core.chunk;

import com.google.protobuf.ByteOutput;
import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.parley.core.error.ErrorCode;
import io.parley.core.error.ParleyException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/**
 * A chunk: a header and 1..n consecutive frames of one speaker, checked against every rule of the format.
 *
 * <p>Per-frame code: a view on the bytes as they came; nothing is copied but a table of frame positions. Immutable as
 * long as nobody writes to the array that it was given. All numbers are big endian.
 *
 * <pre>
 *  0  u8   version, 1
 *  1  u8   codec ({@link Codec})
 *  2  u8   flags: 1 end of spurt, 2 push-to-talk, 4 trace (asks for hop times in the tick); others 0
 *  3  u8   number of frames, 1..80
 *  4  u32  sequence number of the first frame
 *  8  u32  offset: how many frames into its talk spurt the first frame is
 * 12  u16  frame duration in µs
 * 14  u64  capture time of the first frame, ms since the epoch by the client's clock
 * 22  frames, each: u16 length, u8 level in -dBov (RFC 6464: 0 loudest, 127 silence), payload
 * </pre>
 */
public final class Chunk {

    public static final int VERSION = 1;
    public static final int FLAG_END_OF_SPURT = 1;
    public static final int FLAG_PUSH_TO_TALK = 2;
    public static final int FLAG_TRACE = 4;
    public static final int MAX_DURATION_US = 200_000;
    public static final int HEADER_BYTES = 22;
    public static final int FRAME_HEADER_BYTES = 3;

    static final int VERSION_OFFSET = 0;
    static final int CODEC_OFFSET = 1;
    static final int FLAGS_OFFSET = 2;
    static final int COUNT_OFFSET = 3;
    static final int SEQUENCE_OFFSET = 4;
    static final int SPURT_OFFSET_OFFSET = 8;
    static final int DURATION_OFFSET = 12;
    static final int CAPTURE_TIME_OFFSET = 14;

    private static final int ALL_FLAGS = FLAG_END_OF_SPURT | FLAG_PUSH_TO_TALK | FLAG_TRACE;

    private final byte[] bytes;
    private final int start;
    private final int end;
    private final Codec codec;
    /** Where each frame's header begins in {@link #bytes}. */
    private final int[] frameOffsets;

    private Chunk(byte[] bytes, int start, int end, Codec codec, int[] frameOffsets) {
        this.bytes = bytes;
        this.start = start;
        this.end = end;
        this.codec = codec;
        this.frameOffsets = frameOffsets;
    }

    /** Checks the bytes and gives a view on them; throws a {@link ParleyException} that names the broken rule. */
    public static Chunk parse(byte[] bytes) {
        return parse(bytes, 0, bytes.length);
    }

    /** Like {@link #parse(byte[])}, on the bytes as a message holds them: they are not copied. */
    public static Chunk parse(ByteString bytes) {
        Backing backing = new Backing();
        try {
            UnsafeByteOperations.unsafeWriteTo(bytes, backing);
        } catch (IOException e) {
            throw new UncheckedIOException("memory does not fail", e);
        }
        return backing.isWhole(bytes)
                ? parse(backing.bytes, backing.offset, backing.length)
                : parse(bytes.toByteArray());
    }

    private static Chunk parse(byte[] bytes, int start, int length) {
        int end = start + length;
        if (length < HEADER_BYTES) {
            // A version of the future may have another length, so the version is looked at first.
            if (length > 0 && bytes[start + VERSION_OFFSET] != VERSION) {
                throw unknownVersion(bytes[start + VERSION_OFFSET]);
            }
            throw new ParleyException(ErrorCode.CHUNK_TRUNCATED, length + " bytes, the header has " + HEADER_BYTES);
        }
        if (bytes[start + VERSION_OFFSET] != VERSION) {
            throw unknownVersion(bytes[start + VERSION_OFFSET]);
        }
        Codec codec = Codec.byId(bytes[start + CODEC_OFFSET] & 0xFF);
        if (codec == null) {
            throw new ParleyException(ErrorCode.CHUNK_CODEC, "codec " + (bytes[start + CODEC_OFFSET] & 0xFF));
        }
        if ((bytes[start + FLAGS_OFFSET] & ~ALL_FLAGS & 0xFF) != 0) {
            throw new ParleyException(ErrorCode.CHUNK_FLAGS, "flags " + (bytes[start + FLAGS_OFFSET] & 0xFF));
        }
        int count = bytes[start + COUNT_OFFSET] & 0xFF;
        if (count == 0) {
            throw new ParleyException(ErrorCode.CHUNK_EMPTY, "count 0");
        }
        int durationUs = u16(bytes, start + DURATION_OFFSET);
        checkDuration(codec, durationUs, count);
        return new Chunk(bytes, start, end, codec, frameOffsets(bytes, start, end, codec, durationUs, count));
    }

    private static ParleyException unknownVersion(byte version) {
        return new ParleyException(ErrorCode.CHUNK_VERSION, "version " + (version & 0xFF) + ", known is 1");
    }

    private static void checkDuration(Codec codec, int durationUs, int count) {
        boolean known = codec.isPcm()
                ? durationUs >= 1_000 && durationUs <= 60_000 && codec.pcmBytes(durationUs) > 0
                : durationUs == 2_500
                        || durationUs == 5_000
                        || durationUs == 10_000
                        || durationUs == 20_000
                        || durationUs == 40_000
                        || durationUs == 60_000;
        if (!known) {
            throw new ParleyException(ErrorCode.CHUNK_DURATION, codec + " frame of " + durationUs + " µs");
        }
        if (durationUs * count > MAX_DURATION_US) {
            throw new ParleyException(
                    ErrorCode.CHUNK_DURATION, count + " frames of " + durationUs + " µs, over " + MAX_DURATION_US);
        }
    }

    private static int[] frameOffsets(byte[] bytes, int start, int end, Codec codec, int durationUs, int count) {
        int[] offsets = new int[count];
        int position = start + HEADER_BYTES;
        for (int i = 0; i < count; i++) {
            if (position + FRAME_HEADER_BYTES > end) {
                throw new ParleyException(ErrorCode.CHUNK_TRUNCATED, "no header of frame " + i + " of " + count);
            }
            int length = u16(bytes, position);
            if (position + FRAME_HEADER_BYTES + length > end) {
                throw new ParleyException(ErrorCode.CHUNK_TRUNCATED, "frame " + i + " of " + count + " is cut off");
            }
            if (bytes[position + 2] < 0) {
                throw new ParleyException(ErrorCode.FRAME_LEVEL, "frame " + i);
            }
            checkPayload(bytes, position + FRAME_HEADER_BYTES, length, codec, durationUs, i);
            offsets[i] = position;
            position += FRAME_HEADER_BYTES + length;
        }
        if (position != end) {
            throw new ParleyException(ErrorCode.CHUNK_TRUNCATED, (end - position) + " bytes after the last frame");
        }
        return offsets;
    }

    private static void checkPayload(byte[] bytes, int offset, int length, Codec codec, int durationUs, int frame) {
        if (codec.isPcm()) {
            int expected = codec.pcmBytes(durationUs);
            if (length != expected) {
                throw new ParleyException(
                        ErrorCode.FRAME_SIZE,
                        "frame " + frame + " has " + length + " bytes, " + expected + " expected");
            }
            return;
        }
        if (length < 1 || length > OpusPacket.MAX_BYTES) {
            throw new ParleyException(ErrorCode.FRAME_SIZE, "frame " + frame + " has " + length + " bytes");
        }
        int tocUs = OpusPacket.durationUs(bytes, offset, length);
        if (tocUs != durationUs) {
            throw new ParleyException(
                    ErrorCode.FRAME_TOC, "frame " + frame + ": TOC says " + tocUs + " µs, header " + durationUs);
        }
    }

    /** The chunk as it came; not a copy. */
    public ByteString content() {
        return UnsafeByteOperations.unsafeWrap(bytes, start, end - start);
    }

    /** What {@link #payloadOffset} counts in; may hold more than the chunk. Not a copy. */
    public byte[] bytes() {
        return bytes;
    }

    public Codec codec() {
        return codec;
    }

    public boolean isEndOfSpurt() {
        return (bytes[start + FLAGS_OFFSET] & FLAG_END_OF_SPURT) != 0;
    }

    public boolean isPushToTalk() {
        return (bytes[start + FLAGS_OFFSET] & FLAG_PUSH_TO_TALK) != 0;
    }

    public boolean isTraced() {
        return (bytes[start + FLAGS_OFFSET] & FLAG_TRACE) != 0;
    }

    public int frameCount() {
        return frameOffsets.length;
    }

    /** Sequence number of the first frame; an unsigned 32-bit number in an int. */
    public int sequence() {
        return i32(bytes, start + SEQUENCE_OFFSET);
    }

    /** How many frames into its talk spurt the first frame is, 0 .. 2^32-1. */
    public long spurtOffset() {
        return i32(bytes, start + SPURT_OFFSET_OFFSET) & 0xFFFF_FFFFL;
    }

    public int frameDurationUs() {
        return u16(bytes, start + DURATION_OFFSET);
    }

    public long captureTimeMs() {
        return ((long) i32(bytes, start + CAPTURE_TIME_OFFSET) << 32)
                | (i32(bytes, start + CAPTURE_TIME_OFFSET + 4) & 0xFFFF_FFFFL);
    }

    /** Where the payload of frame {@code index} begins in {@link #bytes()}. */
    public int payloadOffset(int index) {
        return frameOffsets[index] + FRAME_HEADER_BYTES;
    }

    public int payloadLength(int index) {
        return u16(bytes, frameOffsets[index]);
    }

    /** Level of frame {@code index} in -dBov: 0 is the loudest, 127 silence. */
    public int level(int index) {
        return bytes[frameOffsets[index] + 2];
    }

    static int u16(byte[] bytes, int offset) {
        return (bytes[offset] & 0xFF) << 8 | bytes[offset + 1] & 0xFF;
    }

    static int i32(byte[] bytes, int offset) {
        return u16(bytes, offset) << 16 | u16(bytes, offset + 2);
    }

    /** Takes the one array that lies behind a ByteString. */
    private static final class Backing extends ByteOutput {
        byte[] bytes;
        int offset;
        int length;

        @Override
        public void writeLazy(byte[] value, int from, int count) {
            bytes = value;
            offset = from;
            length = count;
        }

        @Override
        public void write(byte[] value, int from, int count) {
            writeLazy(value, from, count);
        }

        @Override
        public void write(byte value) {
            bytes = null;
        }

        @Override
        public void write(ByteBuffer value) {
            bytes = null;
        }

        @Override
        public void writeLazy(ByteBuffer value) {
            bytes = null;
        }

        /** False where the ByteString lies in several pieces, or outside of the heap. */
        boolean isWhole(ByteString of) {
            return bytes != null && length == of.size();
        }
    }
}
