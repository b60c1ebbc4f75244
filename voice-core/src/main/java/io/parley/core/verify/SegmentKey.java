package io.parley.core.verify;

import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What the key of a tick-log object says ({@link io.parley.core.envelope.ObjectKeys#segment}). Keys list by the hour
 * first, and an epoch can last for hours, so the order of a room's segments is {@link #IN_ROOM}.
 */
public final class SegmentKey {

    public static final String PREFIX = "ticks/";

    /** The order in which a room's segments are checked. */
    public static final Comparator<SegmentKey> IN_ROOM = Comparator.comparingLong(SegmentKey::epoch)
            .thenComparingLong(SegmentKey::firstTick)
            .thenComparing(SegmentKey::text);

    private static final Pattern KEY = Pattern.compile(
            "ticks/([A-Za-z0-9_-]{1,64})/\\d{4}/\\d\\d/\\d\\d/\\d\\d/(\\d{15,18})-(\\d{10,18})-([0-9a-f]{32})");

    private final String text;
    private final String room;
    private final long epoch;
    private final long firstTick;
    private final String contentHash;

    private SegmentKey(Matcher key) {
        text = key.group();
        room = key.group(1);
        epoch = Long.parseLong(key.group(2));
        firstTick = Long.parseLong(key.group(3));
        contentHash = key.group(4);
    }

    /** Empty for a text that is no key of a segment. */
    public static Optional<SegmentKey> parse(String text) {
        Matcher key = KEY.matcher(text);
        return key.matches() ? Optional.of(new SegmentKey(key)) : Optional.empty();
    }

    /** The whole key. */
    public String text() {
        return text;
    }

    public String room() {
        return room;
    }

    public long epoch() {
        return epoch;
    }

    public long firstTick() {
        return firstTick;
    }

    public String contentHash() {
        return contentHash;
    }
}
