package io.parley.ingest;

/** A token that does not let its bearer in. The message says why, for the log, and never repeats the token. */
final class Unauthorized extends RuntimeException {

    private static final long serialVersionUID = 1L;

    Unauthorized(String message) {
        super(message, null, false, false);
    }
}
