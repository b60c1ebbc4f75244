package io.parley.core.port;

import java.util.concurrent.CompletionStage;

/** Data keys of the key management service. Thread safe. */
public interface DataKeys {

    /** The key to seal with now; made anew every few minutes, so that its calls do not grow with what is sealed. */
    CompletionStage<DataKey> current();

    /** The plaintext of a wrapped key; cached. Fails where the service refuses. */
    CompletionStage<byte[]> unwrap(byte[] wrapped);

    /** A data key: 32 bytes, and the same wrapped by the service's key. The arrays are not copied. */
    final class DataKey {
        private final byte[] plaintext;
        private final byte[] wrapped;

        public DataKey(byte[] plaintext, byte[] wrapped) {
            if (plaintext.length != 32) {
                throw new IllegalArgumentException("a data key has 32 bytes, this one " + plaintext.length);
            }
            this.plaintext = plaintext;
            this.wrapped = wrapped;
        }

        public byte[] plaintext() {
            return plaintext;
        }

        public byte[] wrapped() {
            return wrapped;
        }
    }
}
