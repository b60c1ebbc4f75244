package io.parley.local.lambda;

/** Is told of each run of a function, on the thread that ran it; must not block. */
@FunctionalInterface
public interface InvocationObserver {

    InvocationObserver NONE = (function, nanos) -> {};

    /** @param nanos how long the handler took, failed or not */
    void invoked(String function, long nanos);
}
