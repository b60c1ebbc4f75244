package io.parley.local.kms;

import io.parley.local.edge.AwsException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Map;
import java.util.SortedMap;
import java.util.UUID;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What KMS gives out as ciphertext: version (1 byte, 1), key id (16), initialisation vector (12), AES-256-GCM
 * ciphertext with its tag of 16 bytes. AWS keeps its own layout to itself.
 *
 * <p>The version, the key id and the encryption context are authenticated: the context sorted by name, each name and
 * value as UTF-8 with its length before it, so that no two contexts authenticate the same bytes.
 */
record CiphertextBlob(UUID keyId, byte[] initialisationVector, byte[] ciphertext) {

    private static final byte VERSION = 1;
    private static final int IV_BYTES = 12;
    private static final int TAG_BYTES = 16;
    private static final int HEADER_BYTES = 1 + 16 + IV_BYTES;

    static CiphertextBlob encrypt(
            KmsKey key, byte[] plaintext, SortedMap<String, String> context, SecureRandom random) {
        byte[] initialisationVector = new byte[IV_BYTES];
        random.nextBytes(initialisationVector);
        UUID keyId = UUID.fromString(key.id());
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, initialisationVector, context);
            return new CiphertextBlob(keyId, initialisationVector, cipher.doFinal(plaintext));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    /** Throws InvalidCiphertextException for bytes that are no blob of this layout. */
    static CiphertextBlob parse(byte[] bytes) {
        if (bytes.length < HEADER_BYTES + TAG_BYTES || bytes[0] != VERSION) {
            throw invalid();
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 1, bytes.length - 1);
        UUID keyId = new UUID(buffer.getLong(), buffer.getLong());
        byte[] initialisationVector = new byte[IV_BYTES];
        buffer.get(initialisationVector);
        byte[] ciphertext = new byte[buffer.remaining()];
        buffer.get(ciphertext);
        return new CiphertextBlob(keyId, initialisationVector, ciphertext);
    }

    byte[] bytes() {
        return ByteBuffer.allocate(HEADER_BYTES + ciphertext.length)
                .put(VERSION)
                .putLong(keyId.getMostSignificantBits())
                .putLong(keyId.getLeastSignificantBits())
                .put(initialisationVector)
                .put(ciphertext)
                .array();
    }

    /** Throws InvalidCiphertextException where the bytes or the context are not those that were encrypted. */
    byte[] decrypt(KmsKey key, SortedMap<String, String> context) {
        try {
            return cipher(Cipher.DECRYPT_MODE, key, initialisationVector, context)
                    .doFinal(ciphertext);
        } catch (AEADBadTagException e) {
            throw invalid();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has AES-GCM", e);
        }
    }

    static AwsException invalid() {
        return new AwsException(400, "InvalidCiphertextException", null);
    }

    private static Cipher cipher(int mode, KmsKey key, byte[] initialisationVector, SortedMap<String, String> context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(
                mode,
                new SecretKeySpec(key.material(), "AES"),
                new GCMParameterSpec(TAG_BYTES * 8, initialisationVector));
        cipher.updateAAD(new byte[] {VERSION});
        cipher.updateAAD(key.id().getBytes(StandardCharsets.US_ASCII));
        for (Map.Entry<String, String> entry : context.entrySet()) {
            authenticate(cipher, entry.getKey());
            authenticate(cipher, entry.getValue());
        }
        return cipher;
    }

    private static void authenticate(Cipher cipher, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        cipher.updateAAD(ByteBuffer.allocate(4).putInt(bytes.length).array());
        cipher.updateAAD(bytes);
    }
}
