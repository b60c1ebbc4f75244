package io.parley.local.system;

import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;

/** Waits for a condition that another thread brings about. */
public final class Eventually {

    private static final long SECONDS = 60;

    private Eventually() {}

    public static void until(String what, Callable<Boolean> condition) throws Exception {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (!condition.call()) {
            if (System.nanoTime() > end) {
                throw new AssertionError("did not come about: " + what);
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
    }
}
