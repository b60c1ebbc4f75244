package io.parley.local.verify;

import io.parley.core.verify.Finding;
import io.parley.core.verify.Rule;
import io.parley.core.verify.SegmentKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a source has of a tick log: its segments, and what is wrong by the name alone. Not thread safe. */
final class LogListing {

    static final String CONFLICTS = "conflicts/";
    /** The room of a finding that no room can be told of. */
    static final String NO_ROOM = "";

    private final String onlyRoom;
    private final List<LogObject> segments = new ArrayList<>();
    private final List<Finding> findings = new ArrayList<>();
    private boolean recognized;

    /** @param onlyRoom the room to list, or null for all */
    LogListing(String onlyRoom) {
        this.onlyRoom = onlyRoom;
    }

    List<LogObject> segments() {
        return segments;
    }

    List<Finding> findings() {
        return findings;
    }

    /** Whether anything was listed that belongs to a tick log. */
    boolean isEmpty() {
        return !recognized;
    }

    /** Adds an object by its key, unless it is none of a tick log. */
    void addKey(String key) {
        Optional<SegmentKey> segment = SegmentKey.parse(key);
        if (segment.isPresent()) {
            add(LogObject.of(segment.get(), key));
        } else if (key.startsWith(SegmentKey.PREFIX)) {
            String[] parts = key.split("/", 3);
            problem(Rule.KEY, parts[1], key, key + " is no key of a segment (docs/formats.md)");
        } else if (key.startsWith(CONFLICTS)) {
            // conflicts/ticks/room/...
            String[] parts = key.split("/", 4);
            problem(
                    Rule.CONFLICT,
                    parts.length > 2 ? parts[2] : NO_ROOM,
                    key,
                    "the job put " + key + " aside, since other content lay under that key");
        }
    }

    void add(LogObject segment) {
        if (onlyRoom == null || onlyRoom.equals(segment.room())) {
            segments.add(segment);
            recognized = true;
        }
    }

    /** Something that by its name belongs to the tick log and is not as it should be. */
    private void problem(Rule rule, String room, String object, String what) {
        if (onlyRoom == null || onlyRoom.equals(room)) {
            findings.add(new Finding(rule, room, Finding.NONE, Finding.NONE, object, what));
            recognized = true;
        }
    }

    /**
     * Adds something that cannot be read, so that its room cannot be told.
     *
     * @param stored whether it lies where only objects are; else it may be no more than a file of something else
     */
    void unreadable(String object, String what, boolean stored) {
        recognized |= stored;
        findings.add(new Finding(Rule.UNREADABLE, NO_ROOM, Finding.NONE, Finding.NONE, object, what));
    }
}
