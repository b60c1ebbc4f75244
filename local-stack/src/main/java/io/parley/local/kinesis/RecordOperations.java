package io.parley.local.kinesis;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.parley.local.edge.AwsException;
import io.parley.local.edge.EdgeRequest;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Putting and polling records. Sizes are those of the AWS page "Quotas and limits". Call with the endpoint's monitor held. */
final class RecordOperations {

    private static final int MAX_PARTITION_KEY = 256;
    private static final int MAX_RECORD_BYTES = 1 << 20;
    private static final int MAX_PUT_RECORDS = 500;
    private static final long MAX_PUT_BYTES = 10L << 20;
    private static final int MAX_GET_RECORDS = 10_000;
    private static final long MAX_GET_BYTES = 10L << 20;
    private static final String THROTTLED = "ProvisionedThroughputExceededException";

    private final StreamStore store;

    RecordOperations(StreamStore store) {
        this.store = store;
    }

    /** A checked record on its way to a shard. */
    private record Entry(String partitionKey, BigInteger hashKey, byte[] data, int bytes) {}

    ObjectNode put(CallBody call) {
        KinesisStream stream = store.named(call);
        Entry entry = entry(call);
        KinesisShard shard = stream.shardFor(entry.hashKey());
        SequenceNumber number = append(stream, shard, entry)
                .orElseThrow(() -> new AwsException(400, THROTTLED, rateExceeded(stream, shard)));
        return EdgeRequest.object()
                .put("ShardId", shard.id())
                .put("SequenceNumber", number.toString())
                .put("EncryptionType", "NONE");
    }

    ObjectNode putAll(CallBody call) {
        KinesisStream stream = store.named(call);
        List<Entry> entries = new ArrayList<>();
        long bytes = 0;
        for (CallBody body : call.objects("Records", MAX_PUT_RECORDS)) {
            Entry entry = entry(body);
            entries.add(entry);
            bytes += entry.bytes();
        }
        if (bytes > MAX_PUT_BYTES) {
            throw invalid("The records have " + bytes + " bytes together; a call may have " + MAX_PUT_BYTES + ".");
        }
        ObjectNode reply = EdgeRequest.object();
        ArrayNode results = EdgeRequest.object().putArray("Records");
        int failed = 0;
        for (Entry entry : entries) {
            KinesisShard shard = stream.shardFor(entry.hashKey());
            Optional<SequenceNumber> number = append(stream, shard, entry);
            if (number.isPresent()) {
                results.addObject()
                        .put("SequenceNumber", number.get().toString())
                        .put("ShardId", shard.id());
            } else {
                failed++;
                results.addObject().put("ErrorCode", THROTTLED).put("ErrorMessage", rateExceeded(stream, shard));
            }
        }
        reply.put("FailedRecordCount", failed);
        reply.set("Records", results);
        return reply.put("EncryptionType", "NONE");
    }

    ObjectNode shardIterator(CallBody call) {
        KinesisStream stream = store.named(call);
        long nowMs = store.nowMs();
        KinesisShard shard = stream.shard(call.name("ShardId"), nowMs);
        long ordinal =
                StartingPosition.resolve(call, "ShardIteratorType", "StartingSequenceNumber", stream, shard, nowMs);
        ShardIterator iterator = new ShardIterator(stream.name(), stream.createdMs(), shard.id(), ordinal, nowMs);
        return EdgeRequest.object().put("ShardIterator", iterator.toString());
    }

    ObjectNode get(CallBody call) {
        ShardIterator iterator =
                ShardIterator.parse(call.text("ShardIterator")).orElseThrow(() -> invalid("Invalid ShardIterator."));
        int limit = call.integer("Limit", MAX_GET_RECORDS, 1, MAX_GET_RECORDS);
        long nowMs = store.nowMs();
        if (iterator.isExpired(nowMs)) {
            throw new AwsException(
                    400,
                    "ExpiredIteratorException",
                    "Iterator expired. The iterator was created at time " + iterator.issuedMs()
                            + " ms while right now it is " + nowMs + " ms, which is further in the future than the"
                            + " tolerated delay of " + ShardIterator.LIFETIME_MS + " milliseconds.");
        }
        KinesisStream stream = store.byName(iterator.stream());
        if (stream.createdMs() != iterator.streamCreatedMs()) {
            throw invalid("Invalid ShardIterator: it is of an earlier stream of the name " + stream.name() + ".");
        }
        KinesisShard shard = stream.shard(iterator.shard(), nowMs);
        if (!shard.admitsRead(nowMs)) {
            throw new AwsException(400, THROTTLED, rateExceeded(stream, shard));
        }
        RecordBatch batch = shard.read(
                iterator.ordinal(),
                limit,
                MAX_GET_BYTES,
                nowMs,
                stream.retention().toMillis());
        shard.countRead(batch.bytes(), nowMs);
        ObjectNode reply = EdgeRequest.object();
        Replies.records(reply, batch.records(), call);
        reply.put("MillisBehindLatest", batch.millisBehindLatest());
        if (batch.endOfShard()) {
            Replies.childShards(reply, shard);
        } else {
            ShardIterator next =
                    new ShardIterator(stream.name(), stream.createdMs(), shard.id(), batch.nextOrdinal(), nowMs);
            reply.put("NextShardIterator", next.toString());
        }
        return reply;
    }

    private Optional<SequenceNumber> append(KinesisStream stream, KinesisShard shard, Entry entry) {
        return shard.append(
                entry.partitionKey(),
                entry.data(),
                entry.bytes(),
                store.nowMs(),
                stream.retention().toMillis());
    }

    private static Entry entry(CallBody body) {
        String partitionKey = body.text("PartitionKey");
        if (partitionKey.isEmpty() || partitionKey.length() > MAX_PARTITION_KEY) {
            throw AwsException.validation(
                    CallBody.detected(partitionKey, "partitionKey", "have length from 1 to " + MAX_PARTITION_KEY));
        }
        byte[] data = body.blob("Data");
        int bytes = data.length + partitionKey.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_RECORD_BYTES) {
            throw AwsException.validation(CallBody.detected(
                    bytes + " bytes with the partition key",
                    "data",
                    "have length less than or equal to " + MAX_RECORD_BYTES));
        }
        BigInteger explicit = body.optionalHashKey("ExplicitHashKey");
        BigInteger hashKey = explicit == null ? HashKeyRange.hashKeyOf(partitionKey) : explicit;
        return new Entry(partitionKey, hashKey, data, bytes);
    }

    private String rateExceeded(KinesisStream stream, KinesisShard shard) {
        return "Rate exceeded for shard " + shard.id() + " in " + stream.inWords() + ".";
    }

    private static AwsException invalid(String message) {
        return new AwsException(400, "InvalidArgumentException", message);
    }
}
