package io.parley.local.verify;

/** A tick log cannot be read now, which says nothing of it. The message has cause and cure. */
public final class SourceUnavailableException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    SourceUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
