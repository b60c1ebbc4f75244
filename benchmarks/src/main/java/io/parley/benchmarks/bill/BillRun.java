package io.parley.benchmarks.bill;

import io.parley.benchmarks.load.LoadResult;
import io.parley.benchmarks.load.LoadSettings;
import io.parley.benchmarks.load.LoadTargets;
import io.parley.benchmarks.load.StackReading;
import io.parley.benchmarks.load.TalkPattern;
import io.parley.benchmarks.load.Target;
import io.parley.benchmarks.naive.NaiveStackProcess;
import io.parley.local.meter.UsageMeter;
import java.io.IOException;
import java.io.PrintStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/** Runs configurations under a load and counts what they use. */
final class BillRun {

    private static final int FRAME_MS = 20;
    /** As long as {@link Talk}'s. */
    private static final int UTTERANCE_MS = (int) (Talk.UTTERANCE_SECONDS * 1000);

    /** Of what the first words in a room cause. */
    private static final int SETTLE_SECONDS = 2;

    private static final int NAIVE_SECONDS = 2;
    private static final int ATTEMPTS = 4;
    private static final double LEAST_HEARD = 0.99;
    private static final double LEAST_POSTED = 0.97;

    /** How long a run lasts and how many are in it. */
    record Scale(int rooms, int people, int speakers, int seconds, int warmUpSeconds) {

        Scale withSpeakers(int speaking) {
            return new Scale(rooms, people, speaking, seconds, warmUpSeconds);
        }
    }

    /**
     * What a configuration was counted to use.
     *
     * @param posts a person and second
     * @param delivered share of the frames that were heard
     */
    record Counted(String name, CountedUsage usage, double posts, double delivered) {}

    private final Scale scale;
    private final PrintStream out;

    BillRun(Scale scale, PrintStream out) {
        this.scale = scale;
        this.out = out;
    }

    private static LoadSettings settings(Scale scale, int chunkMs) {
        return new LoadSettings(
                scale.rooms(),
                scale.people(),
                scale.speakers(),
                TalkPattern.CONSTANT,
                chunkMs,
                FRAME_MS,
                UTTERANCE_MS,
                Talk.FRAME_BYTES,
                scale.seconds(),
                scale.warmUpSeconds(),
                1_000,
                1_000_000,
                1);
    }

    Counted count(BillCase configuration) throws Exception {
        out.println(configuration.name() + ":");
        try (Target target = LoadTargets.start(configuration.stack())) {
            LoadSettings load = settings(scale, configuration.chunkMs());
            LoadResult result = LoadTargets.run(target, load, out);
            for (int more = 1; more < ATTEMPTS && !isWhole(result, configuration); more++) {
                out.println(shortfall(result) + "; again");
                result = LoadTargets.run(target, load, out);
            }
            if (!isWhole(result, configuration)) {
                throw new IllegalStateException(shortfall(result));
            }
            double roomHours = scale.rooms() * scale.seconds() / 3600.0;
            return new Counted(
                    configuration.name(),
                    new CountedUsage(
                            result.stack().usage(),
                            roomHours,
                            scale.people(),
                            configuration.archive().keepsChunks()),
                    result.postsAPersonSecond(),
                    (double) result.delivered() / Math.max(1, result.expected()));
        }
    }

    /**
     * Whether all that was said was heard, with a post in nearly each tick period. What a busy machine drops or merges
     * would make the bill too small.
     */
    static boolean isWhole(LoadResult result, BillCase configuration) {
        return result.delivered() >= LEAST_HEARD * result.expected()
                && result.postsAPersonSecond() >= LEAST_POSTED * 1000 / configuration.tickMs();
    }

    private static String shortfall(LoadResult result) {
        return String.format(
                Locale.ROOT,
                "this machine was too busy: %.1f %% of the frames were heard, with %.2f posts a person and second",
                100.0 * result.delivered() / Math.max(1, result.expected()),
                result.postsAPersonSecond());
    }

