package io.parley.job;

import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands until it is set. */
public final class ManualClock implements MicroClock {

    private static final long serialVersionUID = 1L;

    private final AtomicLong nowUs;

    public ManualClock(long nowMs) {
        nowUs = new AtomicLong(nowMs * 1_000);
    }

    public void setMs(long nowMs) {
        nowUs.set(nowMs * 1_000);
    }

    @Override
    public long nowUs() {
        return nowUs.get();
    }
}
