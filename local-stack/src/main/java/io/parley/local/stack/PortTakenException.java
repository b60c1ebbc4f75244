package io.parley.local.stack;

/** A port that something else listens on; the message names it and the option that moves it. */
public final class PortTakenException extends RuntimeException {

    PortTakenException(String what, int port, String option) {
        super("port " + port + " for " + what + " is taken: stop what uses it, or choose another with " + option);
    }
}
