package io.parley.local.kinesis;

import java.time.Duration;
import java.util.regex.Pattern;

/**
 * What the local Kinesis allows, and how much it keeps. {@link #likeAws} has the figures of a provisioned stream from
 * the AWS page "Quotas and limits" of Kinesis Data Streams; a laptop may relax what stands in its way.
 *
 * @param region named in ARNs only; requests of every region are served alike
 * @param accountId twelve digits, named in ARNs and messages
 * @param retention how long records stay readable, before a stream's own setting changes it
 * @param maxBytesPerShard bytes of data and partition keys held in memory for one shard; past it the oldest records go
 *     early, as if their retention were over
 * @param writeBytesPerSecond data and partition keys that one shard takes in a second
 * @param writeRecordsPerSecond records that one shard takes in a second
 * @param readsPerSecond GetRecords calls that one shard answers in a second
 * @param readBytesPerSecond bytes that one shard gives in a second, to all polling readers together and to each
 *     subscription of its own
 * @param subscriptionLifetime after which SubscribeToShard ends
 * @param heartbeat silence after which a subscription sends an empty event
 * @param resubscribePause within which a second subscription of one consumer to one shard is refused
 */
public record KinesisOptions(
        String region,
        String accountId,
        Duration retention,
        long maxBytesPerShard,
        long writeBytesPerSecond,
        long writeRecordsPerSecond,
        long readsPerSecond,
        long readBytesPerSecond,
        Duration subscriptionLifetime,
        Duration heartbeat,
        Duration resubscribePause) {

    private static final Pattern ACCOUNT = Pattern.compile("\\d{12}");
    private static final long MEBIBYTE = 1L << 20;

    public KinesisOptions {
        if (!ACCOUNT.matcher(accountId).matches()) {
            throw new IllegalArgumentException("accountId is '" + accountId + "'; give twelve digits");
        }
        requirePositive("retention", retention.toMillis());
        requirePositive("maxBytesPerShard", maxBytesPerShard);
        requirePositive("writeBytesPerSecond", writeBytesPerSecond);
        requirePositive("writeRecordsPerSecond", writeRecordsPerSecond);
        requirePositive("readsPerSecond", readsPerSecond);
        requirePositive("readBytesPerSecond", readBytesPerSecond);
        requirePositive("subscriptionLifetime", subscriptionLifetime.toMillis());
        requirePositive("heartbeat", heartbeat.toMillis());
        if (resubscribePause.isNegative()) {
            throw new IllegalArgumentException("resubscribePause is " + resubscribePause + "; give zero or more");
        }
    }

    /** The limits of AWS, 24 hours of retention, and at most 64 MiB a shard in memory. */
    public static KinesisOptions likeAws(String region, String accountId) {
        return new KinesisOptions(
                region,
                accountId,
                Duration.ofHours(24),
                64 * MEBIBYTE,
                MEBIBYTE,
                1_000,
                5,
                2 * MEBIBYTE,
                Duration.ofMinutes(5),
                Duration.ofSeconds(5),
                Duration.ofSeconds(5));
    }

    /** For readers that poll faster than AWS lets them. */
    public KinesisOptions withReadsPerSecond(long reads) {
        return new KinesisOptions(
                region,
                accountId,
                retention,
                maxBytesPerShard,
                writeBytesPerSecond,
                writeRecordsPerSecond,
                reads,
                readBytesPerSecond,
                subscriptionLifetime,
                heartbeat,
                resubscribePause);
    }

    public KinesisOptions withMaxBytesPerShard(long bytes) {
        return new KinesisOptions(
                region,
                accountId,
                retention,
                bytes,
                writeBytesPerSecond,
                writeRecordsPerSecond,
                readsPerSecond,
                readBytesPerSecond,
                subscriptionLifetime,
                heartbeat,
                resubscribePause);
    }

    /** For a job that restarts within the five seconds in which AWS would refuse it. */
    public KinesisOptions withResubscribePause(Duration pause) {
        return new KinesisOptions(
                region,
                accountId,
                retention,
                maxBytesPerShard,
                writeBytesPerSecond,
                writeRecordsPerSecond,
                readsPerSecond,
                readBytesPerSecond,
                subscriptionLifetime,
                heartbeat,
                pause);
    }

    private static void requirePositive(String name, long value) {
        if (value <= 0) {
            throw new IllegalArgumentException(name + " is " + value + "; give more than zero");
        }
    }
}
