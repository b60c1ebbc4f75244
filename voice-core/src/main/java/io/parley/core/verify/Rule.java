package io.parley.core.verify;

import java.util.Locale;

/**
 * What a tick log must keep to, and what it may mean where it does not. A broken rule makes the log inconsistent; a
 * {@link #isNote note} only says what a reader should know.
 */
public enum Rule {
    // The objects
    UNREADABLE("The object was altered or cut off, lies under another key than it was written to, or its data key is"
            + " not among those that are at hand."),
    CONFLICT("The job found other content under the key that its segment belongs to, and put its own aside: somebody"
            + " else wrote to the log."),
    KEY("The object was renamed, put in another's place, or altered after it was written."),
    SEGMENT("The object was not written by the job, or was altered."),
    VERSION("It was written by a newer version of Parley: check it with that one."),

    // The numbering
    MISSING_TICKS("An object of the log is missing or could not be read, or the job dropped a segment (its log and the"
            + " metric segmentsDropped tell)."),
    REPEATED_TICK("Two runs of the job wrote to the same epoch, or somebody wrote a tick anew."),
    TICK_ORDER("The ticks were put together in another order than they were closed in."),
    SAME_TICK_TWICE("A segment was written twice; nothing is lost by it.", true),

    // The chain
    CHAIN("A tick before it was exchanged, or this one belongs into another log."),
    HASH("The tick was altered after it was closed."),
    LOG_ONLY_HASH("What the tick keeps beside the live part was altered or taken out."),
    PAYLOAD("The bytes of a frame that was not played were exchanged. Erasing them would not show here."),
    LIVE_FRAMES("The played frames of the tick were altered or cut off."),

    // The epochs
    EPOCH_ORDER("The segments were not given in the order of epoch and first tick."),
    OPENING("The beginning of the epoch was altered."),
    CLOSING("The end of the epoch was altered, or something was added behind it."),
    TOMBSTONE("The end of the earlier epoch is missing or was exchanged, or the room failed and went on from an earlier"
            + " state (the metric roomsFailed tells)."),
    MISSING_EPOCH("All objects of an epoch are missing."),
    UNLINKED("The job was started without its state while the room was open, or the end of the earlier epoch is"
            + " missing."),
    CHAIN_BEGINS_ANEW("The job was started without its state, or the room's end was forgotten after 30 days.", true),
    EARLIER_EPOCH("What was before is not here: it has expired, or only a part of the log was given.", true),

    // The order
    EVENT_ORDER("The tick was altered."),
    UNDECLARED_STREAM("It cannot be told who spoke: the tick, or one before it, was altered."),
    ORIGIN("It cannot be told from which connection the frames came: the log-only part is missing or was altered."),
    FRAME_ORDER("The room gave the frames of a speaker out of order, or the tick was altered."),
    PLAYED_TWICE("The room gave a frame twice, as it may after it failed, or the tick was altered."),
    PLAYED_AND_REFUSED("The log tells of one frame that it was played and that it was not."),
    LOST_RANGE("Frames were declared lost that the listeners had been past."),
    REFUSED_COPY("A second copy of a played frame came when its speaker was not allowed to speak.", true),

    // The times
    TIME("A clock was set back, or a tick was altered: times are not part of the chain.", true);

    private final String meaning;
    private final boolean note;

    Rule(String meaning) {
        this(meaning, false);
    }

    Rule(String meaning, boolean note) {
        this.meaning = meaning;
        this.note = note;
    }

    /** {@code missing-ticks} */
    public String code() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** In plain words, what may be behind it. */
    public String meaning() {
        return meaning;
    }

    /** Whether a log of which this is found is consistent all the same. */
    public boolean isNote() {
        return note;
    }
}
