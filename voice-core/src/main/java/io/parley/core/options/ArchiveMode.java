package io.parley.core.options;

/** What is kept of the audio in S3. */
public enum ArchiveMode {
    /** An object for each chunk, written by the ingest Lambda. */
    CHUNK,
    /** The tick log only, written by the job. */
    SEGMENT,
    /** Both. */
    BOTH,
    /** Nothing. */
    OFF;

    public boolean keepsChunks() {
        return this == CHUNK || this == BOTH;
    }

    public boolean keepsSegments() {
        return this == SEGMENT || this == BOTH;
    }
}
