package io.parley.client;

/** The answer to a probe: when it passed each hop of the whole way. Immutable. */
public final class ProbeTimes {

    private final long sentUs;
    private final HopTimes hops;
    private final long receivedUs;

    ProbeTimes(long sentUs, HopTimes hops, long receivedUs) {
        this.sentUs = sentUs;
        this.hops = hops;
        this.receivedUs = receivedUs;
    }

    /** When the client was asked to send it, in µs since the epoch by the client's clock. */
    public long sentUs() {
        return sentUs;
    }

    /** When the probe passed each hop. */
    public HopTimes hops() {
        return hops;
    }

    /** When the answer came in, by the client's clock. */
    public long receivedUs() {
        return receivedUs;
    }

    /** The whole way there and back. */
    public long roundTripUs() {
        return receivedUs - sentUs;
    }
}
