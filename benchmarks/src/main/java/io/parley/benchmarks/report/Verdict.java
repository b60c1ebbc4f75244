package io.parley.benchmarks.report;

/** Whether a figure is where it should be, or the rounds differ too much to tell. */
public enum Verdict {
    MET("met in every round"),
    MISSED("missed in every round"),
    UNCLEAR("the rounds disagree: within the noise");

    private final String text;

    Verdict(String text) {
        this.text = text;
    }

    public static Verdict atLeast(double target, Spread figure) {
        return of(figure.least() >= target, figure.most() < target);
    }

    public static Verdict atMost(double target, Spread figure) {
        return of(figure.most() <= target, figure.least() > target);
    }

    private static Verdict of(boolean always, boolean never) {
        return always ? MET : never ? MISSED : UNCLEAR;
    }

    @Override
    public String toString() {
        return text;
    }
}
