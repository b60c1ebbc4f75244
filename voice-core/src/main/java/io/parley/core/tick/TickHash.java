package io.parley.core.tick;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnsafeByteOperations;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.Tick;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;

/**
 * The hash chain over a room's ticks.
 *
 * <pre>
 *  hash     = H(previous ‖ room ‖ epoch ‖ tick ‖ H(live) ‖ H(log-only))
 *  live     = each event, then the digest of each frame, in the tick's order
 *  log-only = each origin, then each frame's fields and digest; 32 zero bytes in place of H where there is nothing
 *  digest   = H(u16 stream ‖ u32 sequence ‖ u8 level ‖ payload)
 * </pre>
 *
 * H is SHA-256. Numbers are big endian, a text is its UTF-8 bytes after their u16 length. Since the chain is over
 * digests, a frame's payload can be erased later and the chain still be checked. A client has all that it needs in
 * the tick message. Not thread safe: it keeps its digest and a buffer.
 */
public final class TickHash {

    public static final int BYTES = 32;

    private static final int FRAME_HEADER_BYTES = 7;

    /** Stands for the index of the speaker stream in the digest of a frame that was not played; never an index. */
    public static final int NO_STREAM = 0xFFFF;

    /** Stands before the first tick of an epoch, and for an empty log-only part. */
    public static final ByteString ZERO = ByteString.copyFrom(new byte[BYTES]);

    private final MessageDigest sha = sha256();
    /** What the next hash is of: it is gathered here, since a digest that is fed in small pieces is slow. */
    private byte[] message = new byte[1024];

    private int size;

    /** The hash of a tick after {@code previous}. */
    public ByteString hash(
            ByteString previous, String room, long epoch, long tick, ByteString live, ByteString logOnly) {
        size = 0;
        put(previous);
        putText(room);
        put64(epoch);
        put64(tick);
        put(live);
        put(logOnly.isEmpty() ? ZERO : logOnly);
        return hashMessage();
    }

    /** The hash of a tick as its own fields tell it; does not look at {@link Tick#getHash()}. */
    public ByteString hash(Tick tick) {
        ByteString logOnly = tick.hasLogOnly() ? logOnly(tick.getLogOnly()) : tick.getLogOnlyHash();
        return hash(tick.getPreviousHash(), tick.getRoom(), tick.getEpoch(), tick.getTick(), live(tick), logOnly);
    }

    /** H(live) of a tick whose frames, or their digests, are in it. Throws {@link IllegalArgumentException}. */
    public ByteString live(Tick tick) {
        gather(tick.getEventsList(), tick.getFrames().toByteArray());
        byte[] digests = tick.getDigests().toByteArray();
        LiveFrames.Reader reader = new LiveFrames.Reader(digests);
        while (reader.next()) {
            if (reader.length() != BYTES) {
                throw new IllegalArgumentException("a digest of " + reader.length() + " bytes");
            }
            put(tick.getDigests().substring(reader.offset(), reader.offset() + BYTES));
        }
        return hashMessage();
    }

    /** H(live). */
    public ByteString live(List<Event> events, byte[] frames) {
        gather(events, frames);
        return hashMessage();
    }

    private void gather(List<Event> events, byte[] frames) {
        size = 0;
        for (int i = 0; i < events.size(); i++) {
            put(events.get(i));
        }
        LiveFrames.Reader reader = new LiveFrames.Reader(frames);
        while (reader.next()) {
            hashFrame(reader.stream(), reader.sequence(), reader.level(), frames, reader.offset(), reader.length());
        }
    }

    /** H(log-only). */
    public ByteString logOnly(LogOnly logOnly) {
        size = 0;
        for (StreamOrigin origin : logOnly.getOriginsList()) {
            put32(origin.getStream());
            putText(origin.getConnection());
            put32(origin.getNumbering());
        }
        for (LogFrame frame : logOnly.getFramesList()) {
            putText(frame.getParticipant());
            putText(frame.getConnection());
            put32(frame.getNumbering());
            put32(frame.getSequence());
            put8(frame.getDispositionValue());
            put8(frame.getLevel());
            put(frame.getDigest());
        }
        return hashMessage();
    }

    /** The digest of one frame. One that was not played has {@link #NO_STREAM}. */
    public byte[] frameDigest(int stream, int sequence, int level, byte[] bytes, int offset, int length) {
        size = 0;
        hashFrame(stream, sequence, level, bytes, offset, length);
        return Arrays.copyOf(message, BYTES);
    }

    /** Puts the digest of a frame behind the message, where the frame is put together for it before. */
    private void hashFrame(int stream, int sequence, int level, byte[] bytes, int offset, int length) {
        int start = size;
        ensure(Math.max(FRAME_HEADER_BYTES + length, BYTES));
        put8(stream >>> 8);
        put8(stream);
        put32(sequence);
        put8(level);
        System.arraycopy(bytes, offset, message, size, length);
        sha.update(message, start, FRAME_HEADER_BYTES + length);
        try {
            sha.digest(message, start, BYTES);
        } catch (DigestException e) {
            throw new IllegalStateException("SHA-256 has " + BYTES + " bytes", e);
        }
        size = start + BYTES;
    }

    private ByteString hashMessage() {
        sha.update(message, 0, size);
        return UnsafeByteOperations.unsafeWrap(sha.digest());
    }

    private void put(Event event) {
        put8(event.getKindValue());
        putText(event.getParticipant());
        putText(event.getName());
        put32(event.getStream());
        put32(event.getCodec());
        put32(event.getFrameDurationUs());
        put32(event.getFirstSequence());
        put32(event.getCount());
        putText(event.getText());
        put64(event.getTombstoneEpoch());
        put64(event.getTombstoneTick());
        put(event.getTombstoneHash().isEmpty() ? ZERO : event.getTombstoneHash());
    }

    private void putText(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        ensure(2 + bytes.length);
        put8(bytes.length >>> 8);
        put8(bytes.length);
        System.arraycopy(bytes, 0, message, size, bytes.length);
        size += bytes.length;
    }

    private void put(ByteString bytes) {
        ensure(bytes.size());
        bytes.copyTo(message, size);
        size += bytes.size();
    }

    private void put64(long value) {
        put32((int) (value >>> 32));
        put32((int) value);
    }

    private void put32(int value) {
        ensure(4);
        put8(value >>> 24);
        put8(value >>> 16);
        put8(value >>> 8);
        put8(value);
    }

    private void put8(int value) {
        ensure(1);
        message[size++] = (byte) value;
    }

    private void ensure(int more) {
        if (size + more > message.length) {
            message = Arrays.copyOf(message, Math.max(size + more, message.length * 2));
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
