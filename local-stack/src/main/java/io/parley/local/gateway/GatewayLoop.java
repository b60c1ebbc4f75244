package io.parley.local.gateway;

import io.vertx.core.Context;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one thread that owns the gateway's state, and the ways back onto it: from timers and from functions that answer
 * on threads of their own.
 */
final class GatewayLoop {

    private static final Logger LOG = LoggerFactory.getLogger(GatewayLoop.class);

    private final Context context;
    private final Thread thread;
    private final Scheduler scheduler;

    /** Call on the loop itself. */
    GatewayLoop(Context context, Scheduler scheduler) {
        this.context = context;
        this.thread = Thread.currentThread();
        this.scheduler = scheduler;
    }

    /** Runs the action at once where this is the loop, else soon. */
    void run(Runnable action) {
        if (Thread.currentThread() == thread) {
            action.run();
        } else {
            context.runOnContext(ignored -> action.run());
        }
    }

    Scheduler.Timer after(long delayMs, Runnable action) {
        return scheduler.after(Math.max(1, delayMs), () -> run(action));
    }

    /**
     * Invokes the function and gives the loop, exactly once, its answer or its failure; an answer that is not there
     * after the timeout is an {@link IntegrationTimeout}, and what the function says later is dropped.
     */
    void invoke(RouteFunction function, byte[] event, long timeoutMs, BiConsumer<byte[], Throwable> done) {
        Invocation invocation = new Invocation(done);
        invocation.timer = after(timeoutMs, () -> invocation.settle(null, new IntegrationTimeout()));
        CompletionStage<byte[]> answer;
        try {
            answer = function.invoke(event);
        } catch (RuntimeException e) {
            invocation.settle(null, e);
            return;
        }
        answer.whenComplete((bytes, failure) -> run(() -> invocation.settle(bytes, failure)));
    }

    /** The integration did not answer in time. */
    static final class IntegrationTimeout extends RuntimeException {
        IntegrationTimeout() {
            super("Endpoint request timed out", null, false, false);
        }
    }

    private static final class Invocation {

        private BiConsumer<byte[], Throwable> done;
        private Scheduler.Timer timer;

        Invocation(BiConsumer<byte[], Throwable> done) {
            this.done = done;
        }

        void settle(byte[] bytes, Throwable failure) {
            if (done == null) {
                return;
            }
            BiConsumer<byte[], Throwable> once = done;
            done = null;
            timer.cancel();
            try {
                once.accept(bytes, failure);
            } catch (RuntimeException e) {
                // Else it would vanish in the function's stage.
                LOG.error("the gateway failed on a function's answer", e);
            }
        }
    }
}
