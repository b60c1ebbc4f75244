package io.parley.benchmarks.bill;

import io.parley.core.options.ArchiveMode;
import io.parley.core.options.EventGranularity;
import io.parley.core.options.RoomOptions;
import io.parley.local.stack.StackOptions;
import java.util.List;
import java.util.Map;

/** A configuration whose bill is counted. */
record BillCase(String name, ArchiveMode archive, EventGranularity events, int chunkMs, int tickMs) {

    static final String DEFAULTS = "defaults";
    static final String RECOMMENDED = "segment, utterance";
    static final String SLOW_TICKS = "segment, utterance, ticks of 200 ms";

    static final String SLOW_CHUNKS = "segment, utterance, ticks and chunks of 200 ms";

    /** Those of the bill: the defaults, what is recommended at scale, and longer ticks and chunks. */
    static final List<BillCase> BILLS = List.of(
            new BillCase(DEFAULTS, ArchiveMode.CHUNK, EventGranularity.UTTERANCE, 100, 100),
            new BillCase(RECOMMENDED, ArchiveMode.SEGMENT, EventGranularity.UTTERANCE, 100, 100),
            new BillCase(SLOW_TICKS, ArchiveMode.SEGMENT, EventGranularity.UTTERANCE, 100, 200),
            new BillCase(SLOW_CHUNKS, ArchiveMode.SEGMENT, EventGranularity.UTTERANCE, 200, 200));

    /** The other values of the two settings that decide what lies behind the stream. */
    static final List<BillCase> SETTINGS = List.of(
            new BillCase("both, utterance", ArchiveMode.BOTH, EventGranularity.UTTERANCE, 100, 100),
            new BillCase("off, utterance", ArchiveMode.OFF, EventGranularity.UTTERANCE, 100, 100),
            new BillCase("segment, chunk", ArchiveMode.SEGMENT, EventGranularity.CHUNK, 100, 100),
            new BillCase("segment, none", ArchiveMode.SEGMENT, EventGranularity.NONE, 100, 100),
            new BillCase("chunk, chunk", ArchiveMode.CHUNK, EventGranularity.CHUNK, 100, 100));

    /**
     * Nothing here measures time, so nothing is given up for being late: a machine that is busy otherwise would change
     * what is counted.
     */
    StackOptions stack() {
        return StackOptions.onFreePorts()
                .withArchive(archive, events)
                .withRoomSettings(Map.of(
                        RoomOptions.CHUNK.key(), String.valueOf(chunkMs),
                        RoomOptions.TICK_PERIOD.key(), String.valueOf(tickMs),
                        RoomOptions.MAX_HOLD.key(), "5000",
                        RoomOptions.MAX_HELD_FRAMES.key(), "500",
                        RoomOptions.PLAYOUT_DEADLINE.key(), "20000"));
    }
}
