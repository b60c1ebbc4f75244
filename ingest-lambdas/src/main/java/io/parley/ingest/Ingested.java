package io.parley.ingest;

import io.parley.core.error.ErrorCode;

/**
 * What became of one message.
 *
 * @param refusal why it was not taken; null if it was
 * @param archived false where the chunk was to be kept and is not
 * @param reported false where an event was to be published and is not
 */
record Ingested(ErrorCode refusal, boolean archived, boolean reported) {

    static final Ingested TAKEN = new Ingested(null, true, true);

    static Ingested refused(ErrorCode code) {
        return new Ingested(code, true, true);
    }
}
