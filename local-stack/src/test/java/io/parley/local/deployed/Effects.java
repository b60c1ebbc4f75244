package io.parley.local.deployed;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.InvalidProtocolBufferException;
import io.parley.aws.AwsPorts;
import io.parley.core.envelope.Envelope;
import io.parley.core.port.DataKeys;
import io.parley.core.wire.StreamRecord;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import software.amazon.awssdk.services.cloudwatchlogs.CloudWatchLogsClient;
import software.amazon.awssdk.services.cloudwatchlogs.model.FilteredLogEvent;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.GetRecordsResponse;
import software.amazon.awssdk.services.kinesis.model.Record;
import software.amazon.awssdk.services.kinesis.model.Shard;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/** What the functions have left on the emulator, as somebody sees it who may see everything. */
final class Effects implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Deployment deployment;
    private final DynamoDbClient dynamo;
    private final KinesisClient kinesis;
    private final S3Client s3;
    private final DataKeys keys;
    private final CloudWatchLogsClient logs;
    private final String eventLog;

    Effects(Deployment deployment) {
        this.deployment = deployment;
        Principal admin = deployment.admin();
        dynamo = admin.client(DynamoDbClient.builder());
        kinesis = admin.client(KinesisClient.builder());
        s3 = admin.client(S3Client.builder());
        Map<String, String> environment = new HashMap<>(admin.environment());
        environment.put("AWS_ENDPOINT_URL", deployment.endpoint().toString());
        keys = AwsPorts.from(environment).dataKeys("not used to unwrap", Clock.systemUTC());
        logs = admin.client(CloudWatchLogsClient.builder());
        eventLog = deployment.eventLog();
    }

    /** The sort keys that the table has in that partition. */
    List<String> items(String partition) {
        return dynamo
                .query(query -> query.tableName(deployment.table())
                        .consistentRead(true)
                        .keyConditionExpression("pk = :pk")
                        .expressionAttributeValues(Map.of(":pk", AttributeValue.fromS(partition))))
                .items()
                .stream()
                .map(item -> item.get("sk").s())
                .toList();
    }

    /** The records of a room in the stream. */
    List<StreamRecord> records(String room) throws InvalidProtocolBufferException {
        List<StreamRecord> records = new ArrayList<>();
        for (Shard shard :
                kinesis.listShards(list -> list.streamName(deployment.stream())).shards()) {
            String iterator = kinesis.getShardIterator(get -> get.streamName(deployment.stream())
                            .shardId(shard.shardId())
                            .shardIteratorType(ShardIteratorType.TRIM_HORIZON))
                    .shardIterator();
            GetRecordsResponse page;
            do {
                String from = iterator;
                page = kinesis.getRecords(get -> get.shardIterator(from));
                for (Record stored : page.records()) {
                    if (stored.partitionKey().equals(room)) {
                        records.add(StreamRecord.parseFrom(stored.data().asByteArrayUnsafe()));
                    }
                }
                iterator = page.nextShardIterator();
            } while (page.millisBehindLatest() > 0);
        }
        return records;
    }

    /** The keys of a room's chunks in the bucket. */
    List<String> chunks(String room) {
        return s3.listObjectsV2(list -> list.bucket(deployment.bucket()).prefix(room + "/")).contents().stream()
                .map(S3Object::key)
                .toList();
    }

    byte[] object(String key) {
        return s3.getObjectAsBytes(get -> get.bucket(deployment.bucket()).key(key))
                .asByteArray();
    }

    /** What is sealed in the object, with the help of the emulator's KMS. */
    byte[] opened(String key) throws Exception {
        return Envelope.open(
                key,
                object(key),
                wrapped -> keys.unwrap(wrapped).toCompletableFuture().join());
    }

    /** The events about a room that came over the bus by the deployed rule to the deployed log group. */
    List<JsonNode> events(String room) throws IOException {
        List<JsonNode> events = new ArrayList<>();
        for (FilteredLogEvent line :
                logs.filterLogEvents(filter -> filter.logGroupName(eventLog)).events()) {
            JsonNode event = JSON.readTree(line.message());
            if (event.path("detail").toString().contains("\"" + room + "\"")) {
                events.add(event);
            }
        }
        return events;
    }

    @Override
    public void close() {
        dynamo.close();
        kinesis.close();
        s3.close();
        logs.close();
    }
}
