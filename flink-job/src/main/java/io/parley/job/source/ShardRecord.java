package io.parley.job.source;

/**
 * One record of the voice stream as it came, and where from. Mutable and with public fields because Flink's POJO
 * serializer wants it so; it lives between the source and the function chained to it.
 */
public final class ShardRecord {

    public byte[] bytes;
    public String shard;
    /** Kinesis's own number. */
    public String shardSequenceNumber;

    public ShardRecord() {}

    public ShardRecord(byte[] bytes, String shard, String shardSequenceNumber) {
        this.bytes = bytes;
        this.shard = shard;
        this.shardSequenceNumber = shardSequenceNumber;
    }
}
