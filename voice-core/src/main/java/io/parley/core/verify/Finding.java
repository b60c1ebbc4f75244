package io.parley.core.verify;

import java.util.Objects;

/** One place of a tick log that breaks a rule, or is worth a note. */
public final class Finding {

    /** Stands for an epoch or tick that cannot be told. */
    public static final long NONE = -1;

    private final Rule rule;
    private final String room;
    private final long epoch;
    private final long tick;
    private final String object;
    private final String what;

    /**
     * @param epoch or {@link #NONE}
     * @param tick or {@link #NONE}
     * @param object the key or file that it was found in
     * @param what is wrong, as a sentence
     */
    public Finding(Rule rule, String room, long epoch, long tick, String object, String what) {
        this.rule = Objects.requireNonNull(rule);
        this.room = Objects.requireNonNull(room);
        this.epoch = epoch;
        this.tick = tick;
        this.object = Objects.requireNonNull(object);
        this.what = Objects.requireNonNull(what);
    }

    public Rule rule() {
        return rule;
    }

    public String room() {
        return room;
    }

    public long epoch() {
        return epoch;
    }

    public long tick() {
        return tick;
    }

    public String object() {
        return object;
    }

    public String what() {
        return what;
    }

    /** {@code epoch 7, tick 3}, as far as it can be told; else the object. */
    public String place() {
        if (epoch == NONE) {
            return object;
        }
        return tick == NONE ? "epoch " + epoch : "epoch " + epoch + ", tick " + tick;
    }

    @Override
    public String toString() {
        return rule.code() + ": room " + room + ", " + place() + ": " + what;
    }
}
