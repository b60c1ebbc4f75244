package io.parley.local.lambda;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import io.parley.local.edge.AwsException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.util.Locale;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs one function's invocations: at most {@code concurrency} at once, each in an execution environment of its own.
 *
 * <p>A synchronous invocation beyond the limit is throttled at once; an event waits in line. A handler that was timed out
 * keeps its place until it returns (AWS kills the environment, a JVM cannot kill a thread), and its environment is not
 * used again. Safe for threads; futures complete on a worker thread.
 */
final class FunctionRunner {

    /** Of a response: 6 MB and a little (Lambda quotas; the exact figure is the one in the service's message). */
    static final int MAX_RESPONSE_BYTES = 6 * 1024 * 1024 + 100;

    private static final Logger LOG = LoggerFactory.getLogger(FunctionRunner.class);

    private final LocalFunction function;
    private final String arn;
    private final Clock clock;
    private final Executor workers;
    private final ScheduledExecutorService timer;
    private final InvocationObserver observer;
    private final Semaphore slots;
    private final ConcurrentLinkedDeque<RequestStreamHandler> idle = new ConcurrentLinkedDeque<>();
    private final Queue<Invocation> waitingEvents = new ConcurrentLinkedQueue<>();

    FunctionRunner(
            LocalFunction function,
            String arn,
            Clock clock,
            Executor workers,
            ScheduledExecutorService timer,
            InvocationObserver observer) {
        this.function = function;
        this.arn = arn;
        this.clock = clock;
        this.workers = workers;
        this.timer = timer;
        this.observer = observer;
        this.slots = new Semaphore(function.concurrency());
    }

    LocalFunction function() {
        return function;
    }

    String arn() {
        return arn;
    }

    /** Fails with TooManyRequestsException where all places are taken. */
    CompletableFuture<InvocationResult> invoke(byte[] payload) {
        if (!slots.tryAcquire()) {
            return CompletableFuture.failedFuture(new AwsException(429, "TooManyRequestsException", "Rate Exceeded."));
        }
        Invocation invocation = new Invocation(UUID.randomUUID().toString(), payload);
        start(invocation);
        return invocation.result;
    }

    /** Runs as soon as a place is free. */
    CompletableFuture<InvocationResult> invokeInTurn(String requestId, byte[] payload) {
        Invocation invocation = new Invocation(requestId, payload);
        waitingEvents.add(invocation);
        startWaiting();
        return invocation.result;
    }

    private void startWaiting() {
        while (!waitingEvents.isEmpty() && slots.tryAcquire()) {
            Invocation next = waitingEvents.poll();
            if (next == null) {
                slots.release();
            } else {
                start(next);
            }
        }
    }

    private void start(Invocation invocation) {
        try {
            workers.execute(invocation::run);
        } catch (RuntimeException e) {
            slots.release();
            invocation.result.completeExceptionally(e);
        }
    }

    private RequestStreamHandler environment() {
        RequestStreamHandler warm = idle.pollFirst();
        return warm == null ? TypedHandler.streaming(function.handlers().get()) : warm;
    }

    private final class Invocation {

        private final String requestId;
        private final byte[] payload;
        private final CompletableFuture<InvocationResult> result = new CompletableFuture<>();

        // Guarded by this: the timer must not interrupt a worker that has gone on to other work.
        private Thread worker;
        private boolean timedOut;

        Invocation(String requestId, byte[] payload) {
            this.requestId = requestId;
            this.payload = payload;
        }

        void run() {
            synchronized (this) {
                worker = Thread.currentThread();
            }
            ScheduledFuture<?> timeout =
                    timer.schedule(this::timeOut, function.timeout().toNanos(), TimeUnit.NANOSECONDS);
            RequestStreamHandler handler = null;
            InvocationResult answer;
            long startNanos = System.nanoTime();
            try {
                FunctionContext context = new FunctionContext(requestId, function, arn, clock);
                handler = environment();
                ByteArrayOutputStream out = new ByteArrayOutputStream();
                handler.handleRequest(new ByteArrayInputStream(payload), out, context);
                answer = answer(out.toByteArray());
            } catch (Throwable e) {
                // An Error of the handler is its own too: the runtime reports it and lives on.
                LOG.warn("{} failed, request {}", function.name(), requestId, e);
                answer = new InvocationResult(requestId, FunctionError.of(e), true);
            }
            observer.invoked(function.name(), System.nanoTime() - startNanos);
            timeout.cancel(false);
            boolean inTime;
            synchronized (this) {
                worker = null;
                inTime = !timedOut;
            }
            Thread.interrupted();
            if (inTime && handler != null) {
                idle.addFirst(handler);
            }
            slots.release();
            startWaiting();
            if (inTime) {
                result.complete(answer);
            }
        }

        private InvocationResult answer(byte[] bytes) {
            if (bytes.length > MAX_RESPONSE_BYTES) {
                String message = "Response payload size exceeded maximum allowed payload size (" + MAX_RESPONSE_BYTES
                        + " bytes).";
                return new InvocationResult(
                        requestId, FunctionError.of("Function.ResponseSizeTooLarge", message), true);
            }
            return new InvocationResult(requestId, bytes, false);
        }

        private void timeOut() {
            synchronized (this) {
                if (worker == null) {
                    return;
                }
                timedOut = true;
                worker.interrupt();
            }
            double seconds = function.timeout().toMillis() / 1000.0;
            String message = String.format(
                    Locale.ROOT, "RequestId: %s Error: Task timed out after %.2f seconds", requestId, seconds);
            LOG.warn("{}: {}", function.name(), message);
            InvocationResult answer =
                    new InvocationResult(requestId, FunctionError.of("Sandbox.Timedout", message), true);
            workers.execute(() -> result.complete(answer));
        }
    }
}
