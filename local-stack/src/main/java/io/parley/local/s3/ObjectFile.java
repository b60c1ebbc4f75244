package io.parley.local.s3;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;

/**
 * An object as one file: four bytes {@code PS31}, the length of the header (u32), the header as JSON, the bytes.
 *
 * <p>Header and bytes share a file so that one rename publishes both: whoever has it open reads one version of the
 * object, whatever is put or deleted meanwhile. Files are named by the SHA-256 of the key: no key is too long for a
 * file system, clashes with another by case or as its folder, or leads out of the bucket's folder.
 */
final class ObjectFile implements Closeable {

    private static final int MAGIC = 'P' << 24 | 'S' << 16 | '3' << 8 | '1';
    private static final int PREAMBLE = 8;
    private static final int MAX_HEADER = 1 << 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final FileChannel channel;
    private final ObjectHeader header;
    private final long start;

    private ObjectFile(FileChannel channel) throws IOException {
        this.channel = channel;
        ByteBuffer preamble = fill(ByteBuffer.allocate(PREAMBLE), 0);
        int magic = preamble.getInt();
        int length = preamble.getInt();
        if (magic != MAGIC || length < 0 || length > MAX_HEADER) {
            throw new IOException("not an object file");
        }
        header = JSON.readValue(fill(ByteBuffer.allocate(length), PREAMBLE).array(), ObjectHeader.class);
        start = PREAMBLE + length;
        if (channel.size() != start + header.size()) {
            throw new IOException("an object file of " + channel.size() + " bytes instead of " + (start + header.size())
                    + "; delete it");
        }
    }

    /** The file's place below a folder: two digits of the digest, then the rest. */
    static Path path(Path folder, String key) {
        String digest =
                HexFormat.of().formatHex(ChecksumAlgorithm.digest("SHA-256", key.getBytes(StandardCharsets.UTF_8)));
        return folder.resolve(digest.substring(0, 2)).resolve(digest.substring(2));
    }

    static void write(Path file, ObjectHeader header, byte[] bytes) throws IOException {
        byte[] json = JSON.writeValueAsBytes(header);
        ByteBuffer preamble = ByteBuffer.allocate(PREAMBLE + json.length)
                .putInt(MAGIC)
                .putInt(json.length)
                .put(json)
                .flip();
        ByteBuffer[] parts = {preamble, ByteBuffer.wrap(bytes)};
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            while (parts[0].hasRemaining() || parts[1].hasRemaining()) {
                channel.write(parts);
            }
        }
    }

    static ObjectFile open(Path file) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        try {
            return new ObjectFile(channel);
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    ObjectHeader header() {
        return header;
    }

    byte[] read(long offset, int length) throws IOException {
        return fill(ByteBuffer.allocate(length), start + offset).array();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private ByteBuffer fill(ByteBuffer target, long position) throws IOException {
        while (target.hasRemaining()) {
            if (channel.read(target, position + target.position()) < 0) {
                throw new EOFException("an object file ends early");
            }
        }
        return target.flip();
    }
}
