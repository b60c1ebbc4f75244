package io.parley.benchmarks.latency;

/** What a time in the model rests on. */
enum Basis {
    PUBLISHED("published"),
    SPREAD_ASSUMED("published, its spread assumed"),
    ASSUMED("assumed"),
    MEASURED("measured here"),
    CHOSEN("chosen by settings");

    private final String text;

    Basis(String text) {
        this.text = text;
    }

    @Override
    public String toString() {
        return text;
    }
}
