package io.parley.broadcast;

import io.parley.core.options.Option;
import io.parley.core.options.OptionValues;
import java.time.Duration;
import java.util.List;

/**
 * The broadcast function's own settings, read from its environment.
 *
 * @param concurrency how many connections one invocation posts to at a time
 * @param retryDelay how long to wait before the one retry of a throttled or failed post
 * @param rosterTtl after how long a room's members are read again though its roster version did not change
 * @param rosterStale for how long they serve where they cannot be read again and the version did not change
 * @param rosterRooms of how many rooms the members are remembered
 */
public record BroadcastOptions(
        int concurrency, Duration retryDelay, Duration rosterTtl, Duration rosterStale, int rosterRooms) {

    public static final Option<Integer> CONCURRENCY = Option.integer(
            "BROADCAST_CONCURRENCY", 64, 1, 1_000, "To how many connections one invocation posts at a time.");
    public static final Option<Integer> RETRY_DELAY = Option.integer(
            "BROADCAST_RETRY_DELAY_MS", 25, 0, 1_000, "How long to wait before a failed post is tried once more.");
    public static final Option<Integer> ROSTER_TTL = Option.integer(
            "BROADCAST_ROSTER_SECONDS", 30, 1, 600, "After how long a room's members are read again in any case.");
    public static final Option<Integer> ROSTER_STALE = Option.integer(
            "BROADCAST_ROSTER_STALE_SECONDS",
            300,
            0,
            3_600,
            "For how long after their read they serve on where the table cannot be read and nobody joined or left.");
    public static final Option<Integer> ROSTER_ROOMS = Option.integer(
            "BROADCAST_ROSTER_ROOMS", 1_000, 1, 100_000, "Of how many rooms the members are remembered.");

    public static final Option<Integer> POST_TIMEOUT = Option.integer(
            "BROADCAST_POST_TIMEOUT_MS", 800, 50, 10_000, "How long one post may take before it counts as failed.");
    public static final Option<String> CONNECTIONS_TABLE =
            Option.required("CONNECTIONS_TABLE", "The DynamoDB table of connections and rooms.");
    public static final Option<String> VOICE_STREAM =
            Option.required("VOICE_STREAM", "The Kinesis stream, for the departures of gone connections.");
    public static final Option<String> CALLBACK_URL = Option.required(
            "CALLBACK_URL", "The gateway's stage, https://<api>.execute-api.<region>.amazonaws.com/<stage>.");

    public static final List<Option<?>> ALL = List.of(
            CONCURRENCY,
            RETRY_DELAY,
            ROSTER_TTL,
            ROSTER_STALE,
            ROSTER_ROOMS,
            POST_TIMEOUT,
            CONNECTIONS_TABLE,
            VOICE_STREAM,
            CALLBACK_URL);

    /** Reads the options among other settings; throws {@link io.parley.core.options.OptionException}. */
    public static BroadcastOptions from(OptionValues values) {
        return new BroadcastOptions(
                values.get(CONCURRENCY),
                Duration.ofMillis(values.get(RETRY_DELAY)),
                Duration.ofSeconds(values.get(ROSTER_TTL)),
                Duration.ofSeconds(values.get(ROSTER_STALE)),
                values.get(ROSTER_ROOMS));
    }
}