    /** Posts that somebody who only listens gets in a second, by the number of speakers; in one room. */
    Map<Integer, Double> postsBySpeakers(BillCase configuration, List<Integer> speakers) throws Exception {
        out.println("posts by speakers:");
        Map<Integer, Double> posts = new LinkedHashMap<>();
        try (Target target = LoadTargets.start(configuration.stack())) {
            // Two who only listen, whoever speaks.
            int most = speakers.stream().mapToInt(Integer::intValue).max().orElse(0);
            Scale room = new Scale(1, most + 2, most, 1, scale.warmUpSeconds());
            LoadTargets.run(target, settings(room, configuration.chunkMs()), out);
            for (int speaking : speakers) {
                Scale one = new Scale(1, most + 2, speaking, scale.seconds(), SETTLE_SECONDS);
                LoadResult result = LoadTargets.run(target, settings(one, configuration.chunkMs()), out);
                posts.put(speaking, result.postsAListenerSecond());
            }
        }
        return posts;
    }

    /**
     * Has the naive design take what one speaker says in some seconds, waits until all of it has been worked off, however
     * long that takes here, and multiplies by what so many speakers say in an hour: each frame costs the same.
     */
    Counted countNaive() throws Exception {
        out.println("naive:");
        try (Target target = LoadTargets.start(NaiveStackProcess.class)) {
            LoadSettings load = settings(new Scale(1, scale.people(), 1, NAIVE_SECONDS, 0), FRAME_MS);
            NaiveCount count = new NaiveCount(target);
            LoadResult result = LoadTargets.run(target, load, out, count);
            for (int more = 1; more < ATTEMPTS && !count.isExact(); more++) {
                out.println(count.runs() + ": not each once, since this machine is busy; again");
                count = new NaiveCount(target);
                result = LoadTargets.run(target, load, out, count);
            }
            if (!count.isExact()) {
                throw new IllegalStateException("this machine is too busy to count the naive design: " + count.runs());
            }
            double framesAnHour = scale.speakers() * 3600.0 * 1000 / FRAME_MS;
            double frames = count.frames();
            return new Counted(
                    "naive",
                    new CountedUsage(count.counted.usage(), frames / framesAnHour, scale.people(), true),
                    count.counted.of(UsageMeter.POSTS) / frames * framesAnHour / 3600 / scale.people(),
                    (double) result.delivered() / Math.max(1, result.expected()));
        }
    }

    /** What the naive design uses from the first frame until the last has been worked off. */
    private static final class NaiveCount implements LoadTargets.Moments {

        private static final List<String> FUNCTIONS = List.of(
                NaiveStackProcess.AUDIO,
                NaiveStackProcess.PROCESS,
                NaiveStackProcess.BROADCAST,
                NaiveStackProcess.COMPLETE);
        private static final int QUIET_SECONDS = 5;
        private static final int WAIT_SECONDS = 300;

        private final Target target;
        private StackReading before;
        private StackReading counted;

        NaiveCount(Target target) {
            this.target = target;
        }

        @Override
        public void beforeTalk() throws IOException {
            before = target.read();
        }

        @Override
        public void afterTalk() throws IOException, InterruptedException {
            counted = target.read().since(before);
            int quiet = 0;
            for (int waited = 0; waited < WAIT_SECONDS && quiet < QUIET_SECONDS; waited++) {
                Thread.sleep(1_000);
                StackReading now = target.read().since(before);
                quiet = now.usage().equals(counted.usage()) ? quiet + 1 : 0;
                counted = now;
            }
        }

        /** Whether each function ran once for each frame: one that timed out is run again, and would count twice. */
        boolean isExact() {
            return frames() > 0
                    && FUNCTIONS.stream()
                            .allMatch(function -> counted.of(UsageMeter.invocations(function)) == frames());
        }

        String runs() {
            return FUNCTIONS.stream()
                    .map(function -> function + ' ' + (int) counted.of(UsageMeter.invocations(function)))
                    .collect(Collectors.joining(", ", (int) frames() + " frames; runs: ", ""));
        }

        double frames() {
            return counted.of(UsageMeter.MESSAGES_IN);
        }
    }
}
