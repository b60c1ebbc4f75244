package io.parley.local.gateway;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** Whether bytes may travel in a text frame (RFC 6455, 8.1). */
final class Utf8 {

    private Utf8() {}

    static boolean isValid(byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            if (bytes[i] < 0) {
                return isValidBeyondAscii(bytes, i);
            }
        }
        return true;
    }

    private static boolean isValidBeyondAscii(byte[] bytes, int from) {
        try {
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, bytes.length - from));
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }
}
