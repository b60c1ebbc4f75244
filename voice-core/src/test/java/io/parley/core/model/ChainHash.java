package io.parley.core.model;

import io.parley.core.model.ModelOutput.LiveFrame;
import io.parley.core.model.ModelOutput.LoggedFrame;
import io.parley.core.wire.Event;
import io.parley.core.wire.StreamOrigin;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The hash chain as docs/formats.md writes it: all bytes joined, then SHA-256. */
final class ChainHash {

    static final byte[] ZERO = new byte[32];
    static final int NEVER_PLAYED = 65_535;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final DataOutputStream out = new DataOutputStream(bytes);

    static byte[] digest(int stream, int sequence, int level, byte[] payload) {
        return new ChainHash().u16(stream).u32(sequence).u8(level).raw(payload).sha256();
    }

    static byte[] tick(byte[] previous, String room, ModelOutput tick) {
        return new ChainHash()
                .raw(previous)
                .text(room)
                .i64(tick.epoch)
                .i64(tick.tick)
                .raw(live(tick))
                .raw(logOnly(tick))
                .sha256();
    }

    static byte[] live(ModelOutput tick) {
        ChainHash hash = new ChainHash();
        for (Event event : tick.events) {
            hash.u8(event.getKindValue()).text(event.getParticipant()).text(event.getName());
            hash.u32(event.getStream()).u32(event.getCodec()).u32(event.getFrameDurationUs());
            hash.u32(event.getFirstSequence()).u32(event.getCount()).text(event.getText());
            hash.i64(event.getTombstoneEpoch()).i64(event.getTombstoneTick());
            hash.raw(
                    event.getTombstoneHash().isEmpty()
                            ? ZERO
                            : event.getTombstoneHash().toByteArray());
        }
        for (LiveFrame frame : tick.frames) {
            hash.raw(digest(frame.stream, frame.sequence, frame.level, frame.payload));
        }
        return hash.sha256();
    }

    static byte[] logOnly(ModelOutput tick) {
        if (tick.origins.isEmpty() && tick.logOnly.isEmpty()) {
            return ZERO;
        }
        ChainHash hash = new ChainHash();
        for (StreamOrigin origin : tick.origins) {
            hash.u32(origin.getStream()).text(origin.getConnection()).u32(origin.getNumbering());
        }
        for (LoggedFrame frame : tick.logOnly) {
            hash.text(frame.participant)
                    .text(frame.connection)
                    .u32(frame.numbering)
                    .u32(frame.sequence);
            hash.u8(frame.disposition.getNumber()).u8(frame.level).raw(frame.digest);
        }
        return hash.sha256();
    }

    private ChainHash u8(int value) {
        return raw(new byte[] {(byte) value});
    }

    private ChainHash u16(int value) {
        return u8(value >>> 8).u8(value);
    }

    private ChainHash u32(int value) {
        return u16(value >>> 16).u16(value);
    }

    private ChainHash i64(long value) {
        return u32((int) (value >>> 32)).u32((int) value);
    }

    private ChainHash text(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return u16(utf8.length).raw(utf8);
    }

    private ChainHash raw(byte[] value) {
        try {
            out.write(value);
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes.toByteArray());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
