package io.parley.local.ops;

import io.parley.core.wire.Trace;

/** A part of the way that the system itself can time: from the gateway's receiving to its taking of the post. */
public enum Hop {
    GATEWAY("gateway → ingest"),
    INGEST("ingest → stream"),
    STREAM("stream → job"),
    TICK("job → tick"),
    BROADCAST("tick → broadcast"),
    POST("broadcast → post"),
    /** Of every post, by whoever posts it; the others are of traced chunks. */
    ANSWER("post → gateway"),
    /** From the gateway's receiving to the posting. */
    WHOLE("gateway → post");

    private final String label;

    Hop(String label) {
        this.label = label;
    }

    public String label() {
        return label;
    }

    /** How long a traced chunk took for this hop; negative where that is not known. The posts' answers are not in a trace. */
    long us(Trace trace, long broadcastUs, long postUs) {
        return switch (this) {
            case GATEWAY -> between(trace.getGatewayUs(), trace.getIngestUs());
            case INGEST -> between(trace.getIngestUs(), trace.getStreamUs());
            case STREAM -> between(trace.getStreamUs(), trace.getJobUs());
            case TICK -> between(trace.getJobUs(), trace.getTickUs());
            case BROADCAST -> between(trace.getTickUs(), broadcastUs);
            case POST -> between(broadcastUs, postUs);
            case WHOLE -> between(trace.getGatewayUs(), postUs);
            case ANSWER -> -1;
        };
    }

    /** The gateway's clock has whole milliseconds, so the hop behind it is never shorter than it seems. */
    private static long between(long fromUs, long toUs) {
        return fromUs == 0 || toUs == 0 ? -1 : Math.max(0, toUs - fromUs);
    }
}
