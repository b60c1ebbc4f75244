package io.parley.benchmarks.sweep;

import io.parley.core.options.Option;
import io.parley.core.options.RoomOptions;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.stack.StackOptions;
import java.util.Map;

/**
 * How a stack is set up for a sweep.
 *
 * @param parallelism of the job
 * @param shards of the voice stream
 */
record Configuration(int parallelism, int shards, int tickMs, int chunkMs, StreamReader reader, Backend backend) {

    /** Where the job keeps the state of rooms. */
    enum Backend {
        HEAP(Map.of("state.backend.type", "hashmap")),
        // As much managed memory as its four slots need.
        ROCKSDB(Map.of("state.backend.type", "rocksdb", "taskmanager.memory.managed.size", "256m"));

        private final Map<String, String> flinkSettings;

        Backend(Map<String, String> flinkSettings) {
            this.flinkSettings = flinkSettings;
        }
    }

    static final Configuration DEFAULT = new Configuration(1, 1, 100, 100, StreamReader.EFO, Backend.HEAP);

    /** Such as {@code p1 s1 tick100 chunk100 efo heap}. */
    String key() {
        return "p" + parallelism + " s" + shards + " tick" + tickMs + " chunk" + chunkMs + ' ' + Option.name(reader)
                + ' ' + Option.name(backend);
    }

    StackOptions stack() {
        return StackOptions.onFreePorts()
                .withStream(reader, shards)
                .withRoomSettings(Map.of(
                        RoomOptions.CHUNK.key(), String.valueOf(chunkMs),
                        RoomOptions.TICK_PERIOD.key(), String.valueOf(tickMs)))
                .withJobSettings(Map.of("job.parallelism", String.valueOf(parallelism)))
                .withFlinkSettings(backend.flinkSettings);
    }
}
