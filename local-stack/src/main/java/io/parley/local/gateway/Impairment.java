package io.parley.local.gateway;

import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * A bad network between client and gateway, for tests and demos: what happens to inbound audio messages.
 *
 * <p>It is artificial: TCP loses, doubles and reorders nothing, it only stalls. What a lost or reordered message shows
 * is the rest of the system under gaps, as other transports, retries and concurrent invocations make them. Only the
 * inbound way is impaired: on the way out every listener of a room is owed the same ticks, and a test that compares
 * them needs that way whole.
 *
 * <p>The n-th audio message of the c-th accepted connection always meets the same fate under the same seed, however
 * connections interleave.
 *
 * @param loss probability that a message vanishes
 * @param delayMs by which every message comes later
 * @param jitterMs up to which, evenly spread, it comes later still; messages overtake each other
 * @param duplicate probability that a message comes twice, the copy with a jitter of its own
 */
public record Impairment(double loss, long delayMs, long jitterMs, double duplicate, long seed) {

    public static final Impairment NONE = new Impairment(0, 0, 0, 0, 0);

    private static final String CURE =
            "; write it like loss=0.02,delay=40ms,jitter=30ms,duplicate=1%,seed=7 (each part may be left out)";
    private static final long MAX_MS = 60_000;

    public Impairment {
        requireProbability("loss", loss);
        requireProbability("duplicate", duplicate);
        requireTime("delay", delayMs);
        requireTime("jitter", jitterMs);
    }

    /**
     * Reads {@code loss=,delay=,jitter=,duplicate=,seed=}: probabilities as 0.02 or 2%, times as 40 or 40ms.
     *
     * @throws IllegalArgumentException naming the part that is wrong and how to write it
     */
    public static Impairment parse(String text) {
        double loss = 0;
        long delayMs = 0;
        long jitterMs = 0;
        double duplicate = 0;
        long seed = 0;
        Set<String> seen = new HashSet<>();
        if (text.isBlank()) {
            throw new IllegalArgumentException("--impair: nothing given" + CURE);
        }
        for (String part : text.split(",", -1)) {
            int equals = part.indexOf('=');
            String key = (equals < 0 ? part : part.substring(0, equals)).trim();
            String value = equals < 0 ? "" : part.substring(equals + 1).trim();
            if (value.isEmpty()) {
                throw new IllegalArgumentException("--impair: '" + part.trim() + "' has no value" + CURE);
            }
            if (!seen.add(key)) {
                throw new IllegalArgumentException("--impair: '" + key + "' is given twice" + CURE);
            }
            switch (key) {
                case "loss" -> loss = probability(key, value);
                case "duplicate" -> duplicate = probability(key, value);
                case "delay" -> delayMs = milliseconds(key, value);
                case "jitter" -> jitterMs = milliseconds(key, value);
                case "seed" -> seed = whole(key, value);
                default ->
                    throw new IllegalArgumentException("--impair: '" + key
                            + "' is no setting; there are loss, delay, jitter, duplicate and seed" + CURE);
            }
        }
        return new Impairment(loss, delayMs, jitterMs, duplicate, seed);
    }

    public boolean isNone() {
        return loss == 0 && delayMs == 0 && jitterMs == 0 && duplicate == 0;
    }

    /**
     * What becomes of a message: the delay in ms of each copy that arrives; none where it is lost.
     *
     * @param connection counts accepted connections from 0
     * @param message counts the connection's audio messages from 0
     */
    public long[] arrivals(long connection, long message) {
        // One generator a message, so that the fate hangs on nothing but the three numbers.
        SplittableRandom random = new SplittableRandom(mix(mix(mix(seed) + connection) + message));
        boolean lost = random.nextDouble() < loss;
        boolean twice = random.nextDouble() < duplicate;
        if (lost) {
            return new long[0];
        }
        long first = delayMs + jitter(random);
        return twice ? new long[] {first, delayMs + jitter(random)} : new long[] {first};
    }

    private long jitter(SplittableRandom random) {
        return jitterMs == 0 ? 0 : random.nextLong(jitterMs + 1);
    }

    /** The finaliser of splitmix64: neighbouring numbers give unrelated seeds. */
    private static long mix(long value) {
        long mixed = value + 0x9E3779B97F4A7C15L;
        mixed = (mixed ^ (mixed >>> 30)) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94D049BB133111EBL;
        return mixed ^ (mixed >>> 31);
    }

    private static double probability(String key, String value) {
        boolean percent = value.endsWith("%");
        try {
            double number = Double.parseDouble(percent ? value.substring(0, value.length() - 1) : value);
            return percent ? number / 100 : number;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--impair: " + key + "=" + value + " is not a number" + CURE, e);
        }
    }

    private static long milliseconds(String key, String value) {
        return whole(key, value.endsWith("ms") ? value.substring(0, value.length() - 2) : value);
    }

    private static long whole(String key, String value) {
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--impair: " + key + "=" + value + " is not a whole number" + CURE, e);
        }
    }

    private static void requireProbability(String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException(
                    "--impair: " + name + "=" + value + " is no probability; give one from 0 to 1, or 0% to 100%");
        }
    }

    private static void requireTime(String name, long ms) {
        if (ms < 0 || ms > MAX_MS) {
            throw new IllegalArgumentException(
                    "--impair: " + name + "=" + ms + " ms is out of range; give 0 to " + MAX_MS + " ms");
        }
    }
}
