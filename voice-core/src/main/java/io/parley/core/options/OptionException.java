package io.parley.core.options;

/** A setting that stops the start; the message names the key, the value and what it must be. */
public final class OptionException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public OptionException(String message) {
        super(message);
    }
}
