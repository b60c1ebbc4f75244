package io.parley.job.log;

import java.util.Objects;

/** A segment of the tick log as it will lie in the store: its key and its sealed bytes, which are not copied. */
final class StagedSegment {

    private final String key;
    private final byte[] sealed;

    StagedSegment(String key, byte[] sealed) {
        this.key = Objects.requireNonNull(key);
        this.sealed = Objects.requireNonNull(sealed);
    }

    String key() {
        return key;
    }

    byte[] sealed() {
        return sealed;
    }
}
