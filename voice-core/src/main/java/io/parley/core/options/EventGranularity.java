package io.parley.core.options;

/** For which chunks SendAudioEvents are published. FAILED always is. */
public enum EventGranularity {
    /** The first and the last chunk of a talk spurt. */
    UTTERANCE,
    /** Every chunk. */
    CHUNK,
    /** None. */
    NONE
}
