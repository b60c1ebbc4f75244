package io.parley.client;

import java.util.concurrent.CompletableFuture;

/** Why one of the client's futures failed. */
public final class VoiceException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient VoiceError error;

    VoiceException(VoiceError error) {
        super(error.toString());
        this.error = error;
    }

    /** What the server, or this client, says of it. */
    public VoiceError error() {
        return error;
    }

    static <T> CompletableFuture<T> failed(VoiceError error) {
        return CompletableFuture.failedFuture(new VoiceException(error));
    }
}
