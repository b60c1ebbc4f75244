package io.parley.core.tick;

import com.google.protobuf.ByteString;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.StreamOrigin;
import io.parley.core.wire.Tick;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
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
 * the tick message. Not thread safe: it keeps its digest objects and a buffer.
 */
public final class TickHash {

    public static final int BYTES = 32;

    /** Stands for the index of the speaker stream in the digest of a frame that was not played; never an index. */
    public static final int NO_STREAM = 0xFFFF;

    /** Stands before the first tick of an epoch, and for an empty log-only part. */
    public static final ByteString ZERO = ByteString.copyFrom(new byte[BYTES]);

    private final MessageDigest outer = sha256();
    private final MessageDigest inner = sha256();
    private final ByteBuffer number = ByteBuffer.allocate(8);
    private final byte[] frameHeader = new byte[7];
    private final byte[] frameDigest = new byte[BYTES];

    /** The hash of a tick after {@code previous}. */
    public ByteString hash(
            ByteString previous, String room, long epoch, long tick, ByteString live, ByteString logOnly) {
        outer.reset();
        update(outer, previous);
        text(outer, room);
        i64(outer, epoch);
        i64(outer, tick);
        update(outer, live);
        update(outer, logOnly.isEmpty() ? ZERO : logOnly);
        return ByteString.copyFrom(outer.digest());
    }

    /** The hash of a tick as its own fields tell it; does not look at {@link Tick#getHash()}. */
    public ByteString hash(Tick tick) {
        ByteString logOnly = tick.hasLogOnly() ? logOnly(tick.getLogOnly()) : tick.getLogOnlyHash();
        return hash(
                tick.getPreviousHash(),
                tick.getRoom(),
                tick.getEpoch(),
                tick.getTick(),
                live(tick.getEventsList(), tick.getFrames().toByteArray()),
                logOnly);
    }

    /** H(live). */
    public ByteString live(List<Event> events, byte[] frames) {
        outer.reset();
        for (int i = 0; i < events.size(); i++) {
            event(events.get(i));
        }
        LiveFrames.Reader reader = new LiveFrames.Reader(frames);
        while (reader.next()) {
            hashFrame(reader.stream(), reader.sequence(), reader.level(), frames, reader.offset(), reader.length());
            try {
                inner.digest(frameDigest, 0, BYTES);
            } catch (DigestException e) {
                throw new IllegalStateException("SHA-256 has " + BYTES + " bytes", e);
            }
            outer.update(frameDigest);
        }
        return ByteString.copyFrom(outer.digest());
    }

    /** H(log-only). */
    public ByteString logOnly(LogOnly logOnly) {
        outer.reset();
        for (StreamOrigin origin : logOnly.getOriginsList()) {
            i32(outer, origin.getStream());
            text(outer, origin.getConnection());
            i32(outer, origin.getNumbering());
        }
        for (LogFrame frame : logOnly.getFramesList()) {
            text(outer, frame.getParticipant());
            text(outer, frame.getConnection());
            i32(outer, frame.getNumbering());
            i32(outer, frame.getSequence());
            outer.update((byte) frame.getDispositionValue());
            outer.update((byte) frame.getLevel());
            update(outer, frame.getDigest());
        }
        return ByteString.copyFrom(outer.digest());
    }

    /** The digest of one frame. One that was not played has {@link #NO_STREAM}. */
    public byte[] frameDigest(int stream, int sequence, int level, byte[] bytes, int offset, int length) {
        hashFrame(stream, sequence, level, bytes, offset, length);
        return inner.digest();
    }

    private void hashFrame(int stream, int sequence, int level, byte[] bytes, int offset, int length) {
        frameHeader[0] = (byte) (stream >>> 8);
        frameHeader[1] = (byte) stream;
        frameHeader[2] = (byte) (sequence >>> 24);
        frameHeader[3] = (byte) (sequence >>> 16);
        frameHeader[4] = (byte) (sequence >>> 8);
        frameHeader[5] = (byte) sequence;
        frameHeader[6] = (byte) level;
        inner.reset();
        inner.update(frameHeader);
        inner.update(bytes, offset, length);
    }

    private void event(Event event) {
        outer.update((byte) event.getKindValue());
        text(outer, event.getParticipant());
        text(outer, event.getName());
        i32(outer, event.getStream());
        i32(outer, event.getCodec());
        i32(outer, event.getFrameDurationUs());
        i32(outer, event.getFirstSequence());
        i32(outer, event.getCount());
        text(outer, event.getText());
        i64(outer, event.getTombstoneEpoch());
        i64(outer, event.getTombstoneTick());
        update(outer, event.getTombstoneHash().isEmpty() ? ZERO : event.getTombstoneHash());
    }

    private void text(MessageDigest digest, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        number.clear();
        number.putShort((short) bytes.length).flip();
        digest.update(number);
        digest.update(bytes);
    }

    private void i32(MessageDigest digest, int value) {
        number.clear();
        number.putInt(value).flip();
        digest.update(number);
    }

    private void i64(MessageDigest digest, long value) {
        number.clear();
        number.putLong(value).flip();
        digest.update(number);
    }

    private static void update(MessageDigest digest, ByteString bytes) {
        digest.update(bytes.asReadOnlyByteBuffer());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
