package io.parley.local.kinesis;

import io.parley.local.edge.AwsException;
import java.math.BigInteger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** One stream: its shards over time, its consumers, its tags. Not safe for threads: see {@link KinesisShard}. */
final class KinesisStream {

    private final String name;
    private final String mode;
    private final long createdMs;
    private final KinesisOptions options;
    private final Map<String, KinesisShard> shards = new LinkedHashMap<>();
    private final Map<String, StreamConsumer> consumers = new TreeMap<>();
    private final Map<String, String> tags = new TreeMap<>();
    private int nextShard;
    private Duration retention;

    KinesisStream(String name, String mode, int shardCount, long nowMs, KinesisOptions options) {
        this.name = name;
        this.mode = mode;
        this.createdMs = nowMs;
        this.options = options;
        this.retention = options.retention();
        HashKeyRange.even(shardCount).forEach(range -> addShard(range, List.of(), nowMs));
    }

    String name() {
        return name;
    }

    String arn() {
        return "arn:aws:kinesis:" + options.region() + ":" + options.accountId() + ":stream/" + name;
    }

    /** How AWS names a stream within a message. */
    String inWords() {
        return "stream " + name + " under account " + options.accountId();
    }

    String mode() {
        return mode;
    }

    long createdMs() {
        return createdMs;
    }

    Map<String, StreamConsumer> consumers() {
        return consumers;
    }

    Map<String, String> tags() {
        return tags;
    }

    Duration retention() {
        return retention;
    }

    void keepFor(Duration newRetention) {
        retention = newRetention;
    }

    /** In the order of their ids; closed ones as long as their records are kept. */
    List<KinesisShard> shards(long nowMs) {
        shards.values().removeIf(shard -> !shard.wasOpenSince(nowMs - retention.toMillis()));
        return List.copyOf(shards.values());
    }

    int openShards() {
        return (int) shards.values().stream().filter(KinesisShard::isOpen).count();
    }

    Optional<KinesisShard> findShard(String id, long nowMs) {
        shards(nowMs);
        return Optional.ofNullable(shards.get(id));
    }

    KinesisShard shard(String id, long nowMs) {
        return findShard(id, nowMs)
                .orElseThrow(() -> new AwsException(
                        400, "ResourceNotFoundException", "Could not find shard " + id + " in " + inWords() + "."));
    }

    KinesisShard shardFor(BigInteger hashKey) {
        return shards.values().stream()
                .filter(shard -> shard.takes(hashKey))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no open shard takes hash key " + hashKey));
    }

    /** The rule of SplitShard: the new key must leave at least one key on either side. */
    void split(KinesisShard shard, BigInteger newStart, long nowMs) {
        requireOpen(shard);
        HashKeyRange range = shard.range();
        if (newStart.compareTo(range.start()) <= 0 || newStart.compareTo(range.end()) > 0) {
            throw invalid("NewStartingHashKey " + newStart + " used in SplitShard() on shard " + shard.id() + " in "
                    + inWords() + " is not within the shard's hash keys " + range.start() + " to " + range.end()
                    + " with a key left on either side.");
        }
        shard.close(
                List.of(
                        addShard(range.upTo(newStart), List.of(shard), nowMs),
                        addShard(range.from(newStart), List.of(shard), nowMs)),
                nowMs);
    }

    void merge(KinesisShard shard, KinesisShard adjacent, long nowMs) {
        requireOpen(shard);
        requireOpen(adjacent);
        if (!shard.range().isBeside(adjacent.range())) {
            throw invalid("Shards " + shard.id() + " and " + adjacent.id() + " in " + inWords()
                    + " are not an adjacent pair of shards eligible for merging.");
        }
        List<KinesisShard> child =
                List.of(addShard(shard.range().joined(adjacent.range()), List.of(shard, adjacent), nowMs));
        shard.close(child, nowMs);
        adjacent.close(child, nowMs);
    }

    /** Ends what hangs on the stream, as DeleteStream does. */
    void delete() {
        List<StreamConsumer> all = new ArrayList<>(consumers.values());
        consumers.clear();
        all.forEach(consumer -> consumer.endAll("ResourceNotFoundException", "The " + inWords() + " was deleted."));
    }

    private void requireOpen(KinesisShard shard) {
        if (!shard.isOpen()) {
            throw invalid("Shard " + shard.id() + " in " + inWords()
                    + " has already been merged or split, and thus is not eligible for merging or splitting.");
        }
    }

    private KinesisShard addShard(HashKeyRange range, List<KinesisShard> parents, long nowMs) {
        KinesisShard shard = new KinesisShard(nextShard++, range, parents, nowMs, options);
        shards.put(shard.id(), shard);
        return shard;
    }

    private static AwsException invalid(String message) {
        return new AwsException(400, "InvalidArgumentException", message);
    }
}
