package io.parley.core.error;

/** What a client does about an error. */
public enum Retry {
    /** The message is wrong and will stay wrong: mend it first. */
    FIX,
    /** Send it again after the time that the error names. */
    LATER,
    /** Join the room, then send it again. */
    JOIN,
    /** Open a new connection. */
    RECONNECT,
    /** Fetch a fresh token, then connect. */
    REFRESH,
    /** Do not return. */
    STOP
}
