package io.parley.local.kinesis;

import io.vertx.core.Vertx;
import java.time.Duration;

/** Runs something once, later. Passed in, so that tests let five minutes pass at once. */
@FunctionalInterface
interface Timers {

    /** Any thread may run the task. The answer cancels it; cancelling what has run does nothing. */
    Runnable after(Duration delay, Runnable task);

    static Timers of(Vertx vertx) {
        return (delay, task) -> {
            long id = vertx.setTimer(Math.max(1, delay.toMillis()), fired -> task.run());
            return () -> vertx.cancelTimer(id);
        };
    }
}
