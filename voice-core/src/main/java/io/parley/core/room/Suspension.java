package io.parley.core.room;

import java.util.Objects;

/** That somebody may not connect for a while. Immutable. */
public final class Suspension {

    private final long untilMs;
    private final String reason;

    /**
     * @param untilMs 0: until it is lifted
     * @param reason for the operator; may be empty
     */
    public Suspension(long untilMs, String reason) {
        this.untilMs = untilMs;
        this.reason = Objects.requireNonNull(reason, "reason");
    }

    /** When it ends; 0 where it is to be lifted. */
    public long untilMs() {
        return untilMs;
    }

    public String reason() {
        return reason;
    }
}
