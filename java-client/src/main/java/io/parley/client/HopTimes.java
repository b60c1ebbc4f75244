package io.parley.client;

/**
 * When a chunk or a probe passed each hop, in µs since the epoch, each by the clock of the machine that did the work; 0
 * where the hop is not known. Immutable.
 */
public final class HopTimes {

    static final int HOPS = 7;

    private final int stream;
    private final long sequence;
    private final long[] atUs;

    HopTimes(int stream, long sequence, long[] atUs) {
        this.stream = stream;
        this.sequence = sequence;
        this.atUs = atUs;
    }

    /** The chunk's stream; -1 for a probe. */
    public int stream() {
        return stream;
    }

    /** Number of the chunk's first frame; 0 for a probe. */
    public long sequence() {
        return sequence;
    }

    /** The gateway received the message; has milliseconds only. */
    public long gatewayUs() {
        return atUs[0];
    }

    /** The ingest Lambda began. */
    public long ingestUs() {
        return atUs[1];
    }

    /** The ingest Lambda put it to the voice stream. */
    public long streamUs() {
        return atUs[2];
    }

    /** The job's ordering operator received it. */
    public long jobUs() {
        return atUs[3];
    }

    /** Its tick was closed. */
    public long tickUs() {
        return atUs[4];
    }

    /** The broadcast Lambda began. */
    public long broadcastUs() {
        return atUs[5];
    }

    /** The broadcast Lambda began to post it. */
    public long postUs() {
        return atUs[6];
    }
}
