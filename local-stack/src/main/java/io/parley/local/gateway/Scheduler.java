package io.parley.local.gateway;

import io.vertx.core.Vertx;

/** Runs something once after a while; injected, so that tests pass two hours without waiting. */
@FunctionalInterface
public interface Scheduler {

    /** What {@link #after} has started and may be stopped before it runs. */
    @FunctionalInterface
    interface Timer {
        void cancel();
    }

    /** Runs the action once, on any thread, when {@code delayMs} (1 or more) have passed. */
    Timer after(long delayMs, Runnable action);

    /** Real time, by the timers of Vert.x. */
    static Scheduler of(Vertx vertx) {
        return (delayMs, action) -> {
            long id = vertx.setTimer(delayMs, ignored -> action.run());
            return () -> vertx.cancelTimer(id);
        };
    }
}
