package io.parley.benchmarks.traffic;

import io.parley.core.wire.StreamRecord;

/**
 * A record of the voice stream, and when the job gets it.
 *
 * @param record as ingest writes it
 * @param chunk the bytes that the record carries; not a copy
 * @param deliveredUs when it reaches the job, µs since the epoch
 */
public record Voice(StreamRecord record, byte[] chunk, long deliveredUs) {}
