package io.parley.core.room;

/** What a participant chooses for itself in a room. */
public enum OwnChoice {
    /** It does not speak. */
    MUTED,
    /** It gets no ticks. */
    DEAFENED
}
