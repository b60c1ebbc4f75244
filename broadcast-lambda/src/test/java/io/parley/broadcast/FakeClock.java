package io.parley.broadcast;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;

/** A clock that moves when it is told to. */
final class FakeClock extends Clock {

    private volatile Instant now = Instant.ofEpochMilli(1_700_000_000_205L);

    void advanceMs(long ms) {
        now = now.plusMillis(ms);
    }

    @Override
    public Instant instant() {
        return now;
    }

    @Override
    public ZoneId getZone() {
        return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
        throw new UnsupportedOperationException();
    }
}
