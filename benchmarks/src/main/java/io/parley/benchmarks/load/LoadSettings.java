package io.parley.benchmarks.load;

import java.util.Set;

/**
 * What is asked of the system.
 *
 * @param people in each room; each has one connection and hears everybody else
 * @param speakers in each room, of the people: all at once or in turn, as the pattern has it
 * @param spurtMs how long a spurt of {@link TalkPattern#CONSTANT} lasts
 * @param frameBytes of each frame's payload
 * @param playoutMs how long a listener waits at the beginning of a spurt before playing it; what comes after its place
 *     has been played is late
 * @param traceEvery every so many chunks one has its hop times measured, which makes its tick a little larger
 * @param seed of all that is drawn
 */
public record LoadSettings(
        int rooms,
        int people,
        int speakers,
        TalkPattern pattern,
        int chunkMs,
        int frameMs,
        int spurtMs,
        int frameBytes,
        int seconds,
        int warmUpSeconds,
        int playoutMs,
        int traceEvery,
        long seed) {

    /** Those that one byte at an Opus packet's head can say, as wideband SILK. */
    private static final Set<Integer> FRAME_MS = Set.of(10, 20, 40, 60);

    public LoadSettings {
        within("--rooms", rooms, 1, 100_000);
        within("--people", people, 1, 10_000);
        within("--speakers", speakers, 0, people);
        if (!FRAME_MS.contains(frameMs)) {
            throw new IllegalArgumentException("--frame-ms is " + frameMs + ", but must be 10, 20, 40 or 60");
        }
        within("--chunk-ms", chunkMs, frameMs, 200);
        if (chunkMs % frameMs != 0) {
            throw new IllegalArgumentException(
                    "--chunk-ms is " + chunkMs + ", but must be a multiple of --frame-ms, which is " + frameMs);
        }
        within("--spurt-ms", spurtMs, chunkMs, 3_600_000);
        within("--frame-bytes", frameBytes, 1, 1275);
        within("--duration", seconds, 1, 86_400);
        within("--warm-up", warmUpSeconds, 0, 3_600);
        within("--playout-ms", playoutMs, 0, 60_000);
        within("--trace-every", traceEvery, 1, 1_000_000);
    }

    private static void within(String option, int value, int least, int most) {
        if (value < least || value > most) {
            throw new IllegalArgumentException(
                    option + " is " + value + ", but must be within " + least + " and " + most);
        }
    }

    /** The warm-up and what is measured after it. */
    public long wholeMs() {
        return (warmUpSeconds + seconds) * 1000L;
    }

    public int connections() {
        return Math.multiplyExact(rooms, people);
    }

    public int framesPerChunk() {
        return chunkMs / frameMs;
    }
}
