package io.parley.local.verify;

import io.parley.core.verify.SegmentKey;
import java.util.Comparator;
import java.util.Optional;

/**
 * An object of a tick log, before it is opened.
 *
 * @param name the key, or the file
 * @param key absent for a file whose path does not tell it
 */
record LogObject(String name, String room, long epoch, long firstTick, Optional<SegmentKey> key) {

    /** The order in which the segments of a room are checked. */
    static final Comparator<LogObject> IN_ROOM = Comparator.comparingLong(LogObject::epoch)
            .thenComparingLong(LogObject::firstTick)
            .thenComparing(LogObject::name);

    static LogObject of(SegmentKey key, String name) {
        return new LogObject(name, key.room(), key.epoch(), key.firstTick(), Optional.of(key));
    }
}
