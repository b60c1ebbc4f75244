package io.parley.core.tick;

import com.google.protobuf.ByteString;
import java.util.Arrays;

/**
 * The frames of a tick's live part, in the room's order, as runs of consecutive frames of one speaker stream.
 *
 * <pre>
 *  run:    u16 stream, u32 sequence number of its first frame, u8 number of frames
 *  frame:  u16 length, u8 level in -dBov, payload
 * </pre>
 *
 * Numbers are big endian. Per-frame code: the writer copies payloads into one growing array, the reader is a cursor
 * over the bytes. Neither is thread safe.
 */
public final class LiveFrames {

    private static final int RUN_HEADER_BYTES = 7;
    private static final int FRAME_HEADER_BYTES = 3;
    private static final int MAX_RUN = 255;

    private LiveFrames() {}

    /** Writes frames one after the other; frames that continue the one before extend its run. */
    public static final class Writer {
        private byte[] bytes = new byte[4096];
        private int size;
        private int runStart = -1;
        private int runStream;
        private int nextSequence;

        public void add(int stream, int sequence, int level, byte[] source, int offset, int length) {
            boolean continues = runStart >= 0
                    && runStream == stream
                    && nextSequence == sequence
                    && (bytes[runStart + 6] & 0xFF) < MAX_RUN;
            ensure((continues ? 0 : RUN_HEADER_BYTES) + FRAME_HEADER_BYTES + length);
            if (!continues) {
                runStart = size;
                runStream = stream;
                put16(stream);
                put16(sequence >>> 16);
                put16(sequence);
                bytes[size++] = 0;
            }
            bytes[runStart + 6]++;
            nextSequence = sequence + 1;
            put16(length);
            bytes[size++] = (byte) level;
            System.arraycopy(source, offset, bytes, size, length);
            size += length;
        }

        /** Bytes that {@link #add} of a frame of that length takes at most. */
        public static int bound(int length) {
            return RUN_HEADER_BYTES + FRAME_HEADER_BYTES + length;
        }

        public int size() {
            return size;
        }

        /** What was written, after which the writer is empty again. */
        public byte[] take() {
            byte[] taken = Arrays.copyOf(bytes, size);
            size = 0;
            runStart = -1;
            return taken;
        }

        private void put16(int value) {
            bytes[size++] = (byte) (value >>> 8);
            bytes[size++] = (byte) value;
        }

        private void ensure(int more) {
            if (size + more > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(size + more, bytes.length * 2));
            }
        }
    }

    /** Goes through frames in order: {@code while (reader.next()) ...}. */
    public static final class Reader {
        private final byte[] bytes;
        private int position;
        private int leftInRun;
        private int stream;
        private int sequence;
        private int level;
        private int offset;
        private int length;

        public Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        /** Steps to the next frame; throws {@link IllegalArgumentException} where the bytes end inside one. */
        public boolean next() {
            if (leftInRun == 0) {
                if (position == bytes.length) {
                    return false;
                }
                need(RUN_HEADER_BYTES);
                stream = get16(position);
                sequence = get16(position + 2) << 16 | get16(position + 4);
                leftInRun = bytes[position + 6] & 0xFF;
                position += RUN_HEADER_BYTES;
                if (leftInRun == 0) {
                    throw new IllegalArgumentException("a run without frames at " + (position - RUN_HEADER_BYTES));
                }
            } else {
                sequence++;
            }
            leftInRun--;
            need(FRAME_HEADER_BYTES);
            length = get16(position);
            level = bytes[position + 2];
            offset = position + FRAME_HEADER_BYTES;
            need(FRAME_HEADER_BYTES + length);
            position = offset + length;
            return true;
        }

        public int stream() {
            return stream;
        }

        /** Sequence number of this frame, unsigned in an int. */
        public int sequence() {
            return sequence;
        }

        public int level() {
            return level;
        }

        public byte[] bytes() {
            return bytes;
        }

        /** Where this frame's payload begins in {@link #bytes()}. */
        public int offset() {
            return offset;
        }

        public int length() {
            return length;
        }

        /** A copy of this frame's payload. */
        public byte[] payload() {
            return Arrays.copyOfRange(bytes, offset, offset + length);
        }

        private void need(int count) {
            if (position + count > bytes.length) {
                throw new IllegalArgumentException("the frames end inside one, at " + bytes.length);
            }
        }

        private int get16(int at) {
            return (bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF;
        }
    }

    /** Goes through runs and looks at no frame, without copying: {@code while (runs.next()) ...}. */
    public static final class Runs {
        private final ByteString bytes;
        private int position;
        private int stream;
        private int frames;

        public Runs(ByteString bytes) {
            this.bytes = bytes;
        }

        /** Steps to the next run; throws {@link IndexOutOfBoundsException} where the bytes end inside one. */
        public boolean next() {
            if (position >= bytes.size()) {
                return false;
            }
            stream = get16(position);
            frames = bytes.byteAt(position + RUN_HEADER_BYTES - 1) & 0xFF;
            position += RUN_HEADER_BYTES;
            for (int i = 0; i < frames; i++) {
                position += FRAME_HEADER_BYTES + get16(position);
            }
            return true;
        }

        public int stream() {
            return stream;
        }

        /** How many frames the run has. */
        public int frames() {
            return frames;
        }

        private int get16(int at) {
            return (bytes.byteAt(at) & 0xFF) << 8 | bytes.byteAt(at + 1) & 0xFF;
        }
    }
}
