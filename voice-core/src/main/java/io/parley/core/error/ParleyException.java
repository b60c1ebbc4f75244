package io.parley.core.error;

/**
 * Bad input, by its place in the catalogue. The detail is for logs and tests; a client gets the code's own words.
 *
 * <p>Has no stack trace, since bad input is an everyday thing.
 */
public final class ParleyException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;

    public ParleyException(ErrorCode code, String detail) {
        super(code.code() + ": " + detail, null, false, false);
        this.code = code;
    }

    public ErrorCode code() {
        return code;
    }
}
