package io.parley.job.source;

import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.streaming.connectors.kinesis.serialization.KinesisDeserializationSchema;

/** Takes records as they are: what is wrong with one is found out where it can be put aside, so this never throws. */
final class ShardRecordSchema implements KinesisDeserializationSchema<ShardRecord> {

    private static final long serialVersionUID = 1L;

    @Override
    public ShardRecord deserialize(
            byte[] bytes,
            String partitionKey,
            String shardSequenceNumber,
            long approximateArrivalMs,
            String stream,
            String shard) {
        return new ShardRecord(bytes, shard, shardSequenceNumber);
    }

    @Override
    public TypeInformation<ShardRecord> getProducedType() {
        return TypeInformation.of(ShardRecord.class);
    }
}
