package io.parley.client;

import com.google.protobuf.ByteString;
import io.parley.core.wire.Event;
import java.util.List;

/** One tick as its message says it, before it is judged. Immutable. */
final class TickContent {

    final long epoch;
    final long tick;
    final ByteString hash;
    final ByteString logOnlyHash;
    final List<Event> events;
    final byte[] frames;
    final List<HopTimes> traces;
    /** Null where nobody was left out of a tick before. */
    final SkippedRun skipped;

    TickContent(
            long epoch,
            long tick,
            ByteString hash,
            ByteString logOnlyHash,
            List<Event> events,
            byte[] frames,
            List<HopTimes> traces,
            SkippedRun skipped) {
        this.epoch = epoch;
        this.tick = tick;
        this.hash = hash;
        this.logOnlyHash = logOnlyHash;
        this.events = events;
        this.frames = frames;
        this.traces = traces;
        this.skipped = skipped;
    }

    /** The ticks just before one, which its one speaker was not posted. */
    static final class SkippedRun {
        final String participant;
        final long from;
        /** Of the last of them. */
        final ByteString hash;

        SkippedRun(String participant, long from, ByteString hash) {
            this.participant = participant;
            this.from = from;
            this.hash = hash;
        }
    }
}
