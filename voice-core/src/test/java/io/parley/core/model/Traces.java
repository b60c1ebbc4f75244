package io.parley.core.model;

import io.parley.core.options.RoomOptions;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;
import net.jqwik.api.arbitraries.IntegerArbitrary;

/** Generators of what may happen to a room, and of its options. */
final class Traces {

    private static final int MAX_ACTIONS = 60;

    private Traces() {}

    /** How often what happens, in a trace of everything. */
    private static final Map<Action.Kind, Integer> WEIGHTS = Stream.of(Action.Kind.values())
            .collect(Collectors.toMap(kind -> kind, kind -> {
                switch (kind) {
                    case SPEAK:
                        return 60;
                    case JOIN:
                        return 16;
                    case TALK:
                    case MUTE:
                    case UNMUTE:
                    case PRESENCE:
                        return 8;
                    case PAUSE:
                    case SETTINGS:
                        return 6;
                    case SKIP:
                    case BREAK:
                    case RENUMBER:
                    case LEAVE:
                        return 4;
                    case CROWD:
                    case FLOOD:
                        return 1;
                    default:
                        return 2;
                }
            }));

    static Arbitrary<List<Action>> anything() {
        return of(WEIGHTS);
    }

    /** Traces of one room in one run, without restarts. */
    static Arbitrary<List<Action>> without(Action.Kind... kinds) {
        List<Action.Kind> left = List.of(kinds);
        return of(WEIGHTS.entrySet().stream()
                .filter(entry -> !left.contains(entry.getKey()))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue)));
    }

    private static Arbitrary<List<Action>> of(Map<Action.Kind, Integer> weights) {
        List<Tuple.Tuple2<Integer, Action.Kind>> frequencies = weights.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(entry -> Tuple.of(entry.getValue(), entry.getKey()))
                .collect(Collectors.toList());
        return Combinators.combine(
                        Arbitraries.frequency(frequencies),
                        Arbitraries.frequencyOf(
                                Tuple.of(2, number(0)), Tuple.of(3, number(40)), Tuple.of(1, number(150))),
                        number(5),
                        number(999),
                        number(999),
                        number(999))
                .as(Action::new)
                .list()
                .ofMaxSize(MAX_ACTIONS);
    }

    private static IntegerArbitrary number(int max) {
        return Arbitraries.integers().between(0, max);
    }

    /** Room options by their keys: {@link RoomOptions#of} makes them, and the map can be read in a report. */
    static Arbitrary<Map<String, String>> options() {
        return Combinators.combine(
                        Arbitraries.of("100", "20", "40", "200"),
                        Arbitraries.of("200/40", "80/10", "100/100", "299/0", "0/0"),
                        Arbitraries.of("50", "4", "12"),
                        Arbitraries.of("1000", "300"),
                        Arbitraries.of("5000", "300", "100"),
                        Arbitraries.of("75/100", "1000/10000", "20/40", "75/40"),
                        Arbitraries.of("8/32/2400", "1/32/2400", "2/32/2400", "8/2/2400", "1/1/2400", "8/32/60"),
                        Arbitraries.of("98304", "4096"))
                .as((period, holds, held, deadline, timeout, rate, speakers, bytes) -> new TreeMap<>(Map.ofEntries(
                        Map.entry("room.chunk-ms", "20"),
                        Map.entry("room.tick-period-ms", period),
                        Map.entry("room.max-hold-ms", holds.split("/")[0]),
                        Map.entry("room.min-hold-ms", holds.split("/")[1]),
                        Map.entry("room.max-held-frames", held),
                        Map.entry("room.playout-deadline-ms", deadline),
                        Map.entry("room.speaker-timeout-ms", timeout),
                        Map.entry("room.rate-frames-per-second", rate.split("/")[0]),
                        Map.entry("room.rate-burst-frames", rate.split("/")[1]),
                        Map.entry("room.loudest", speakers.split("/")[0]),
                        Map.entry("room.max-speakers", speakers.split("/")[1]),
                        Map.entry("room.rate", speakers.split("/")[2]),
                        Map.entry("room.max-tick-bytes", bytes))));
    }
}
