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

    TickContent(
            long epoch,
            long tick,
            ByteString hash,
            ByteString logOnlyHash,
            List<Event> events,
            byte[] frames,
            List<HopTimes> traces) {
        this.epoch = epoch;
        this.tick = tick;
        this.hash = hash;
        this.logOnlyHash = logOnlyHash;
        this.events = events;
        this.frames = frames;
        this.traces = traces;
    }
}
