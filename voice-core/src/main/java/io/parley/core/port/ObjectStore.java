package io.parley.core.port;

import java.util.List;
import java.util.concurrent.CompletionStage;

/** Where chunks and tick-log segments are kept, by key. Bytes are sealed before they come here. Thread safe. */
public interface ObjectStore {

    CompletionStage<Void> put(String key, byte[] bytes);

    /** Puts the object unless the key is taken; completes with whether it was put. */
    CompletionStage<Boolean> putIfAbsent(String key, byte[] bytes);

    /** The object's bytes; fails with {@link java.util.NoSuchElementException} where there is none. */
    CompletionStage<byte[]> get(String key);

    /** All keys with that prefix, in UTF-8 order. */
    CompletionStage<List<String>> list(String prefix);
}
