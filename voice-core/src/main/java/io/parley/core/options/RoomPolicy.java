package io.parley.core.options;

/** Who may join a room. */
public enum RoomPolicy {
    /** Whoever has a room ticket of the game's backend. */
    TICKET,
    /** Any signed-in user may join and speak; nobody moderates. */
    OPEN
}
