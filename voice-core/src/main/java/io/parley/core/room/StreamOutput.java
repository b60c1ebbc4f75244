package io.parley.core.room;

import io.parley.core.chunk.Chunk;
import io.parley.core.wire.LogFrame.Disposition;

/** Where a speaker stream's frames go: the room. */
interface StreamOutput {

    /** These are next in order. */
    void release(Run run);

    /** Nothing will be played for these places. */
    void lost(SpeakerStream stream, long place, long count);

    /** This frame is not played: it only goes to the log. */
    void logOnly(SpeakerStream stream, Chunk chunk, int frame, Disposition disposition);
}
