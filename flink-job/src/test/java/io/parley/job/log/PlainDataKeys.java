package io.parley.job.log;

import io.parley.core.port.DataKeys;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One data key, "wrapped" by inverting its bits; can be away, or answer only when told to. */
public final class PlainDataKeys implements DataKeys {

    private static final byte[] KEY = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

    private volatile boolean away;
    private volatile CompletableFuture<DataKey> held;

    @Override
    public CompletionStage<DataKey> current() {
        if (held != null) {
            return held;
        }
        return away
                ? CompletableFuture.failedFuture(new IllegalStateException("no key service"))
                : CompletableFuture.completedFuture(new DataKey(KEY, invert(KEY)));
    }

    @Override
    public CompletionStage<byte[]> unwrap(byte[] wrapped) {
        return CompletableFuture.completedFuture(invert(wrapped));
    }

    void hold() {
        held = new CompletableFuture<>();
    }

    void release() {
        held.complete(new DataKey(KEY, invert(KEY)));
    }

    void setAway(boolean value) {
        away = value;
    }

    public static byte[] invert(byte[] bytes) {
        byte[] inverted = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            inverted[i] = (byte) ~bytes[i];
        }
        return inverted;
    }
}
