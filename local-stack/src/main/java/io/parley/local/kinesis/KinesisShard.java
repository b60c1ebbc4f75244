package io.parley.local.kinesis;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * One shard: its records of the retention period in memory, its rate limits, and who waits at its tip.
 *
 * <p>Not safe for threads: guarded by the endpoint's monitor, as all of the model is.
 */
final class KinesisShard {

    private final int number;
    private final HashKeyRange range;
    private final List<KinesisShard> parents;
    private final long createdMs;
    private final long createdSeconds;
    private final long maxBytes;
    private final RateWindow writtenBytes;
    private final RateWindow writtenRecords;
    private final RateWindow reads;
    private final RateWindow readBytes;
    private final TreeMap<Long, StoredRecord> records = new TreeMap<>();
    private final Set<Runnable> tails = new LinkedHashSet<>();
    private List<KinesisShard> children = List.of();
    private long lastOrdinal;
    private long lastArrivalMs;
    private long heldBytes;
    private long closedMs = -1;

    KinesisShard(int number, HashKeyRange range, List<KinesisShard> parents, long nowMs, KinesisOptions options) {
        this.number = number;
        this.range = range;
        this.parents = List.copyOf(parents);
        this.createdMs = nowMs;
        // A child's numbers must lie above its parents', also when it is made within the same second.
        this.createdSeconds =
                parents.stream().mapToLong(parent -> parent.createdSeconds + 1).reduce(nowMs / 1_000, Math::max);
        this.lastArrivalMs = nowMs;
        this.maxBytes = options.maxBytesPerShard();
        this.writtenBytes = new RateWindow(options.writeBytesPerSecond());
        this.writtenRecords = new RateWindow(options.writeRecordsPerSecond());
        this.reads = new RateWindow(options.readsPerSecond());
        this.readBytes = new RateWindow(options.readBytesPerSecond());
    }

    String id() {
        return String.format("shardId-%012d", number);
    }

    HashKeyRange range() {
        return range;
    }

    List<KinesisShard> parents() {
        return parents;
    }

    List<KinesisShard> children() {
        return children;
    }

    boolean isOpen() {
        return closedMs < 0;
    }

    boolean takes(BigInteger hashKey) {
        return isOpen() && range.contains(hashKey);
    }

    /** Whether the shard took records at some time from then on. */
    boolean wasOpenSince(long epochMs) {
        return isOpen() || closedMs >= epochMs;
    }

    boolean wasOpenAt(long epochMs) {
        return createdMs <= epochMs && wasOpenSince(epochMs);
    }

    SequenceNumber startingSequenceNumber() {
        return new SequenceNumber(createdSeconds, 0, createdMs, number);
    }

    Optional<SequenceNumber> endingSequenceNumber() {
        return isOpen()
                ? Optional.empty()
                : Optional.of(new SequenceNumber(createdSeconds, lastOrdinal + 1, closedMs, number));
    }

    /** The number of what lies right before that place, also where that is trimmed. */
    SequenceNumber numberBefore(long ordinal) {
        if (ordinal <= 1) {
            return startingSequenceNumber();
        }
        StoredRecord record = records.get(ordinal - 1);
        return record == null
                ? new SequenceNumber(createdSeconds, ordinal - 1, createdMs, number)
                : record.sequenceNumber();
    }

    /** The ordinal if the number is of this shard and not ahead of it. */
    Optional<Long> ordinalOf(SequenceNumber candidate) {
        boolean own = candidate.shardNumber() == number
                && candidate.createdSeconds() == createdSeconds
                && candidate.ordinal() >= 0
                && candidate.ordinal() <= lastOrdinal + (isOpen() ? 0 : 1);
        return own ? Optional.of(candidate.ordinal()) : Optional.empty();
    }

    /** Stores a record and wakes whoever waits at the tip; empty if the shard's rate does not allow it. */
    Optional<SequenceNumber> append(String partitionKey, byte[] data, int bytes, long nowMs, long retentionMs) {
        if (!writtenBytes.has(bytes, nowMs) || !writtenRecords.has(1, nowMs)) {
            return Optional.empty();
        }
        writtenBytes.take(bytes, nowMs);
        writtenRecords.take(1, nowMs);
        lastArrivalMs = Math.max(lastArrivalMs, nowMs);
        lastOrdinal++;
        SequenceNumber sequenceNumber = new SequenceNumber(createdSeconds, lastOrdinal, lastArrivalMs, number);
        records.put(lastOrdinal, new StoredRecord(sequenceNumber, partitionKey, data, bytes));
        heldBytes += bytes;
        trim(nowMs, retentionMs);
        tails.forEach(Runnable::run);
        return Optional.of(sequenceNumber);
    }

    void close(List<KinesisShard> successors, long nowMs) {
        children = List.copyOf(successors);
        closedMs = nowMs;
        tails.forEach(Runnable::run);
    }

    long trimHorizon(long nowMs, long retentionMs) {
        trim(nowMs, retentionMs);
        return records.isEmpty() ? tip() : records.firstKey();
    }

    /** Where the next record will lie. */
    long tip() {
        return lastOrdinal + 1;
    }

    long firstSince(long epochMs) {
        for (Map.Entry<Long, StoredRecord> entry : records.entrySet()) {
            if (entry.getValue().arrivalMs() >= epochMs) {
                return entry.getKey();
            }
        }
        return tip();
    }

    /** From that place on; what is trimmed is passed over. At least one record, however large. */
    RecordBatch read(long ordinal, int maxRecords, long maxBatchBytes, long nowMs, long retentionMs) {
        long from = Math.max(ordinal, trimHorizon(nowMs, retentionMs));
        List<StoredRecord> batch = new ArrayList<>();
        long bytes = 0;
        for (StoredRecord record : records.tailMap(from).values()) {
            if (batch.size() == maxRecords || (!batch.isEmpty() && bytes + record.bytes() > maxBatchBytes)) {
                break;
            }
            batch.add(record);
            bytes += record.bytes();
        }
        long next = from + batch.size();
        StoredRecord waiting = records.get(next);
        long behind = waiting == null ? 0 : Math.max(0, nowMs - waiting.arrivalMs());
        return new RecordBatch(batch, next, bytes, behind, !isOpen() && next > lastOrdinal);
    }

    /** Counts a GetRecords call; false if there were too many, or too many bytes were read. */
    boolean admitsRead(long nowMs) {
        if (!reads.has(1, nowMs) || !readBytes.has(1, nowMs)) {
            return false;
        }
        reads.take(1, nowMs);
        return true;
    }

    void countRead(long bytes, long nowMs) {
        readBytes.take(bytes, nowMs);
    }

    void addTail(Runnable wake) {
        tails.add(wake);
    }

    void removeTail(Runnable wake) {
        tails.remove(wake);
    }

    private void trim(long nowMs, long retentionMs) {
        while (!records.isEmpty()) {
            StoredRecord oldest = records.firstEntry().getValue();
            if (heldBytes <= maxBytes && oldest.arrivalMs() + retentionMs >= nowMs) {
                return;
            }
            heldBytes -= oldest.bytes();
            records.pollFirstEntry();
        }
    }
}
