package io.parley.benchmarks.latency;

import io.parley.benchmarks.latency.Hops.Hop;
import java.util.ArrayList;
import java.util.List;

/**
 * A way from mouth to ear.
 *
 * @param chunkMs speech that is collected before it is sent
 * @param tickMs how long a chunk may wait for its tick, at most; 0: there are no ticks
 * @param bufferMs how long a listener buffers the first chunk of a spurt before it plays it
 * @param hops on the way, in order
 */
record Design(String name, int chunkMs, int tickMs, int bufferMs, List<Hop> hops) {

    /** As room.playout-hint-ms is for ticks of 100 ms: a tick period and a bit. */
    private static final int OVER_A_TICK_MS = 20;

    Design {
        hops = List.copyOf(hops);
    }

    static Design parley(int chunkMs, int tickMs, Hops hops, Hop software) {
        return new Design(
                String.format("Parley, chunks %d ms, ticks %d ms", chunkMs, tickMs),
                chunkMs,
                tickMs,
                tickMs + OVER_A_TICK_MS,
                List.of(
                        hops.hop("devices"),
                        hops.hop("up-link"),
                        hops.hop("gateway-to-lambda"),
                        hops.hop("kinesis-put"),
                        hops.hop("kinesis-efo"),
                        software,
                        hops.hop("lambda-call"),
                        hops.hop("post"),
                        hops.hop("down-link")));
    }

    /** An object and an event for each frame, and two Lambdas behind the event, as Parley's model did it. */
    static Design original(Hops hops) {
        List<Hop> way = new ArrayList<>(List.of(
                hops.hop("devices"),
                hops.hop("up-link"),
                hops.hop("gateway-to-lambda"),
                hops.hop("s3-put"),
                hops.hop("eventbridge"),
                hops.hop("lambda-with-table"),
                hops.hop("lambda-with-table"),
                hops.hop("post"),
                hops.hop("down-link")));
        return new Design("the original design, an event for each 20 ms", 20, 0, 120, way);
    }
}
