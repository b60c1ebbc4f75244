package io.parley.job;

import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;

/**
 * Logs trouble once per burst: the first time at once, then at most every ten seconds with how often it came since.
 * Thread safe.
 */
public final class BurstLog {

    private static final long QUIET_US = 10_000_000;

    private final Logger logger;
    private final MicroClock clock;
    private final AtomicLong unsaid = new AtomicLong();
    private final AtomicLong nextUs = new AtomicLong(Long.MIN_VALUE);

    public BurstLog(Logger logger, MicroClock clock) {
        this.logger = logger;
        this.clock = clock;
    }

    /** Says it as a warning, or remembers that there was more to say. {@code cause} may be null. */
    public void warn(String what, Throwable cause) {
        long nowUs = clock.nowUs();
        long dueUs = nextUs.get();
        if (nowUs < dueUs || !nextUs.compareAndSet(dueUs, nowUs + QUIET_US)) {
            unsaid.incrementAndGet();
            return;
        }
        long since = unsaid.getAndSet(0);
        logger.warn(since == 0 ? what : what + " (and " + since + " times since it was last logged)", cause);
    }
}
