package io.parley.benchmarks.load;

import picocli.CommandLine.Option;

/** Options that say what the load is. */
public final class LoadArguments {

    @Option(names = "--rooms", paramLabel = "N", defaultValue = "4", description = "Default: ${DEFAULT-VALUE}.")
    private int rooms;

    @Option(
            names = "--people",
            paramLabel = "N",
            defaultValue = "10",
            description = "In each room; everybody listens (default: ${DEFAULT-VALUE}).")
    private int people;

    @Option(
            names = "--speakers",
            paramLabel = "N",
            defaultValue = "2",
            description = "Of the people, in each room; 0 for silence (default: ${DEFAULT-VALUE}).")
    private int speakers;

    @Option(
            names = "--pattern",
            paramLabel = "constant|turns",
            defaultValue = "CONSTANT",
            description = "All speakers at once without a pause, or one after the other with overlaps and pauses"
                    + " (default: constant).")
    private TalkPattern pattern;

    @Option(
            names = "--chunk-ms",
            paramLabel = "MS",
            defaultValue = "100",
            description = "Speech in one message (default: ${DEFAULT-VALUE}).")
    private int chunkMs;

    @Option(
            names = "--frame-ms",
            paramLabel = "MS",
            defaultValue = "20",
            description = "10, 20, 40 or 60 (default: ${DEFAULT-VALUE}).")
    private int frameMs;

    @Option(
            names = "--frame-bytes",
            paramLabel = "N",
            defaultValue = "0",
            description = "Of a frame's payload (default: those of 24 kbit/s).")
    private int frameBytes;

    @Option(
            names = "--spurt-ms",
            paramLabel = "MS",
            defaultValue = "4000",
            description = "Of a spurt, with --pattern constant (default: ${DEFAULT-VALUE}).")
    private int spurtMs;

    @Option(
            names = "--duration",
            paramLabel = "SECONDS",
            defaultValue = "60",
            description = "Measured (default: ${DEFAULT-VALUE}).")
    private int seconds;

    @Option(
            names = "--warm-up",
            paramLabel = "SECONDS",
            defaultValue = "20",
            description = "The same load before, not measured (default: ${DEFAULT-VALUE}).")
    private int warmUpSeconds;

    @Option(
            names = "--playout-ms",
            paramLabel = "MS",
            defaultValue = "120",
            description = "How long a listener waits before playing a spurt; what misses its place is late"
                    + " (default: ${DEFAULT-VALUE}).")
    private int playoutMs;

    @Option(
            names = "--trace-every",
            paramLabel = "N",
            defaultValue = "10",
            description = "Measure the hops of one chunk in so many (default: ${DEFAULT-VALUE}).")
    private int traceEvery;

    @Option(
            names = "--seed",
            paramLabel = "N",
            defaultValue = "1",
            description = "Of what is drawn by chance (default: ${DEFAULT-VALUE}).")
    private long seed;

    int chunkMs() {
        return chunkMs;
    }

    /** Checks them; an IllegalArgumentException says what is wrong. */
    LoadSettings settings() {
        return new LoadSettings(
                rooms,
                people,
                speakers,
                pattern,
                chunkMs,
                frameMs,
                spurtMs,
                frameBytes == 0 ? frameMs * 3 : frameBytes,
                seconds,
                warmUpSeconds,
                playoutMs,
                traceEvery,
                seed);
    }
}
