package io.parley.benchmarks.bill;

import io.parley.local.meter.UsageMeter;
import java.util.Map;

/**
 * What a run on a local stack has counted, as what a room uses in an hour. Counted are calls, invocations, messages,
 * units and bytes; log lines' sizes, storage time and how long functions run on AWS are {@link Talk}'s.
 *
 * @param usage by the names of {@link UsageMeter}
 * @param roomHours how many hours of a room the counts are of
 * @param people in the room; each has a connection all the time
 * @param storesChunks whether the audio function waits for an object of each chunk
 */
record CountedUsage(Map<String, Double> usage, double roomHours, int people, boolean storesChunks) {

    private static final String INVOCATIONS = UsageMeter.invocations("");
    private static final String BILLED_MS = UsageMeter.billedMs("");
    private static final String KMS = UsageMeter.calls("kms", "");
    /** Of a post, beyond its text: WebSocket and TLS. */
    private static final int POST_FRAMING_BYTES = 70;

    private static final double GB = 1e9;

    /** With the times that functions are assumed to take on AWS. */
    Usage perRoomHour() {
        double seconds = 0;
        for (Map.Entry<String, Double> entry : usage.entrySet()) {
            if (entry.getKey().startsWith(INVOCATIONS)) {
                String function = entry.getKey().substring(INVOCATIONS.length());
                seconds += entry.getValue()
                        * FunctionCosts.assumedSeconds(function, storesChunks)
                        * FunctionCosts.gigabytes(function);
            }
        }
        return perRoomHour(seconds);
    }

    /** With the times that they took here. */
    Usage perRoomHourAsTimed() {
        double seconds = 0;
        for (Map.Entry<String, Double> entry : usage.entrySet()) {
            if (entry.getKey().startsWith(BILLED_MS)) {
                seconds += entry.getValue()
                        / 1000
                        * FunctionCosts.gigabytes(entry.getKey().substring(BILLED_MS.length()));
            }
        }
        return perRoomHour(seconds);
    }

    private Usage perRoomHour(double gbSeconds) {
        double messages = of(UsageMeter.MESSAGES_IN);
        double posts = of(UsageMeter.POSTS);
        Usage counted = Usage.none()
                .plus(Item.WEBSOCKET_MESSAGES, messages + posts)
                .plus(Item.LAMBDA_REQUESTS, sum(INVOCATIONS))
                .plus(Item.LAMBDA_ARM_GB_SECONDS, gbSeconds)
                .plus(Item.KINESIS_PUT_UNITS, of(UsageMeter.KINESIS_PUT_UNITS))
                .plus(Item.KINESIS_CONSUMER_GB, of(UsageMeter.KINESIS_BYTES) / GB)
                .plus(Item.S3_PUTS, of(UsageMeter.S3_PUTS))
                .plus(Item.S3_GETS, of(UsageMeter.S3_GETS))
                .plus(Item.S3_GB_MONTHS, of(UsageMeter.S3_BYTES) / GB * Talk.RETENTION_MONTHS)
                .plus(Item.EVENTS, of(UsageMeter.EVENTS))
                .plus(Item.DYNAMODB_WRITES, of(UsageMeter.DYNAMODB_WRITE_UNITS))
                .plus(Item.DYNAMODB_READS, of(UsageMeter.DYNAMODB_READ_UNITS))
                .plus(Item.KMS_REQUESTS, sum(KMS))
                .plus(
                        Item.LOG_GB,
                        (messages * Talk.ACCESS_LOG_BYTES + of(UsageMeter.EVENTS) * Talk.EVENT_LOG_BYTES) / GB)
                .plus(Item.DATA_OUT_GB, (of(UsageMeter.BYTES_OUT) + posts * POST_FRAMING_BYTES) / GB);
        return counted.times(1 / roomHours).plus(Item.WEBSOCKET_CONNECTION_MINUTES, people * 60.0);
    }

    private double of(String name) {
        return Math.max(0, usage.getOrDefault(name, 0.0));
    }

    private double sum(String prefix) {
        return usage.entrySet().stream()
                .filter(entry -> entry.getKey().startsWith(prefix))
                .mapToDouble(Map.Entry::getValue)
                .sum();
    }
}
