package io.parley.client;

/** A message, or a part of it, is not what the protocol says. */
final class MalformedMessageException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    MalformedMessageException(String what) {
        super(what, null, false, false);
    }
}
