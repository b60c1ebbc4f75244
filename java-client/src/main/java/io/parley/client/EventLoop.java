package io.parley.client;

/** The client's one thread: what is not thread safe in here runs on it. */
interface EventLoop {

    /** Runs the task after those that were given before; gives false, and does nothing, once closed. */
    boolean execute(Runnable task);

    /** Runs the task in that time, unless the timer is cancelled. */
    Timer schedule(long delayMs, Runnable task);

    /** Whether the caller is the loop's thread. */
    boolean isCurrent();

    /** Runs what was given before, then nothing more. */
    void close();

    /** A task that is yet to come. */
    interface Timer {
        void cancel();
    }
}
