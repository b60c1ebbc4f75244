package io.parley.benchmarks.bill;

import java.util.Locale;

/** What AWS charges for. Each has a line in {@code prices.csv}. */
public enum Item {
    WEBSOCKET_MESSAGES,
    WEBSOCKET_CONNECTION_MINUTES,
    LAMBDA_REQUESTS,
    LAMBDA_ARM_GB_SECONDS,
    KINESIS_SHARD_HOURS,
    KINESIS_PUT_UNITS,
    KINESIS_CONSUMER_SHARD_HOURS,
    KINESIS_CONSUMER_GB,
    KINESIS_ON_DEMAND_STREAM_HOURS,
    KINESIS_ON_DEMAND_GB_IN,
    KINESIS_ON_DEMAND_GB_OUT,
    FLINK_KPU_HOURS,
    FLINK_STORAGE_GB_MONTHS,
    S3_PUTS,
    S3_GETS,
    S3_GB_MONTHS,
    EVENTS,
    DYNAMODB_WRITES,
    DYNAMODB_READS,
    KMS_KEY_MONTHS,
    KMS_REQUESTS,
    LOG_GB,
    ALARM_MONTHS,
    DASHBOARD_MONTHS,
    METRIC_MONTHS,
    DATA_OUT_GB;

    /** As in the price file. */
    public String key() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
