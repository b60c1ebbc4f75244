package io.parley.core.envelope;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** The part of a segment's key that tells its content: the first 16 bytes of SHA-256 of the plaintext, in hex. */
public final class ContentHash {

    private static final int BYTES = 16;

    private ContentHash() {}

    public static String of(byte[] plaintext) {
        byte[] digest;
        try {
            digest = MessageDigest.getInstance("SHA-256").digest(plaintext);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
        StringBuilder hex = new StringBuilder(2 * BYTES);
        for (int i = 0; i < BYTES; i++) {
            hex.append(Character.forDigit(digest[i] >> 4 & 0xF, 16)).append(Character.forDigit(digest[i] & 0xF, 16));
        }
        return hex.toString();
    }
}
