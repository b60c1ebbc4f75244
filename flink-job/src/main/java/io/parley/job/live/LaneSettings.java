package io.parley.job.live;

import io.parley.job.JobOptions;
import io.parley.job.MicroClock;

/** What all lanes of a subtask have in common. Immutable. */
final class LaneSettings {

    private final int callTimeoutMs;
    private final int playoutDeadlineMs;
    private final int maxWaitingTicks;
    private final MicroClock clock;

    LaneSettings(int callTimeoutMs, int playoutDeadlineMs, int maxWaitingTicks, MicroClock clock) {
        this.callTimeoutMs = callTimeoutMs;
        this.playoutDeadlineMs = playoutDeadlineMs;
        this.maxWaitingTicks = maxWaitingTicks;
        this.clock = clock;
    }

    static LaneSettings from(JobOptions options, MicroClock clock) {
        return new LaneSettings(
                options.get(JobOptions.CALL_TIMEOUT),
                options.rooms().playoutDeadlineMs(),
                options.get(JobOptions.MAX_WAITING_TICKS),
                clock);
    }

    int callTimeoutMs() {
        return callTimeoutMs;
    }

    /** How long the function may take, so that its answer is here before the call is given up. */
    int answerTimeMs() {
        return callTimeoutMs - callTimeoutMs / 8;
    }

    /** How long after its tick was closed a frame is still worth hearing. */
    int playoutDeadlineMs() {
        return playoutDeadlineMs;
    }

    int maxWaitingTicks() {
        return maxWaitingTicks;
    }

    MicroClock clock() {
        return clock;
    }
}
