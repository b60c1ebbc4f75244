package io.parley.benchmarks.constants;

import java.util.Locale;

/** What sizing rests on. Each has a line in {@code constants.csv}, which says where its value is from. */
public enum Constant {
    JOB_CPU_US_A_RECORD,
    JOB_CPU_US_A_CALL,
    INGEST_MS,
    ARCHIVE_MS,
    BROADCAST_CALL_MS,
    BROADCAST_CPU_MS_A_POST,
    SHARD_RECORDS_A_SECOND,
    SHARD_BYTES_A_SECOND,
    SHARD_USE,
    CORE_USE,
    LANE_USE,
    CONCURRENCY_HEADROOM,
    QUOTA_USE,
    REJOIN_SECONDS,
    GATEWAY_REQUESTS_A_SECOND,
    GATEWAY_BURST,
    GATEWAY_CONNECTS_A_SECOND,
    GATEWAY_CONNECTION_SECONDS,
    LAMBDA_CONCURRENCY,
    LAMBDA_REQUESTS_A_SECOND,
    KINESIS_SHARDS,
    FLINK_KPUS,
    S3_PUTS_A_SECOND,
    DYNAMODB_READS_A_SECOND,
    KMS_REQUESTS_A_SECOND,
    EVENTS_PUTS_A_SECOND,
    EVENTS_INVOCATIONS_A_SECOND;

    /** As in the file. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
