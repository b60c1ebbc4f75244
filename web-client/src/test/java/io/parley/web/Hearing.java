package io.parley.web;

/** What two people in their tabs hear of each other. */
final class Hearing {

    /** So much speech in one piece is compared. */
    private static final double SECONDS = 5;

    private static final double LISTENED = 10;
    private static final int ATTEMPTS = 8;

    private Hearing() {}

    /**
     * What the one hears, beside what the other says and what they say themselves.
     *
     * @param other to the WAV that the other's microphone hears
     * @param own to the WAV that the own microphone hears
     * @param mouthToEarMs from the other's capture to the own output, with what the browser says the output takes
     */
    record Heard(Likeness other, Likeness own, double mouthToEarMs) {}

    /**
     * Listens until five seconds in one piece are as like as that, or gives those that were most: a buffer that adapts,
     * and a busy machine, shift what is heard now and then.
     */
    static Heard until(double correlation, VoiceTab ear, String ownVoice, VoiceTab mouth, String voice) {
        Heard best = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            ear.pass(LISTENED);
            Heard heard = best(correlation, ear, ownVoice, mouth, voice);
            if (best == null || heard.other().correlation() > best.other().correlation()) {
                best = heard;
            }
            if (best.other().correlation() > correlation) {
                break;
            }
        }
        return best;
    }

    /** The most like of what was heard in the last seconds. */
    static Heard best(double enough, VoiceTab ear, String ownVoice, VoiceTab mouth, String voice) {
        Sound all = ear.heard(LISTENED);
        Sound microphone = mouth.spoken(LISTENED + 3);
        Sound best = null;
        Likeness other = new Likeness(-1, 0);
        for (double at = 0; at + SECONDS <= all.seconds() && other.correlation() <= enough; at += 0.5) {
            Sound heard = all.part(at, at + SECONDS);
            double untilSeconds = (heard.startMs() - microphone.startMs()) / 1_000 + SECONDS;
            Sound said = Sound.ofVoice(voice).asSaidInto(microphone.part(0, untilSeconds));
            Likeness like = Likeness.of(heard, said);
            if (like.correlation() > other.correlation()) {
                best = heard;
                other = like;
            }
        }
        if (best == null) {
            throw new AssertionError("only " + all.seconds() + " s were heard");
        }
        Likeness own = Likeness.of(best, Sound.ofVoice(ownVoice).asSaidInto(ear.spoken(4)));
        double outputMs = ((Number) ear.page().evaluate("window.taps.output.latencyMs()")).doubleValue();
        return new Heard(other, own, other.lagMs() + outputMs);
    }
}
