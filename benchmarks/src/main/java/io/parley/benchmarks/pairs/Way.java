package io.parley.benchmarks.pairs;

/** One of two ways to do a thing. */
@FunctionalInterface
public interface Way {

    /** Does it once, and returns when it is done. */
    void once() throws Exception;
}
