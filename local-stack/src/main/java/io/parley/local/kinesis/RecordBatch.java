package io.parley.local.kinesis;

import java.util.List;

/**
 * What a reader gets of a shard in one piece.
 *
 * @param nextOrdinal where to read on
 * @param bytes of data and partition keys
 * @param millisBehindLatest how long the next record has waited; 0 at the tip
 * @param endOfShard whether the shard is closed and nothing is left in it
 */
record RecordBatch(
        List<StoredRecord> records, long nextOrdinal, long bytes, long millisBehindLatest, boolean endOfShard) {}
