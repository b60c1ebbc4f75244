package io.parley.client;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Where the user's token comes from. Asked at the first connect, and again when the server refuses the token. */
@FunctionalInterface
public interface TokenSource {

    /** A token that is as fresh as can be. Must not block. */
    CompletionStage<String> token();

    /** Always the same token. */
    static TokenSource fixed(String token) {
        return () -> CompletableFuture.completedFuture(token);
    }
}
