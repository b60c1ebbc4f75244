package io.parley.local.gateway;

/**
 * A token bucket's settings: {@code ratePerSecond} tokens come back a second, at most {@code burst} are held.
 *
 * <p>"Protect your WebSocket APIs in API Gateway": rate and burst of a stage's route settings.
 */
public record Throttle(double ratePerSecond, int burst) {

    public Throttle {
        if (!(ratePerSecond > 0) || burst < 1) {
            throw new IllegalArgumentException("throttle: rate " + ratePerSecond + " and burst " + burst
                    + " let nothing through; give a rate above 0 and a burst of 1 or more");
        }
    }

    /** The default quota of an account in a region: 10,000 requests a second, 5,000 at once. */
    public static Throttle accountDefault() {
        return new Throttle(10_000, 5_000);
    }
}
