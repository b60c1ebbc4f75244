package io.parley.job.source;

/**
 * A record that the job refused: why and where it lies, so that it can be looked up in the stream while it is kept
 * there. Mutable and with public fields because Flink's POJO serializer wants it so.
 */
public final class RejectedRecord {

    /** Code of the error catalogue. */
    public String reason;

    public int bytes;
    public String shard;
    public String shardSequenceNumber;

    public RejectedRecord() {}

    RejectedRecord(String reason, ShardRecord record) {
        this.reason = reason;
        this.bytes = record.bytes.length;
        this.shard = record.shard;
        this.shardSequenceNumber = record.shardSequenceNumber;
    }

    @Override
    public String toString() {
        return "rejected record of " + bytes + " bytes, " + reason + ", " + shard + " at " + shardSequenceNumber;
    }
}
