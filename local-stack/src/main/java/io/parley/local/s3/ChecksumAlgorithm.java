package io.parley.local.s3;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/** The checksums of whole objects that S3 takes ("Checking object integrity in Amazon S3"). */
enum ChecksumAlgorithm {
    CRC32 {
        @Override
        byte[] raw(byte[] bytes) {
            return ByteBuffer.allocate(4)
                    .putInt((int) value(new CRC32(), bytes))
                    .array();
        }
    },
    CRC32C {
        @Override
        byte[] raw(byte[] bytes) {
            return ByteBuffer.allocate(4)
                    .putInt((int) value(new CRC32C(), bytes))
                    .array();
        }
    },
    CRC64NVME {
        @Override
        byte[] raw(byte[] bytes) {
            return ByteBuffer.allocate(8).putLong(value(new Crc64Nvme(), bytes)).array();
        }
    },
    SHA1 {
        @Override
        byte[] raw(byte[] bytes) {
            return digest("SHA-1", bytes);
        }
    },
    SHA256 {
        @Override
        byte[] raw(byte[] bytes) {
            return digest("SHA-256", bytes);
        }
    };

    private static final String HEADER_PREFIX = "x-amz-checksum-";

    abstract byte[] raw(byte[] bytes);

    /** The value as S3's headers carry it: base64 of the big-endian bytes. */
    String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(raw(bytes));
    }

    String header() {
        return HEADER_PREFIX + name().toLowerCase(Locale.ROOT);
    }

    /** The name of the element that carries it in XML answers. */
    String element() {
        return "Checksum" + name();
    }

    /** The algorithm of that name in any case, as {@code x-amz-checksum-algorithm} gives it; null when unknown. */
    static ChecksumAlgorithm named(String name) {
        return Arrays.stream(values())
                .filter(algorithm -> algorithm.name().equalsIgnoreCase(name))
                .findAny()
                .orElse(null);
    }

    static byte[] digest(String algorithm, byte[] bytes) {
        try {
            return MessageDigest.getInstance(algorithm).digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has " + algorithm, e);
        }
    }

    private static long value(Checksum checksum, byte[] bytes) {
        checksum.update(bytes, 0, bytes.length);
        return checksum.getValue();
    }
}
