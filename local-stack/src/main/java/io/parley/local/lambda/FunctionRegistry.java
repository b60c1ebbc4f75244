package io.parley.local.lambda;

import io.parley.local.edge.AwsException;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The functions of this stack by name, and the threads that run them.
 *
 * <p>A function is named as in Lambda's Invoke: name, {@code name:$LATEST}, {@code account:function:name} or full ARN.
 * Safe for threads; no call here blocks. Futures fail with an {@link AwsException} (ResourceNotFoundException 404,
 * TooManyRequestsException 429) where the function did not run at all; a function that ran and failed is an
 * {@link InvocationResult#failed failed result}. They complete on worker threads, never on the caller's event loop.
 */
public final class FunctionRegistry implements AutoCloseable {

    /** Lambda invokes an event two times more when the function returned an error. */
    static final int EVENT_RETRIES = 2;

    private static final Logger LOG = LoggerFactory.getLogger(FunctionRegistry.class);
    private static final Pattern NAME = Pattern.compile(
            "(?:arn:aws:lambda:([a-z0-9-]+):)?(?:(\\d{12}):function:)?([a-zA-Z0-9-_]{1,64})(?::([a-zA-Z0-9$_-]+))?");

    private final Clock clock;
    private final String region;
    private final String accountId;
    private final Duration eventRetryDelay;
    private final InvocationObserver observer;
    private final Map<String, FunctionRunner> functions = new ConcurrentHashMap<>();
    private final ExecutorService workers = Executors.newCachedThreadPool(threads("lambda-"));
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1, threads("lambda-timer-"));

    public FunctionRegistry(Clock clock, String region, String accountId) {
        this(clock, region, accountId, InvocationObserver.NONE);
    }

    /** @param observer is told of every run */
    public FunctionRegistry(Clock clock, String region, String accountId, InvocationObserver observer) {
        this(clock, region, accountId, Duration.ofSeconds(1), observer);
    }

    /**
     * @param clock for what a handler's context says of the time left; timeouts themselves run on the machine's time
     * @param eventRetryDelay before each retry of a failed event (AWS waits one minute, then two)
     */
    public FunctionRegistry(Clock clock, String region, String accountId, Duration eventRetryDelay) {
        this(clock, region, accountId, eventRetryDelay, InvocationObserver.NONE);
    }

    private FunctionRegistry(
            Clock clock, String region, String accountId, Duration eventRetryDelay, InvocationObserver observer) {
        this.observer = observer;
        this.clock = clock;
        this.region = region;
        this.accountId = accountId;
        this.eventRetryDelay = eventRetryDelay;
        timer.setRemoveOnCancelPolicy(true);
    }

    /** Adds the function, or puts it in the place of the one of that name. */
    public FunctionRegistry register(LocalFunction function) {
        functions.put(
                function.name(), new FunctionRunner(function, arnOf(function.name()), clock, workers, timer, observer));
        return this;
    }

    public String arnOf(String functionName) {
        return "arn:aws:lambda:" + region + ":" + accountId + ":function:" + functionName;
    }

    /** Whether an invocation would find the function. */
    public boolean has(String nameOrArn) {
        return lookUp(nameOrArn) != null;
    }

    /** Runs the function now (RequestResponse); throttled at once beyond its concurrency. */
    public CompletableFuture<InvocationResult> invoke(String nameOrArn, byte[] payload) {
        FunctionRunner runner = lookUp(nameOrArn);
        return runner == null ? CompletableFuture.failedFuture(notFound(nameOrArn)) : runner.invoke(payload);
    }

    /**
     * Runs the function when it has a place free (Event), and up to two times more when it fails.
     *
     * @return the last run's result, for whoever cares; AWS's caller learns only that the event was taken
     */
    public CompletableFuture<InvocationResult> invokeEvent(String nameOrArn, byte[] payload) {
        FunctionRunner runner = lookUp(nameOrArn);
        if (runner == null) {
            return CompletableFuture.failedFuture(notFound(nameOrArn));
        }
        return runEvent(runner, UUID.randomUUID().toString(), payload, EVENT_RETRIES);
    }

    private CompletableFuture<InvocationResult> runEvent(
            FunctionRunner runner, String requestId, byte[] payload, int retriesLeft) {
        return runner.invokeInTurn(requestId, payload).thenCompose(result -> {
            if (!result.failed()) {
                return CompletableFuture.completedFuture(result);
            }
            if (retriesLeft == 0) {
                LOG.warn("{} gave up event {}: {}", runner.function().name(), requestId, result.text());
                return CompletableFuture.completedFuture(result);
            }
            CompletableFuture<InvocationResult> later = new CompletableFuture<>();
            timer.schedule(
                    () -> runEvent(runner, requestId, payload, retriesLeft - 1).whenComplete((next, failure) -> {
                        if (failure == null) {
                            later.complete(next);
                        } else {
                            later.completeExceptionally(failure);
                        }
                    }),
                    eventRetryDelay.toNanos(),
                    TimeUnit.NANOSECONDS);
            return later;
        });
    }

    /** The runner, or null; a name of another account or region, or a version other than $LATEST, is none of ours. */
    FunctionRunner lookUp(String nameOrArn) {
        Matcher name = NAME.matcher(nameOrArn);
        if (!name.matches()
                || (name.group(1) != null && !name.group(1).equals(region))
                || (name.group(2) != null && !name.group(2).equals(accountId))
                || (name.group(4) != null && !name.group(4).equals("$LATEST"))) {
            return null;
        }
        return functions.get(name.group(3));
    }

    AwsException notFound(String nameOrArn) {
        String arn = nameOrArn.startsWith("arn:") ? nameOrArn : arnOf(nameOrArn);
        return new AwsException(404, "ResourceNotFoundException", "Function not found: " + arn);
    }

    /** Interrupts what runs and takes no more. */
    @Override
    public void close() {
        timer.shutdownNow();
        workers.shutdownNow();
    }

    private static ThreadFactory threads(String prefix) {
        AtomicInteger count = new AtomicInteger();
        return task -> {
            Thread thread = new Thread(task, prefix + count.incrementAndGet());
            thread.setDaemon(true);
            thread.setContextClassLoader(FunctionRegistry.class.getClassLoader());
            return thread;
        };
    }
}
