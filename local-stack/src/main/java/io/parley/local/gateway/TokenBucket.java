package io.parley.local.gateway;

/** The tokens of a {@link Throttle}; time is passed in. Safe for use by several threads. */
final class TokenBucket {

    private final Throttle throttle;
    private double tokens;
    private long refilledAtMs;

    TokenBucket(Throttle throttle, long nowMs) {
        this.throttle = throttle;
        this.tokens = throttle.burst();
        this.refilledAtMs = nowMs;
    }

    synchronized boolean tryTake(long nowMs) {
        if (nowMs > refilledAtMs) {
            tokens = Math.min(throttle.burst(), tokens + (nowMs - refilledAtMs) * throttle.ratePerSecond() / 1000);
            refilledAtMs = nowMs;
        }
        if (tokens < 1) {
            return false;
        }
        tokens--;
        return true;
    }
}
