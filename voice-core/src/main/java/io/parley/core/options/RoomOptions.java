package io.parley.core.options;

import java.io.Serializable;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How rooms are ordered and bundled. The same for all rooms of a deployment. Immutable; serializable because Flink
 * ships it with the job graph.
 */
public final class RoomOptions implements Serializable {

    private static final long serialVersionUID = 1L;

    public static final Option<Integer> TICK_PERIOD =
            Option.integer("room.tick-period-ms", 100, 20, 1_000, "A room has at most one live tick in this time.");
    public static final Option<Integer> CHUNK =
            Option.integer("room.chunk-ms", 100, 20, 200, "How much audio clients are asked to put into a chunk.");
    public static final Option<Integer> MIN_HOLD =
            Option.integer("room.min-hold-ms", 40, 0, 10_000, "The least time for which a gap holds later frames.");
    public static final Option<Integer> MAX_HOLD =
            Option.integer("room.max-hold-ms", 200, 0, 10_000, "The most time for which a gap holds later frames.");
    public static final Option<Integer> MAX_HELD_FRAMES = Option.integer(
            "room.max-held-frames", 50, 1, 1_000, "A gap is given up when so many later frames of its stream wait.");
    public static final Option<Integer> PLAYOUT_DEADLINE = Option.integer(
            "room.playout-deadline-ms", 1_000, 100, 60_000, "A frame that arrived longer ago is stale: never played.");
    public static final Option<Integer> SPEAKER_TIMEOUT = Option.integer(
            "room.speaker-timeout-ms", 5_000, 100, 600_000, "A speaker who sends nothing for so long has stopped.");
    public static final Option<Integer> RATE = Option.integer(
            "room.rate-frames-per-second",
            75,
            1,
            1_000,
            "How much a speaker may send in a second, in frames of 20 ms.");
    public static final Option<Integer> BURST = Option.integer(
            "room.rate-burst-frames", 100, 40, 10_000, "How much a speaker may send at once, in frames of 20 ms.");
    public static final Option<Integer> LOUDEST =
            Option.integer("room.loudest", 8, 1, 64, "How many speakers of a room are heard at a time.");
    public static final Option<Integer> MAX_SPEAKERS = Option.integer(
            "room.max-speakers",
            32,
            1,
            1_000,
            "How many streams of a room may speak at a time, heard or not; a further one is limited until one stops.");
    public static final Option<Integer> ROOM_RATE = Option.integer(
            "room.rate",
            2_400,
            50,
            100_000,
            "How much all speakers of a room may send in a second, in frames of 20 ms;"
                    + " the default is that of 32 speakers.");
    public static final Option<Integer> MAX_TICK_BYTES = Option.integer(
            "room.max-tick-bytes", 96 * 1024, 4 * 1024, 96 * 1024, "A tick is closed before it is larger, encoded.");
    public static final Option<Integer> PLAYOUT_HINT = Option.integer(
            "room.playout-hint-ms",
            120,
            0,
            2_000,
            "How long clients are told to buffer before playout; over a tick period.");

    public static final List<Option<?>> ALL = List.of(
            TICK_PERIOD,
            CHUNK,
            MIN_HOLD,
            MAX_HOLD,
            MAX_HELD_FRAMES,
            PLAYOUT_DEADLINE,
            SPEAKER_TIMEOUT,
            RATE,
            BURST,
            LOUDEST,
            MAX_SPEAKERS,
            ROOM_RATE,
            MAX_TICK_BYTES,
            PLAYOUT_HINT);

    private final int tickPeriodMs;
    private final int chunkMs;
    private final int minHoldMs;
    private final int maxHoldMs;
    private final int maxHeldFrames;
    private final int playoutDeadlineMs;
    private final int speakerTimeoutMs;
    private final int ratePerSecond;
    private final int burstFrames;
    private final int loudest;
    private final int maxSpeakers;
    private final int roomRatePerSecond;
    private final int maxTickBytes;
    private final int playoutHintMs;

    private RoomOptions(OptionValues values) {
        tickPeriodMs = values.get(TICK_PERIOD);
        chunkMs = values.get(CHUNK);
        minHoldMs = values.get(MIN_HOLD);
        maxHoldMs = values.get(MAX_HOLD);
        maxHeldFrames = values.get(MAX_HELD_FRAMES);
        playoutDeadlineMs = values.get(PLAYOUT_DEADLINE);
        speakerTimeoutMs = values.get(SPEAKER_TIMEOUT);
        ratePerSecond = values.get(RATE);
        burstFrames = values.get(BURST);
        loudest = values.get(LOUDEST);
        maxSpeakers = values.get(MAX_SPEAKERS);
        roomRatePerSecond = values.get(ROOM_RATE);
        maxTickBytes = values.get(MAX_TICK_BYTES);
        playoutHintMs = values.get(PLAYOUT_HINT);
        if (tickPeriodMs % chunkMs != 0) {
            throw new OptionException(TICK_PERIOD.key() + " is " + tickPeriodMs + ", but must be a multiple of "
                    + CHUNK.key() + ", which is " + chunkMs);
        }
        if (minHoldMs > maxHoldMs) {
            throw new OptionException(MIN_HOLD.key() + " is " + minHoldMs + ", but must not be over " + MAX_HOLD.key()
                    + ", which is " + maxHoldMs);
        }
        if (maxHoldMs >= playoutDeadlineMs) {
            throw new OptionException(MAX_HOLD.key() + " is " + maxHoldMs + ", but must be under "
                    + PLAYOUT_DEADLINE.key() + ", which is " + playoutDeadlineMs);
        }
    }

    public static RoomOptions defaults() {
        return new RoomOptions(OptionValues.lenient(Map.of()));
    }

    /** Reads the options among other settings; throws {@link OptionException}. */
    public static RoomOptions from(OptionValues values) {
        return new RoomOptions(values);
    }

    /** Reads a map of these options alone, so that an unknown key stops the start. */
    public static RoomOptions of(Map<String, String> values) {
        return new RoomOptions(OptionValues.strict(values, ALL));
    }

    /** For tests: the defaults with one value changed; chain by {@link #of} for more. */
    public static RoomOptions with(Option<?> option, Object value) {
        Map<String, String> values = new HashMap<>();
        values.put(option.key(), String.valueOf(value));
        return of(values);
    }

    public int tickPeriodMs() {
        return tickPeriodMs;
    }

    public int chunkMs() {
        return chunkMs;
    }

    public int minHoldMs() {
        return minHoldMs;
    }

    public int maxHoldMs() {
        return maxHoldMs;
    }

    public int maxHeldFrames() {
        return maxHeldFrames;
    }

    public int playoutDeadlineMs() {
        return playoutDeadlineMs;
    }

    public int speakerTimeoutMs() {
        return speakerTimeoutMs;
    }

    public int ratePerSecond() {
        return ratePerSecond;
    }

    public int burstFrames() {
        return burstFrames;
    }

    public int loudest() {
        return loudest;
    }

    public int maxSpeakers() {
        return maxSpeakers;
    }

    public int roomRatePerSecond() {
        return roomRatePerSecond;
    }

    /** How much all speakers of a room may send at once: to their rate as one speaker's burst is to its own. */
    public int roomBurstFrames() {
        return Math.max(burstFrames, roomRatePerSecond * burstFrames / ratePerSecond);
    }

    public int maxTickBytes() {
        return maxTickBytes;
    }

    public int playoutHintMs() {
        return playoutHintMs;
    }
}
