package io.parley.core.envelope;

/** An object that cannot be opened: no envelope, altered, or under another object key than it was sealed for. */
public final class EnvelopeException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    EnvelopeException(String message, Throwable cause) {
        super(message, cause);
    }
}
