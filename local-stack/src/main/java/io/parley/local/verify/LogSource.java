package io.parley.local.verify;

import java.io.IOException;
import java.util.concurrent.CompletionStage;

/** Where a tick log is read from. Used by one thread; what it gives may be completed by others. */
interface LogSource {

    /** Lists what there is; blocks. */
    void list(LogListing listing) throws IOException;

    /**
     * The object's plaintext. Fails with {@link SourceUnavailableException} where nothing can be said of the object,
     * since its service is away; with anything else where the object cannot be opened.
     */
    CompletionStage<byte[]> open(LogObject object);

    /** How many objects may be on their way at a time. */
    int parallelism();
}
