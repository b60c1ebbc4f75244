package io.parley.benchmarks.bill;

/**
 * What is paid for whether anybody talks or not.
 *
 * @param shards of a provisioned stream with one consumer by enhanced fan-out
 * @param kpus of the Flink application, without the one that Managed Flink adds for itself
 * @param kmsKeys of the stream, the recordings, the logs
 * @param alarmMetrics metrics of all alarms: an alarm of an expression is charged for each
 * @param metrics metrics of our own, if all of them are there all month
 */
public record Deployment(int shards, int kpus, int kmsKeys, int alarmMetrics, int metrics) {

    public static final double HOURS_A_MONTH = 730;

    private static final double STORAGE_GB_A_KPU = 50;

    public Deployment {
        if (shards < 1 || kpus < 1) {
            throw new IllegalArgumentException(
                    "shards are " + shards + " and kpus " + kpus + ", but both must be at least 1");
        }
    }

    /** What the Terraform module makes; terraform/tests/metrics.tftest.hcl checks the two counts of CloudWatch. */
    public static Deployment ofModule(int shards, int kpus) {
        return new Deployment(shards, kpus, 3, 27, 67);
    }

    public Usage perMonth() {
        return Usage.none()
                .plus(Item.KINESIS_SHARD_HOURS, shards * HOURS_A_MONTH)
                .plus(Item.KINESIS_CONSUMER_SHARD_HOURS, shards * HOURS_A_MONTH)
                .plus(Item.FLINK_KPU_HOURS, (kpus + 1) * HOURS_A_MONTH)
                .plus(Item.FLINK_STORAGE_GB_MONTHS, kpus * STORAGE_GB_A_KPU)
                .plus(Item.KMS_KEY_MONTHS, kmsKeys)
                .plus(Item.ALARM_MONTHS, alarmMetrics)
                .plus(Item.DASHBOARD_MONTHS, 1)
                .plus(Item.METRIC_MONTHS, metrics);
    }
}
