package io.parley.benchmarks.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.random.RandomGenerator;

/** When the people of a room speak. */
public enum TalkPattern {
    /** All speakers at once and without a pause, in spurts of the same length: the most that so many speakers can do. */
    CONSTANT {
        @Override
        List<List<Spurt>> draw(LoadSettings settings, RandomGenerator random) {
            List<List<Spurt>> speakers = new ArrayList<>();
            int spurtMs = Math.max(settings.chunkMs(), settings.spurtMs() / settings.chunkMs() * settings.chunkMs());
            for (int speaker = 0; speaker < settings.speakers(); speaker++) {
                List<Spurt> spurts = new ArrayList<>();
                for (long at = random.nextInt(settings.chunkMs()); at < settings.wholeMs(); at += spurtMs) {
                    spurts.add(new Spurt(at, spurtMs));
                }
                speakers.add(spurts);
            }
            return speakers;
        }
    },

    /**
     * One after the other, as in a conversation: a turn lasts some two seconds (lognormal), the next begins 200 ms after
     * its end on average, one in three before it (normal, sigma 450 ms), and during one long turn in three somebody else
     * says something short. The form and these figures are an assumption, near what studies of talk report.
     */
    TURNS {
        private static final double TURN_MS = 2_000;
        private static final double TURN_SIGMA = 0.8;
        private static final double GAP_MS = 200;
        private static final double GAP_SIGMA_MS = 450;
        private static final int SHORT_MS = 400;
        private static final int LONG_TURN_MS = 1_500;

        @Override
        List<List<Spurt>> draw(LoadSettings settings, RandomGenerator random) {
            int speakers = settings.speakers();
            List<List<Spurt>> drawn = new ArrayList<>();
            for (int i = 0; i < speakers; i++) {
                drawn.add(new ArrayList<>());
            }
            if (speakers == 0) {
                return drawn;
            }
            int who = random.nextInt(speakers);
            long at = random.nextInt(1_000);
            while (at < settings.wholeMs()) {
                long turnMs =
                        (long) Math.min(15_000, Math.max(200, TURN_MS * Math.exp(TURN_SIGMA * random.nextGaussian())));
                drawn.get(who).add(new Spurt(at, turnMs));
                if (speakers > 1 && turnMs > LONG_TURN_MS && random.nextInt(3) == 0) {
                    int other = (who + 1 + random.nextInt(speakers - 1)) % speakers;
                    drawn.get(other).add(new Spurt(at + random.nextLong(turnMs - SHORT_MS), SHORT_MS));
                }
                at += Math.max(200, turnMs + (long) (GAP_MS + GAP_SIGMA_MS * random.nextGaussian()));
                who = speakers == 1 ? who : (who + 1 + random.nextInt(speakers - 1)) % speakers;
            }
            return drawn.stream().map(TalkPattern::withoutOverlap).toList();
        }
    };

    /** Between two spurts of one person. */
    private static final int BREATH_MS = 100;

    /** One person speaking, from so many ms after the beginning. */
    record Spurt(long fromMs, long ms) {}

    /** The spurts of each speaker of one room, in order. */
    abstract List<List<Spurt>> draw(LoadSettings settings, RandomGenerator random);

    /** Nobody speaks twice at once. */
    private static List<Spurt> withoutOverlap(List<Spurt> spurts) {
        List<Spurt> kept = new ArrayList<>();
        long freeFromMs = 0;
        for (Spurt spurt :
                spurts.stream().sorted(Comparator.comparingLong(Spurt::fromMs)).toList()) {
            if (spurt.fromMs() >= freeFromMs) {
                kept.add(spurt);
                freeFromMs = spurt.fromMs() + spurt.ms() + BREATH_MS;
            }
        }
        return kept;
    }
}
