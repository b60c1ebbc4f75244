package io.parley.benchmarks.sweep;

import io.parley.broadcast.BroadcastOptions;
import io.parley.core.options.Option;
import io.parley.core.options.OptionValues;
import io.parley.core.options.RoomOptions;
import io.parley.core.options.SystemOptions;
import io.parley.ingest.IngestOptions;
import io.parley.job.JobOptions;
import io.parley.job.JobOptions.StreamReader;
import io.parley.local.stack.StackOptions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a stack is set up for a sweep.
 *
 * @param parallelism of the job
 * @param shards of the voice stream
 * @param others settings of {@link RoomOptions}, of {@link JobOptions}, of the Lambdas and of both archive and events, by key
 */
record Configuration(
        int parallelism,
        int shards,
        int tickMs,
        int chunkMs,
        StreamReader reader,
        Backend backend,
        Map<String, String> others) {

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

    static final Configuration DEFAULT = new Configuration(1, 1, 100, 100, StreamReader.EFO, Backend.HEAP, Map.of());

    private static final Set<String> ROOM_KEYS =
            RoomOptions.ALL.stream().map(Option::key).collect(Collectors.toSet());

    private static final Set<String> ARCHIVE =
            Set.of(SystemOptions.ARCHIVE_MODE.key(), SystemOptions.EVENT_GRANULARITY.key());

    private static final List<Option<?>> JOB =
            JobOptions.GROUPS.values().stream().<Option<?>>flatMap(List::stream).toList();

    private static final List<Option<?>> FUNCTIONS = Stream.concat(
                    IngestOptions.ALL.stream(), BroadcastOptions.ALL.stream())
            .filter(option -> !ARCHIVE.contains(option.key()))
            .<Option<?>>map(option -> option)
            .distinct()
            .toList();

    Configuration {
        others = others == null ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(others));
    }

    /** Such as {@code p1 s1 tick100 chunk100 efo heap}. */
    String key() {
        StringBuilder key = new StringBuilder("p" + parallelism + " s" + shards + " tick" + tickMs + " chunk" + chunkMs
                + ' ' + Option.name(reader) + ' ' + Option.name(backend));
        others.forEach((name, value) -> key.append(' ').append(name).append('=').append(value));
        return key.toString();
    }

    /** What a setting of {@link #others} is where it is not given; "default" where nobody knows the key. */
    static String defaultOf(String key) {
        List<Option<?>> all = new ArrayList<>(List.of(SystemOptions.ARCHIVE_MODE, SystemOptions.EVENT_GRANULARITY));
        all.addAll(RoomOptions.ALL);
        all.addAll(JOB);
        all.addAll(FUNCTIONS);
        return all.stream()
                .filter(option -> option.key().equals(key))
                .map(Option::defaultText)
                .findFirst()
                .orElse("default");
    }

    Configuration with(String key, String value) {
        Map<String, String> more = new TreeMap<>(others);
        more.put(key, value);
        return new Configuration(parallelism, shards, tickMs, chunkMs, reader, backend, more);
    }

    /** Throws {@link io.parley.core.options.OptionException} where a setting is none, or out of its range. */
    StackOptions stack() {
        Map<String, String> room = new TreeMap<>(Map.of(
                RoomOptions.CHUNK.key(), String.valueOf(chunkMs),
                RoomOptions.TICK_PERIOD.key(), String.valueOf(tickMs)));
        Map<String, String> job = new TreeMap<>(Map.of("job.parallelism", String.valueOf(parallelism)));
        Map<String, String> archive = new TreeMap<>();
        Map<String, String> functions = new TreeMap<>();
        Set<String> functionKeys = FUNCTIONS.stream().map(Option::key).collect(Collectors.toSet());
        others.forEach((key, value) -> {
            Map<String, String> place = ROOM_KEYS.contains(key)
                    ? room
                    : ARCHIVE.contains(key) ? archive : functionKeys.contains(key) ? functions : job;
            place.put(key, value);
        });
        OptionValues shared =
                OptionValues.strict(archive, List.of(SystemOptions.ARCHIVE_MODE, SystemOptions.EVENT_GRANULARITY));
        RoomOptions.of(room);
        OptionValues ofJob = OptionValues.strict(job, JOB);
        JOB.stream().filter(option -> job.containsKey(option.key())).forEach(ofJob::get);
        OptionValues ofFunctions = OptionValues.lenient(functions);
        FUNCTIONS.stream().filter(option -> functions.containsKey(option.key())).forEach(ofFunctions::get);
        return StackOptions.onFreePorts()
                .withStream(reader, shards)
                .withArchive(shared.get(SystemOptions.ARCHIVE_MODE), shared.get(SystemOptions.EVENT_GRANULARITY))
                .withRoomSettings(room)
                .withJobSettings(job)
                .withFunctionSettings(functions)
                .withFlinkSettings(backend.flinkSettings);
    }
}
