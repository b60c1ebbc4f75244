package io.parley.benchmarks.sweep;

import io.parley.benchmarks.load.LoadSettings;
import io.parley.benchmarks.load.TalkPattern;
import io.parley.local.gateway.Impairment;

/**
 * The load of a sweep, the same for every configuration.
 *
 * @param people in each room
 * @param speakers of them, who all speak without a pause
 * @param seconds measured of each step
 * @param limitMs what the 99th percentile of the whole way may be
 * @param impair what is wrong with the network between clients and gateway, as {@link Impairment#parse} reads it; empty for
 *     nothing
 */
record SweepSettings(
        int people,
        int speakers,
        int seconds,
        int warmUpSeconds,
        int firstRooms,
        int lastRooms,
        int limitMs,
        String impair) {

    private static final int FRAME_MS = 20;
    private static final int FRAME_BYTES = 60;
    private static final int SPURT_MS = 4_000;
    private static final int PLAYOUT_MS = 200;
    private static final int TRACE_EVERY = 1_000_000;

    SweepSettings {
        impair = impair == null ? "" : impair;
        impairment(impair);
        if (firstRooms < 1 || lastRooms < firstRooms) {
            throw new IllegalArgumentException("--first-rooms is " + firstRooms + " and --last-rooms " + lastRooms
                    + ", but they must be at least 1, and the last not less than the first");
        }
        if (limitMs < 1) {
            throw new IllegalArgumentException("--limit-ms is " + limitMs + ", but must be at least 1");
        }
        of(firstRooms, people, speakers, seconds, warmUpSeconds, 100);
    }

    LoadSettings load(int rooms, int chunkMs) {
        return of(rooms, people, speakers, seconds, warmUpSeconds, chunkMs);
    }

    Impairment impairment() {
        return impairment(impair);
    }

    private static Impairment impairment(String impair) {
        return impair.isEmpty() ? Impairment.NONE : Impairment.parse(impair);
    }

    private static LoadSettings of(int rooms, int people, int speakers, int seconds, int warmUpSeconds, int chunkMs) {
        return new LoadSettings(
                rooms,
                people,
                speakers,
                TalkPattern.CONSTANT,
                chunkMs,
                FRAME_MS,
                SPURT_MS,
                FRAME_BYTES,
                seconds,
                warmUpSeconds,
                PLAYOUT_MS,
                TRACE_EVERY,
                1);
    }
}
