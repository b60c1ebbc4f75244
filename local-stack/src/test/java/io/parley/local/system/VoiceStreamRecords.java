package io.parley.local.system;

import io.parley.core.chunk.Chunk;
import io.parley.core.wire.StreamRecord;
import io.parley.local.stack.LocalStack;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.kinesis.KinesisAsyncClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;

/** The voice stream as whoever may read it sees it: what ingest has accepted, whatever became of it. */
final class VoiceStreamRecords {

    private VoiceStreamRecords() {}

    /** Every frame that is in the stream, with the arrival time of the first record that carries it, in ms. */
    static Map<FrameId, Long> frames(LocalStack stack) throws Exception {
        Map<FrameId, Long> arrivals = new HashMap<>();
        for (StreamRecord record : all(stack)) {
            if (record.getKind() == StreamRecord.Kind.AUDIO) {
                Chunk chunk = Chunk.parse(record.getChunk().toByteArray());
                for (int i = 0; i < chunk.frameCount(); i++) {
                    arrivals.putIfAbsent(
                            new FrameId(record.getRoom(), record.getParticipant(), chunk.sequence() + i),
                            record.getArrivalTimeMs());
                }
            }
        }
        return arrivals;
    }

    /** Shard by shard. */
    static List<StreamRecord> all(LocalStack stack) throws Exception {
        List<StreamRecord> records = new ArrayList<>();
        try (KinesisAsyncClient kinesis = KinesisAsyncClient.builder()
                .endpointOverride(URI.create(stack.credentials().edge()))
                .region(Region.of(LocalStack.REGION))
                .credentialsProvider(StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
                .build()) {
            for (Shard shard : kinesis.listShards(list -> list.streamName(LocalStack.STREAM))
                    .get(30, TimeUnit.SECONDS)
                    .shards()) {
                read(kinesis, shard.shardId(), records);
            }
        }
        return records;
    }

    private static void read(KinesisAsyncClient kinesis, String shard, List<StreamRecord> records) throws Exception {
        String iterator = kinesis.getShardIterator(get -> get.streamName(LocalStack.STREAM)
                        .shardId(shard)
                        .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                .get(30, TimeUnit.SECONDS)
                .shardIterator();
        GetRecordsResponse page;
        do {
            String from = iterator;
            page = kinesis.getRecords(get -> get.shardIterator(from)).get(30, TimeUnit.SECONDS);
            for (Record stored : page.records()) {
                records.add(StreamRecord.parseFrom(stored.data().asByteArrayUnsafe()));
            }
            iterator = page.nextShardIterator();
        } while (page.millisBehindLatest() > 0);
    }
}
