package io.parley.local.lambda;

import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;

/**
 * One Lambda function: a name and the handler class that AWS would be given.
 *
 * <p>{@code handlers} makes one handler for each execution environment, and an environment serves one invocation at a
 * time, as on AWS: a handler need not be safe for threads unless the supplier always returns the same one. What it makes
 * is a {@code RequestHandler} (JSON is read and written by the Lambda runtime's own serializers, for the types that its
 * class declares) or a {@code RequestStreamHandler} (raw bytes).
 *
 * @param name as in the function's ARN, {@code [a-zA-Z0-9-_]{1,64}}
 * @param handlers called on a worker thread at an environment's first invocation; a failure is a function error
 * @param timeout after which the caller gets the error "Task timed out" and the handler is interrupted
 * @param concurrency how many invocations run at once; one more is throttled (reserved concurrency on AWS)
 */
public record LocalFunction(String name, Supplier<?> handlers, Duration timeout, int concurrency) {

    public static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(10);
    public static final int DEFAULT_CONCURRENCY = 32;

    public LocalFunction {
        Objects.requireNonNull(handlers, "handlers");
        if (!name.matches("[a-zA-Z0-9-_]{1,64}")) {
            throw new IllegalArgumentException(
                    "name '" + name + "' is no function name: 1 to 64 letters, digits, - or _");
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout " + timeout + " of " + name + " must be positive");
        }
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency " + concurrency + " of " + name + " must be at least 1");
        }
    }

    public static LocalFunction of(String name, Supplier<?> handlers) {
        return new LocalFunction(name, handlers, DEFAULT_TIMEOUT, DEFAULT_CONCURRENCY);
    }

    public LocalFunction withTimeout(Duration longest) {
        return new LocalFunction(name, handlers, longest, concurrency);
    }

    public LocalFunction withConcurrency(int limit) {
        return new LocalFunction(name, handlers, timeout, limit);
    }
}
