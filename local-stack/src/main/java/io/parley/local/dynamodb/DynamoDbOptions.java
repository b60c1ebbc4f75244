package io.parley.local.dynamodb;

import java.time.Duration;

/**
 * Settings of the local DynamoDB.
 *
 * @param region of the ARNs that it makes up
 * @param ttlDelay how long after its expiry an item is still there. AWS deletes "typically within a few days", so that
 *     readers must filter on the expiry themselves; a delay keeps them honest here too
 * @param ttlSweep how often expired items are looked for
 */
public record DynamoDbOptions(String region, Duration ttlDelay, Duration ttlSweep) {

    public static final DynamoDbOptions DEFAULT =
            new DynamoDbOptions("eu-central-1", Duration.ofMinutes(1), Duration.ofSeconds(10));

    public DynamoDbOptions {
        if (ttlDelay.isNegative()) {
            throw new IllegalArgumentException("ttlDelay is " + ttlDelay + "; give zero or more");
        }
        if (ttlSweep.toMillis() < 1) {
            throw new IllegalArgumentException("ttlSweep is " + ttlSweep + "; give at least one millisecond");
        }
    }

    public DynamoDbOptions withTtlDelay(Duration delay) {
        return new DynamoDbOptions(region, delay, ttlSweep);
    }
}
