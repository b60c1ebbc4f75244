package io.parley.web;

/** What two people in their tabs hear of each other. */
final class Hearing {

    /** At least five seconds are compared. */
    private static final double SECONDS = 5.5;

    private static final int ATTEMPTS = 10;

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
     * Listens until it is like what was said, or gives the best of what was heard: a buffer that adapts, and a busy
     * machine, shift what is heard now and then.
     */
    static Heard until(double correlation, VoiceTab ear, String ownVoice, VoiceTab mouth, String voice)
            throws Exception {
        Heard best = null;
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            // The whole of it anew: to compare is work that what is heard meanwhile may suffer from.
            ear.wait(SECONDS + 0.5);
            Heard heard = once(ear, ownVoice, mouth, voice);
            if (best == null || heard.other().correlation() > best.other().correlation()) {
                best = heard;
            }
            if (best.other().correlation() > correlation) {
                return best;
            }
        }
        return best;
    }

    static Heard once(VoiceTab ear, String ownVoice, VoiceTab mouth, String voice) throws Exception {
        Sound heard = ear.heard(SECONDS);
        Sound said = Sound.ofVoice(voice).asSaidInto(mouth.spoken(4));
        Sound own = Sound.ofVoice(ownVoice).asSaidInto(ear.spoken(4));
        Likeness other = Likeness.of(heard, said);
        double outputMs = ((Number) ear.page().evaluate("window.taps.output.latencyMs()")).doubleValue();
        return new Heard(other, Likeness.of(heard, own), other.lagMs() + outputMs);
    }
}
