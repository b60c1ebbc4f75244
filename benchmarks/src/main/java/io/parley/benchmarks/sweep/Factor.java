package io.parley.benchmarks.sweep;

import io.parley.benchmarks.sweep.Configuration.Backend;
import io.parley.core.options.Option;
import io.parley.job.JobOptions.StreamReader;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.Function;

/** What a sweep varies, and the values it gives it. */
enum Factor {
    PARALLELISM(
            "parallelism",
            List.of(1, 2, 4),
            Configuration::parallelism,
            (c, value) -> new Configuration((int) value, c.shards(), c.tickMs(), c.chunkMs(), c.reader(), c.backend())),
    SHARDS(
            "shards",
            List.of(1, 2, 4),
            Configuration::shards,
            (c, value) ->
                    new Configuration(c.parallelism(), (int) value, c.tickMs(), c.chunkMs(), c.reader(), c.backend())),
    PACE(
            "chunk and tick, ms",
            List.of(new Pace(60, 60), new Pace(20, 100), new Pace(100, 100), new Pace(100, 200), new Pace(200, 200)),
            c -> new Pace(c.chunkMs(), c.tickMs()),
            (c, value) -> new Configuration(
                    c.parallelism(),
                    c.shards(),
                    ((Pace) value).tickMs(),
                    ((Pace) value).chunkMs(),
                    c.reader(),
                    c.backend())),
    READER(
            "reader",
            List.of(StreamReader.EFO, StreamReader.POLLING),
            Configuration::reader,
            (c, value) -> new Configuration(
                    c.parallelism(), c.shards(), c.tickMs(), c.chunkMs(), (StreamReader) value, c.backend())),
    BACKEND(
            "state backend",
            List.of(Backend.HEAP, Backend.ROCKSDB),
            Configuration::backend,
            (c, value) -> new Configuration(
                    c.parallelism(), c.shards(), c.tickMs(), c.chunkMs(), c.reader(), (Backend) value));

    /** The two go together: a tick period is a multiple of a chunk. */
    private record Pace(int chunkMs, int tickMs) {
        @Override
        public String toString() {
            return chunkMs + "/" + tickMs;
        }
    }

    final String label;
    final List<Object> values;
    private final Function<Configuration, Object> value;
    private final BiFunction<Configuration, Object, Configuration> change;

    Factor(
            String label,
            List<Object> values,
            Function<Configuration, Object> value,
            BiFunction<Configuration, Object, Configuration> change) {
        this.label = label;
        this.values = values;
        this.value = value;
        this.change = change;
    }

    /** As a table shows it. */
    String of(Configuration configuration) {
        Object it = value.apply(configuration);
        return it instanceof Enum<?> choice ? Option.name(choice) : String.valueOf(it);
    }

    Configuration with(Configuration configuration, Object other) {
        return change.apply(configuration, other);
    }

    /** The default, with each value of this factor in turn. */
    List<Configuration> around(Configuration configuration) {
        return values.stream().map(other -> with(configuration, other)).toList();
    }
}
