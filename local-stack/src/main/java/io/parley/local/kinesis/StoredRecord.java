package io.parley.local.kinesis;

/** One record as it lies in a shard. The data is shared, never changed. */
record StoredRecord(SequenceNumber sequenceNumber, String partitionKey, byte[] data, int bytes) {

    long arrivalMs() {
        return sequenceNumber.arrivalMs();
    }
}
