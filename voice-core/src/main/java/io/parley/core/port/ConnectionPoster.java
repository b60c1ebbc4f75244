package io.parley.core.port;

import java.util.concurrent.CompletionStage;

/** Posts to single connections through the gateway's management API. Thread safe; never blocks. */
public interface ConnectionPoster {

    /** Sends one text message; the bytes are UTF-8 and are not copied. */
    CompletionStage<Outcome> post(String connection, byte[] text);

    /** Closes the connection. */
    CompletionStage<Outcome> close(String connection);

    /** What the gateway answered. */
    enum Outcome {
        POSTED,
        /** HTTP 410: there is no such connection any more. */
        GONE,
        /** HTTP 413: over 128 KB. */
        TOO_LARGE,
        /** HTTP 429: may be tried again. */
        THROTTLED,
        /** HTTP 5xx, a timeout or no answer: may be tried again. */
        FAILED;

        public boolean mayBeTriedAgain() {
            return this == THROTTLED || this == FAILED;
        }
    }
}
