package io.parley.core.verify;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.core.envelope.ContentHash;
import io.parley.core.envelope.ObjectKeys;
import io.parley.core.tick.TickHash;
import io.parley.core.wire.Event;
import io.parley.core.wire.LogFrame;
import io.parley.core.wire.LogOnly;
import io.parley.core.wire.Tick;
import io.parley.core.wire.TickLogSegment;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * Checks the tick log of one room: numbering, hash chain, epochs and order. Segments go in one after the other, in the
 * order of {@link SegmentKey#IN_ROOM}; findings come out as they are made. What is remembered is bounded, however long
 * the log is.
 *
 * <p>A log without a finding that is no note is <em>consistent</em>. That is not <em>complete</em>: an end that was cut
 * off leaves no trace. Each fault is found once: behind one, the check goes on from what the log says. Single-threaded.
 */
public final class RoomVerifier {

    /** How many ticks of an epoch are remembered, to compare one that comes again. */
    static final int MAX_REMEMBERED_TICKS = 16_384;
    /** Clocks that are put right do not go back further. */
    static final long CLOCK_TOLERANCE_MS = 1_000;

    private static final int VERSION = 1;

    private final String room;
    private final Consumer<Finding> findings;
    private final LogCounts counts = new LogCounts();
    private final TickHash hasher = new TickHash();
    private final OrderCheck order = new OrderCheck(counts);

    /** By number, the digests of the newest ticks of the epoch. */
    private final Map<Long, String> remembered = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Long, String> eldest) {
            return size() > MAX_REMEMBERED_TICKS;
        }
    };

    private String object = "";
    private EpochEnd earlier;
    private boolean begun;
    private long epoch;
    private long nextTick;
    /** Of the tick before {@link #nextTick}; null where that is missing. */
    private ByteString hash;

    private boolean closed;
    private long lastCloseMs;

    /** @param findings receives each finding when it is made */
    public RoomVerifier(String room, Consumer<Finding> findings) {
        this.room = Objects.requireNonNull(room);
        this.findings = Objects.requireNonNull(findings);
    }

    /** What was counted so far. */
    public LogCounts counts() {
        return counts;
    }

    /** Checks an object that lies under a key of its own. */
    public void accept(SegmentKey key, byte[] plaintext) {
        object = key.text();
        TickLogSegment segment = parse(plaintext);
        if (segment != null && fits(key, segment, plaintext)) {
            check(segment);
        }
    }

    /**
     * Checks an object of which no key is known.
     *
     * @param name for people
     */
    public void accept(String name, byte[] plaintext) {
        object = name;
        TickLogSegment segment = parse(plaintext);
        if (segment != null) {
            check(segment);
        }
    }

    private TickLogSegment parse(byte[] plaintext) {
        try {
            return TickLogSegment.parseFrom(plaintext);
        } catch (InvalidProtocolBufferException e) {
            found(Rule.UNREADABLE, Finding.NONE, Finding.NONE, object + " holds no segment: " + e.getMessage());
            return null;
        }
    }

    /** Whether the object belongs where it lies, so that its ticks can be checked in that place. */
    private boolean fits(SegmentKey key, TickLogSegment segment, byte[] plaintext) {
        if (!segment.getRoom().equals(key.room())
                || segment.getEpoch() != key.epoch()
                || segment.getFirstTick() != key.firstTick()) {
            found(
                    Rule.KEY,
                    key.epoch(),
                    key.firstTick(),
                    object + " holds room " + segment.getRoom() + ", epoch " + segment.getEpoch() + " from tick "
                            + segment.getFirstTick() + ", which is not what its key says; it is left out");
            return false;
        }
        String content = ContentHash.of(plaintext);
        if (!content.equals(key.contentHash())) {
            found(
                    Rule.KEY,
                    key.epoch(),
                    key.firstTick(),
                    object + " does not hold the content that it was written with");
        } else if (segment.getTicksCount() > 0) {
            long closeTimeMs = segment.getTicks(0).getCloseTimeMs();
            String expected = ObjectKeys.segment(room, key.epoch(), key.firstTick(), closeTimeMs, content);
            if (!expected.equals(key.text())) {
                found(Rule.KEY, key.epoch(), key.firstTick(), object + " should lie under " + expected);
            }
        }
        return true;
    }

    private void check(TickLogSegment segment) {
        counts.segment();
        if (segment.getVersion() != VERSION) {
            found(
                    Rule.VERSION,
                    segment.getEpoch(),
                    Finding.NONE,
                    object + " has version " + Integer.toUnsignedString(segment.getVersion()) + ", known is "
                            + VERSION);
            return;
        }
        if (!segment.getRoom().equals(room)) {
            found(Rule.SEGMENT, Finding.NONE, Finding.NONE, object + " is of room " + segment.getRoom());
            return;
        }
        if (segment.getTicksCount() == 0) {
            found(Rule.SEGMENT, segment.getEpoch(), Finding.NONE, object + " has no tick");
            return;
        }
        if (begun && segment.getEpoch() < epoch) {
            found(Rule.EPOCH_ORDER, segment.getEpoch(), segment.getFirstTick(), "it comes after epoch " + epoch);
            return;
        }
        if (!begun || segment.getEpoch() > epoch) {
            beginEpoch(segment.getEpoch());
        }
        if (segment.getTicks(0).getTick() != segment.getFirstTick()) {
            found(
                    Rule.SEGMENT,
                    segment.getFirstTick(),
                    "the segment begins with tick " + segment.getTicks(0).getTick());
        }
        Repeats repeats = new Repeats();
        for (Tick tick : segment.getTicksList()) {
            take(tick, repeats);
        }
        repeats.report();
    }

    private void beginEpoch(long number) {
        earlier = begun ? new EpochEnd(epoch, nextTick - 1, hash, closed) : null;
        begun = true;
        epoch = number;
        nextTick = 0;
        hash = TickHash.ZERO;
        closed = false;
        lastCloseMs = Long.MIN_VALUE;
        remembered.clear();
        if (earlier != null && earlier.closed) {
            order.closeRoom();
        }
        order.beginEpoch();
        counts.epoch();
    }

    private void take(Tick tick, Repeats repeats) {
        long number = tick.getTick();
        if (number < nextTick) {
            again(tick, repeats);
            return;
        }
        if (number > nextTick) {
            String missing = number - 1 == nextTick
                    ? "tick " + nextTick + " is missing"
                    : "ticks " + nextTick + " to " + (number - 1) + " are missing";
            found(Rule.MISSING_TICKS, nextTick, missing);
            hash = null;
            order.missTicks();
        }
        if (closed) {
            found(Rule.CLOSING, number, "the epoch goes on after it was closed");
            closed = false;
        }
        nextTick = number + 1;
        counts.tick(tick.getCloseTimeMs());
        if (tick.getVersion() != VERSION) {
            found(
                    Rule.VERSION,
                    number,
                    "the tick has version " + Integer.toUnsignedString(tick.getVersion()) + ", known is " + VERSION);
            order.missTicks();
        } else {
            content(tick);
        }
        remembered.put(number, digest(tick));
        hash = tick.getHash();
    }

    private void again(Tick tick, Repeats repeats) {
        String before = remembered.get(tick.getTick());
        if (before == null) {
            found(Rule.TICK_ORDER, tick.getTick(), "the tick comes after tick " + (nextTick - 1));
        } else if (before.equals(digest(tick))) {
            repeats.add(tick.getTick());
        } else {
            found(Rule.REPEATED_TICK, tick.getTick(), "the tick is there a second time, with other content");
        }
    }

    private void content(Tick tick) {
        long number = tick.getTick();
        if (!tick.getRoom().equals(room) || tick.getEpoch() != epoch) {
            found(
                    Rule.SEGMENT,
                    number,
                    "the tick is of room " + tick.getRoom() + ", epoch " + tick.getEpoch() + ", unlike its segment");
        }
        if (hash != null && !tick.getPreviousHash().equals(hash)) {
            found(
                    Rule.CHAIN,
                    number,
                    number == 0
                            ? "an epoch's first tick follows on 32 zero bytes, but this one does not"
                            : "the tick does not follow on tick " + (number - 1));
        }
        boolean framesRead = hash(tick);
        logOnly(tick);
        events(tick);
        order.check(tick, framesRead, (rule, what) -> found(rule, number, what));
        if (tick.getCloseTimeMs() + CLOCK_TOLERANCE_MS < lastCloseMs) {
            found(
                    Rule.TIME,
                    number,
                    "the tick was closed " + (lastCloseMs - tick.getCloseTimeMs()) + " ms before the tick before it");
        }
        lastCloseMs = tick.getCloseTimeMs();
    }

    /** Checks the tick's hash, and gives whether its frames can be read. */
    private boolean hash(Tick tick) {
        ByteString live;
        try {
            live = hasher.live(tick);
        } catch (IllegalArgumentException e) {
            found(Rule.LIVE_FRAMES, tick.getTick(), "the frames cannot be read: " + e.getMessage());
            return false;
        }
        ByteString expected = hasher.hash(
                tick.getPreviousHash(), tick.getRoom(), tick.getEpoch(), tick.getTick(), live, tick.getLogOnlyHash());
        if (!expected.equals(tick.getHash())) {
            found(Rule.HASH, tick.getTick(), "the tick's hash is not that of its content");
        }
        return true;
    }

    private void logOnly(Tick tick) {
        LogOnly logOnly = tick.getLogOnly();
        boolean empty = logOnly.getOriginsCount() == 0 && logOnly.getFramesCount() == 0;
        ByteString expected = empty ? ByteString.EMPTY : hasher.logOnly(logOnly);
        if (!expected.equals(tick.getLogOnlyHash())) {
            found(
                    Rule.LOG_ONLY_HASH,
                    tick.getTick(),
                    empty
                            ? "the log-only part is missing, though the tick has its hash"
                            : "the log-only part is not the one of which the tick has the hash");
        }
        for (LogFrame frame : logOnly.getFramesList()) {
            byte[] payload = frame.getPayload().toByteArray();
            if (payload.length == 0) {
                continue; // not kept, or erased
            }
            byte[] digest = hasher.frameDigest(
                    TickHash.NO_STREAM, frame.getSequence(), frame.getLevel(), payload, 0, payload.length);
            if (!frame.getDigest().equals(ByteString.copyFrom(digest))) {
                found(
                        Rule.PAYLOAD,
                        tick.getTick(),
                        "frame " + Integer.toUnsignedString(frame.getSequence()) + " of connection "
                                + frame.getConnection() + ", which was not played, has other bytes than its digest"
                                + " says");
            }
        }
    }

    private void events(Tick tick) {
        long number = tick.getTick();
        boolean opens = tick.getEventsCount() > 0 && tick.getEvents(0).getKind() == Event.Kind.OPENED;
        if (number == 0 && !opens) {
            found(Rule.OPENING, number, "the epoch does not begin with the event that opens it");
        }
        for (int i = 0; i < tick.getEventsCount(); i++) {
            Event event = tick.getEvents(i);
            if (event.getKind() == Event.Kind.OPENED) {
                if (number == 0 && i == 0) {
                    link(event);
                } else {
                    found(Rule.OPENING, number, "the epoch is opened in its midst");
                }
            } else if (event.getKind() == Event.Kind.CLOSED) {
                closed = true;
            } else if (closed && event.getKind() != Event.Kind.LOST) {
                found(Rule.CLOSING, number, event.getKind() + " stands behind the event that closes the epoch");
                closed = false;
            }
        }
    }

    /** Checks that the epoch follows on the one before it. */
    private void link(Event opened) {
        boolean follows = !opened.getTombstoneHash().isEmpty();
        if (earlier == null) {
            if (follows) {
                found(
                        Rule.EARLIER_EPOCH,
                        0,
                        "it follows on epoch " + opened.getTombstoneEpoch() + ", tick " + opened.getTombstoneTick()
                                + ", where this log has nothing earlier");
            }
        } else if (!follows) {
            if (earlier.closed) {
                found(Rule.CHAIN_BEGINS_ANEW, 0, "it names no earlier epoch; epoch " + earlier.epoch + " was closed");
            } else {
                found(Rule.UNLINKED, 0, "it names no earlier epoch, though epoch " + earlier.epoch + " was not closed");
            }
        } else {
            follow(opened);
        }
    }

    private void follow(Event opened) {
        long namedTick = opened.getTombstoneTick();
        String named = "it follows on epoch " + opened.getTombstoneEpoch() + ", tick " + namedTick + ", ";
        if (opened.getTombstoneEpoch() > earlier.epoch) {
            found(Rule.MISSING_EPOCH, 0, named + "of which the log has nothing; before it is epoch " + earlier.epoch);
        } else if (opened.getTombstoneEpoch() < earlier.epoch) {
            found(Rule.TOMBSTONE, 0, named + "though epoch " + earlier.epoch + " was between them");
        } else if (namedTick > earlier.lastTick) {
            found(Rule.TOMBSTONE, 0, named + "but that epoch ends with tick " + earlier.lastTick + " in the log");
        } else if (namedTick < earlier.lastTick) {
            found(Rule.TOMBSTONE, 0, named + "but that epoch goes on to tick " + earlier.lastTick);
        } else if (!opened.getTombstoneHash().equals(earlier.hash)) {
            found(Rule.TOMBSTONE, 0, named + "but by another hash than that tick has");
        }
    }

    /** Tells one tick from another, but not by the bytes of frames that were not played, which may be erased. */
    private static String digest(Tick tick) {
        Tick.Builder kept = tick.toBuilder();
        if (tick.getLogOnly().getFramesCount() > 0) {
            kept.getLogOnlyBuilder().getFramesBuilderList().forEach(LogFrame.Builder::clearPayload);
        }
        return ContentHash.of(kept.build().toByteArray());
    }

    private void found(Rule rule, long tick, String what) {
        found(rule, epoch, tick, what);
    }

    private void found(Rule rule, long inEpoch, long tick, String what) {
        findings.accept(new Finding(rule, room, inEpoch, tick, object, what));
    }

    /** Where the epoch before ends in the log. */
    private static final class EpochEnd {
        private final long epoch;
        private final long lastTick;
        private final ByteString hash;
        private final boolean closed;

        EpochEnd(long epoch, long lastTick, ByteString hash, boolean closed) {
            this.epoch = epoch;
            this.lastTick = lastTick;
            this.hash = hash;
            this.closed = closed;
        }
    }

    /** Ticks of a segment that were there before, as they are: one note for all of them. */
    private final class Repeats {
        private long first = Finding.NONE;
        private long last;
        private long count;

        void add(long tick) {
            first = count == 0 ? tick : first;
            last = tick;
            count++;
        }

        void report() {
            if (count > 0) {
                found(
                        Rule.SAME_TICK_TWICE,
                        first,
                        first == last
                                ? "the tick is in two segments, with the same content"
                                : count + " ticks up to tick " + last + " are in two segments, with the same content");
            }
        }
    }
}
