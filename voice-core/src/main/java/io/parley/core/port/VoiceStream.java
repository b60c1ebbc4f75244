package io.parley.core.port;

import io.parley.core.wire.StreamRecord;
import java.util.concurrent.CompletionStage;

/** The voice stream, as those see it who write to it. Thread safe. */
public interface VoiceStream {

    /**
     * Puts the record under its room as partition key. Completes when the stream has it for good; fails with a
     * {@link io.parley.core.error.ParleyException} of {@code UNAVAILABLE} when the stream is throttled or away.
     */
    CompletionStage<Void> put(StreamRecord record);
}
