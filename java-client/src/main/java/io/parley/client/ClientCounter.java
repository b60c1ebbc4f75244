package io.parley.client;

/** What a {@link VoiceClient} counts since it was made ({@link VoiceClient#count}). */
public enum ClientCounter {
    /** Messages received, of any kind. */
    MESSAGES,
    /** Messages or ticks that could not be understood. */
    MALFORMED,
    /** Ticks played. */
    TICKS,
    /** Ticks that never came: jumps in the numbering. */
    MISSED_TICKS,
    /** Ticks that were not played: seen before, of an epoch that is over, or of a room that is not joined. */
    IGNORED_TICKS,
    /** Ticks whose hash does not follow from the one before. */
    CHAIN_BREAKS,
    /** Frames handed to the listener. */
    FRAMES,
    /** Frames not handed over because they were before. */
    DUPLICATE_FRAMES,
    /** Frames not handed over because they are the client's own. */
    OWN_FRAMES,
    /** Frames and texts not handed over because they are of someone who is blocked. */
    BLOCKED,
    /** Frames of a stream that was never announced, as happens after a missed tick. */
    UNKNOWN_STREAM_FRAMES,
    /** Frames that the server declared lost. */
    LOST_FRAMES,
    /** Messages sent. */
    SENT,
    /** Messages refused because too many were waiting. */
    REFUSED_SENDS,
    /** Connections opened. */
    CONNECTIONS,
    /** Connections that took the place of the one before without a gap. */
    REPLACEMENTS,
    /** Upgrades that the server refused with 401 or 403. */
    REFUSED_UPGRADES,
    /** Exceptions that came out of the application's listener. */
    LISTENER_FAILURES
}
