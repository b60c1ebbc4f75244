package io.parley.benchmarks.load;

import io.parley.local.demo.HopTable;
import io.parley.local.demo.HopTable.Hop;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;

/**
 * What a run gave. A frame counts once for each listener who should hear it.
 *
 * @param way of every chunk and listener
 * @param hops of the chunks that asked for their times
 * @param lag how late the load itself was with sending
 * @param late of the delivered frames, those that came after their place had been played
 * @param lost frames that never came
 * @param declaredLost of them, those that a tick declared lost
 * @param duplicated frames that came once more
 * @param posts received by all people
 * @param listenerPosts received by those who only listen
 * @param closed connections that ended by themselves
 * @param stack what the stack used meanwhile; null where it does not tell
 * @param loadCpuNs processor time of the load's own process
 */
public record LoadResult(
        LoadSettings settings,
        Percentiles way,
        Map<Hop, Percentiles> hops,
        Percentiles lag,
        long expected,
        long delivered,
        long late,
        long lost,
        long declaredLost,
        long duplicated,
        long posts,
        long listenerPosts,
        double talkShare,
        double talkersWhileAnyTalks,
        Map<String, Long> errors,
        long closed,
        StackReading stack,
        long loadCpuNs) {

    /** In milliseconds. */
    public record Percentiles(long count, double p50, double p95, double p99, double p999, double max) {

        static Percentiles of(Histogram us) {
            return new Percentiles(
                    us.getTotalCount(),
                    us.getValueAtPercentile(50) / 1000.0,
                    us.getValueAtPercentile(95) / 1000.0,
                    us.getValueAtPercentile(99) / 1000.0,
                    us.getValueAtPercentile(99.9) / 1000.0,
                    us.getMaxValue() / 1000.0);
        }

        static Percentiles of(HopTable hops, Hop hop) {
            return new Percentiles(
                    hops.count(),
                    hops.ms(hop, 50),
                    hops.ms(hop, 95),
                    hops.ms(hop, 99),
                    hops.ms(hop, 99.9),
                    hops.ms(hop, 100));
        }
    }

    static LoadResult of(
            LoadSettings settings,
            RunMeters meters,
            Histogram wholeWay,
            List<Hearing> hearings,
            List<SpeechPlan> plans,
            StackReading stack,
            long loadCpuNs) {
        Map<Hop, Percentiles> hops = new EnumMap<>(Hop.class);
        for (Hop hop : Hop.values()) {
            hops.put(hop, Percentiles.of(meters.hops, hop));
        }
        long expected = hearings.stream().mapToLong(Hearing::expected).sum();
        long delivered = hearings.stream().mapToLong(Hearing::delivered).sum();
        TalkShare talk = TalkShare.of(plans, settings);
        return new LoadResult(
                settings,
                Percentiles.of(wholeWay),
                hops,
                Percentiles.of(meters.lag.getIntervalHistogram()),
                expected,
                delivered,
                hearings.stream().mapToLong(Hearing::late).sum(),
                expected - delivered,
                hearings.stream().mapToLong(Hearing::declaredLost).sum(),
                hearings.stream().mapToLong(Hearing::duplicated).sum(),
                meters.posts.sum(),
                meters.postsToListeners.sum(),
                talk.share(),
                talk.talkers(),
                meters.errors(),
                meters.closed.sum(),
                stack,
                loadCpuNs);
    }

    public double personSeconds() {
        return (double) settings.connections() * settings.seconds();
    }

    /** Posts that one person gets in a second, over all people. */
    public double postsAPersonSecond() {
        return posts / personSeconds();
    }

    /** Of those who only listen; not a number where everybody speaks. */
    public double postsAListenerSecond() {
        return listenerPosts
                / ((double) settings.rooms() * (settings.people() - settings.speakers()) * settings.seconds());
    }

    /** Processor time of the stack for a frame at one listener, in µs; not a number where it does not tell. */
    public double cpuUsADeliveredFrame() {
        return stack == null || delivered == 0 ? Double.NaN : stack.cpuNs() / 1000.0 / delivered;
    }

    /** Processor time of the stack for a person in the room for a second, in ms. */
    public double cpuMsAPersonSecond() {
        return stack == null ? Double.NaN : stack.cpuNs() / 1e6 / personSeconds();
    }
}
