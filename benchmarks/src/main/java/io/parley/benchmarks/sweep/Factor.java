package io.parley.benchmarks.sweep;

import io.parley.benchmarks.sweep.Configuration.Backend;
import io.parley.core.options.Option;
import io.parley.job.JobOptions.StreamReader;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What a sweep varies, and the values it gives it.
 *
 * @param label as tables and charts name it
 * @param value of a configuration
 * @param change gives a configuration another value
 */
record Factor(
        String label,
        List<Object> values,
        Function<Configuration, Object> value,
        BiFunction<Configuration, Object, Configuration> change) {

    static final Factor PARALLELISM = new Factor(
            "parallelism",
            List.of(1, 2, 4),
            Configuration::parallelism,
            (c, value) -> new Configuration(
                    (int) value, c.shards(), c.tickMs(), c.chunkMs(), c.reader(), c.backend(), c.others()));

    static final Factor SHARDS = new Factor(
            "shards",
            List.of(1, 2, 4),
            Configuration::shards,
            (c, value) -> new Configuration(
                    c.parallelism(), (int) value, c.tickMs(), c.chunkMs(), c.reader(), c.backend(), c.others()));

    static final Factor PACE = new Factor(
            "chunk and tick, ms",
            List.of(new Pace(60, 60), new Pace(20, 100), new Pace(100, 100), new Pace(100, 200), new Pace(200, 200)),
            c -> new Pace(c.chunkMs(), c.tickMs()),
            (c, value) -> new Configuration(
                    c.parallelism(),
                    c.shards(),
                    ((Pace) value).tickMs(),
                    ((Pace) value).chunkMs(),
                    c.reader(),
                    c.backend(),
                    c.others()));

    static final Factor READER = new Factor(
            "reader",
            List.of(StreamReader.EFO, StreamReader.POLLING),
            Configuration::reader,
            (c, value) -> new Configuration(
                    c.parallelism(),
                    c.shards(),
                    c.tickMs(),
                    c.chunkMs(),
                    (StreamReader) value,
                    c.backend(),
                    c.others()));

    static final Factor BACKEND = new Factor(
            "state backend",
            List.of(Backend.HEAP, Backend.ROCKSDB),
            Configuration::backend,
            (c, value) -> new Configuration(
                    c.parallelism(), c.shards(), c.tickMs(), c.chunkMs(), c.reader(), (Backend) value, c.others()));

    static final List<Factor> ALL = List.of(PARALLELISM, SHARDS, PACE, READER, BACKEND);

    private static final String BY_DEFAULT = "default";

    /** The two go together: a tick period is a multiple of a chunk. */
    private record Pace(int chunkMs, int tickMs) {
        @Override
        public String toString() {
            return chunkMs + "/" + tickMs;
        }
    }

    /** Any other setting, with its default. */
    static Factor setting(String key, List<String> values) {
        return new Factor(
                key,
                Stream.concat(Stream.of(BY_DEFAULT), values.stream())
                        .<Object>map(value -> value)
                        .toList(),
                c -> c.others().getOrDefault(key, BY_DEFAULT),
                (c, value) -> value.equals(BY_DEFAULT) ? c : c.with(key, (String) value));
    }

    /** As a table shows it. */
    String of(Configuration configuration) {
        Object it = value.apply(configuration);
        if (it.equals(BY_DEFAULT)) {
            return Configuration.defaultOf(label);
        }
        return it instanceof Enum<?> choice ? Option.name(choice) : String.valueOf(it);
    }

    Configuration with(Configuration configuration, Object other) {
        return change.apply(configuration, other);
    }

    /** The configuration, with each value of this factor in turn. */
    List<Configuration> around(Configuration configuration) {
        return values.stream().map(other -> with(configuration, other)).toList();
    }
}
