package io.parley.core.envelope;

import io.parley.core.port.DataKeys.DataKey;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.function.Function;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals objects for the audio bucket: AES-256-GCM under a key of the object's own.
 *
 * <p>The object's key is HKDF-SHA256 (RFC 5869) of the data key over purpose, room and object key, so that one data
 * key serves many objects and no object can be passed off as another. The data key travels with the object, wrapped
 * by the key management service. The header is authenticated, together with the object key.
 *
 * <pre>
 *  0  4    "PENV"
 *  4  u8   version, 1
 *  5  u8   purpose ({@link Purpose})
 *  6  u16  length w of the wrapped data key
 *  8  w    wrapped data key
 *  .  u8   length r of the room id
 *  .  r    room id, ASCII
 *  .  12   random IV
 *  .  ..   ciphertext and 16 bytes of tag
 * </pre>
 *
 * Stateless and thread safe.
 */
public final class Envelope {

    /** What an object is for; part of its key, so that a chunk cannot pass for a segment. */
    public enum Purpose {
        CHUNK,
        SEGMENT
    }

    private static final byte[] MAGIC = {'P', 'E', 'N', 'V'};
    private static final int VERSION = 1;
    private static final int IV_BYTES = 12;
    private static final int TAG_BITS = 128;

    private Envelope() {}

    public static byte[] seal(
            Purpose purpose, String room, String objectKey, DataKey dataKey, SecureRandom random, byte[] plaintext) {
        byte[] roomBytes = room.getBytes(StandardCharsets.US_ASCII);
        byte[] iv = new byte[IV_BYTES];
        random.nextBytes(iv);
        byte[] wrapped = dataKey.wrapped();
        ByteBuffer header = ByteBuffer.allocate(9 + wrapped.length + roomBytes.length + IV_BYTES)
                .put(MAGIC)
                .put((byte) VERSION)
                .put((byte) purpose.ordinal())
                .putShort((short) wrapped.length)
                .put(wrapped)
                .put((byte) roomBytes.length)
                .put(roomBytes)
                .put(iv);
        try {
            Cipher cipher =
                    cipher(Cipher.ENCRYPT_MODE, dataKey.plaintext(), purpose, roomBytes, objectKey, iv, header.array());
            byte[] sealed = Arrays.copyOf(header.array(), header.capacity() + cipher.getOutputSize(plaintext.length));
            cipher.doFinal(plaintext, 0, plaintext.length, sealed, header.capacity());
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this Java has no AES-GCM or HMAC-SHA256", e);
        }
    }

    /**
     * Opens what {@link #seal} made under the same object key.
     *
     * @param unwrap gives the plaintext of a wrapped data key
     * @throws EnvelopeException if it is no envelope, was altered, or lies under another key
     */
    public static byte[] open(String objectKey, byte[] sealed, Function<byte[], byte[]> unwrap) {
        Header header = Header.read(sealed);
        byte[] dataKey = unwrap.apply(header.wrappedKey);
        try {
            Cipher cipher = cipher(
                    Cipher.DECRYPT_MODE,
                    dataKey,
                    header.purpose,
                    header.room,
                    objectKey,
                    header.iv,
                    Arrays.copyOf(sealed, header.length));
            return cipher.doFinal(sealed, header.length, sealed.length - header.length);
        } catch (GeneralSecurityException e) {
            throw new EnvelopeException(objectKey + " was altered or belongs under another object key", e);
        }
    }

    /** The wrapped data key in the header. */
    public static byte[] wrappedKey(byte[] sealed) {
        return Header.read(sealed).wrappedKey;
    }

    private static Cipher cipher(
            int mode, byte[] dataKey, Purpose purpose, byte[] room, String objectKey, byte[] iv, byte[] header)
            throws GeneralSecurityException {
        byte[] objectKeyBytes = objectKey.getBytes(StandardCharsets.UTF_8);
        byte[] info = ByteBuffer.allocate(8 + room.length + objectKeyBytes.length)
                .put("parley".getBytes(StandardCharsets.US_ASCII))
                .put((byte) purpose.ordinal())
                .put((byte) room.length)
                .put(room)
                .put(objectKeyBytes)
                .array();
        Cipher cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(hkdf(dataKey, info), "AES"), new GCMParameterSpec(TAG_BITS, iv));
        cipher.updateAAD(objectKeyBytes);
        cipher.updateAAD(header);
        return cipher;
    }

    /** HKDF-SHA256 with the default salt and one block of output (RFC 5869 §2.2 and §2.3): 32 bytes. */
    static byte[] hkdf(byte[] inputKey, byte[] info) throws GeneralSecurityException {
        byte[] pseudoRandomKey = hmac(new byte[32], inputKey);
        byte[] block = Arrays.copyOf(info, info.length + 1);
        block[info.length] = 1;
        return hmac(pseudoRandomKey, block);
    }

    private static byte[] hmac(byte[] key, byte[] message) throws GeneralSecurityException {
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(key, "HmacSHA256"));
        return mac.doFinal(message);
    }

    private static final class Header {
        private final Purpose purpose;
        private final byte[] wrappedKey;
        private final byte[] room;
        private final byte[] iv;
        private final int length;

        private Header(Purpose purpose, byte[] wrappedKey, byte[] room, byte[] iv, int length) {
            this.purpose = purpose;
            this.wrappedKey = wrappedKey;
            this.room = room;
            this.iv = iv;
            this.length = length;
        }

        static Header read(byte[] sealed) {
            if (sealed.length < 9 + IV_BYTES + TAG_BITS / 8 || !Arrays.equals(Arrays.copyOf(sealed, 4), MAGIC)) {
                throw new EnvelopeException("not an envelope: it does not begin with PENV", null);
            }
            if (sealed[4] != VERSION) {
                throw new EnvelopeException("envelope of version " + sealed[4] + ", known is " + VERSION, null);
            }
            int purpose = sealed[5];
            int wrappedLength = (sealed[6] & 0xFF) << 8 | sealed[7] & 0xFF;
            int roomAt = 8 + wrappedLength + 1;
            if (purpose < 0 || purpose >= Purpose.values().length || roomAt > sealed.length) {
                throw new EnvelopeException("the envelope's header is broken", null);
            }
            int ivAt = roomAt + (sealed[roomAt - 1] & 0xFF);
            int length = ivAt + IV_BYTES;
            if (length + TAG_BITS / 8 > sealed.length) {
                throw new EnvelopeException("the envelope is cut off", null);
            }
            return new Header(
                    Purpose.values()[purpose],
                    Arrays.copyOfRange(sealed, 8, 8 + wrappedLength),
                    Arrays.copyOfRange(sealed, roomAt, ivAt),
                    Arrays.copyOfRange(sealed, ivAt, length),
                    length);
        }
    }
}
