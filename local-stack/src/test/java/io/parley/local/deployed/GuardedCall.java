package io.parley.local.deployed;

import java.util.List;
import java.util.Map;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.eventbridge.EventBridgeClient;
import software.amazon.awssdk.services.eventbridge.model.PutEventsRequestEntry;
import software.amazon.awssdk.services.kinesis.KinesisClient;
import software.amazon.awssdk.services.kinesis.model.ShardIteratorType;
import software.amazon.awssdk.services.kms.KmsClient;
import software.amazon.awssdk.services.kms.model.DataKeySpec;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * A call of AWS, and which of the functions may make it.
 *
 * @param what service and action, and on which thing
 * @param needing the functions that may
 */
record GuardedCall(String what, List<String> needing, Attempt attempt) {

    /** Nobody's business: what the tests make beside the deployment. */
    static final String OTHER = "not-of-parley";

    private static final List<String> NOBODY = List.of();
    private static final List<String> ALL_FUNCTIONS = Deployment.FUNCTIONS;
    private static final List<String> AUDIO = List.of("audio");
    private static final List<String> WRITERS =
            List.of("connect", "disconnect", "message", "audio", "operator", "broadcast");
    private static final Map<String, AttributeValue> ITEM =
            Map.of("pk", AttributeValue.fromS("TEST#guarded"), "sk", AttributeValue.fromS("META"));

    interface Attempt {
        void make(Principal by, Deployment deployment);
    }

    static final List<GuardedCall> ALL = List.of(
            new GuardedCall("dynamodb:GetItem", ALL_FUNCTIONS, (by, to) -> get(by, to.table())),
            new GuardedCall("dynamodb:GetItem of another table", NOBODY, (by, to) -> get(by, OTHER)),
            new GuardedCall("dynamodb:PutItem", WRITERS, (by, to) -> put(by, to.table())),
            new GuardedCall("dynamodb:PutItem to another table", NOBODY, (by, to) -> put(by, OTHER)),
            new GuardedCall("dynamodb:Scan", NOBODY, (by, to) -> scan(by, to.table())),
            new GuardedCall("kinesis:PutRecord", WRITERS, (by, to) -> record(by, to.stream())),
            new GuardedCall("kinesis:PutRecord to another stream", NOBODY, (by, to) -> record(by, OTHER)),
            new GuardedCall("kinesis:GetShardIterator", NOBODY, (by, to) -> read(by, to.stream())),
            new GuardedCall("events:PutEvents", AUDIO, (by, to) -> event(by, to.bus())),
            new GuardedCall("events:PutEvents to another bus", NOBODY, (by, to) -> event(by, OTHER)),
            new GuardedCall("events:PutEvents to the account's bus", NOBODY, (by, to) -> event(by, "default")),
            new GuardedCall("s3:PutObject", AUDIO, (by, to) -> store(by, to.bucket())),
            new GuardedCall("s3:PutObject to another bucket", NOBODY, (by, to) -> store(by, OTHER)),
            new GuardedCall("s3:PutObject to the code", NOBODY, (by, to) -> store(by, to.codeBucket())),
            new GuardedCall("s3:GetObject", NOBODY, (by, to) -> fetch(by, to.bucket())),
            new GuardedCall("s3:ListBucket", NOBODY, (by, to) -> list(by, to.bucket())),
            new GuardedCall("kms:GenerateDataKey", AUDIO, (by, to) -> dataKey(by, "alias/" + to.bucket())),
            new GuardedCall("kms:GenerateDataKey of another key", NOBODY, (by, to) -> dataKey(by, "alias/" + OTHER)),
            new GuardedCall("kms:Encrypt", NOBODY, (by, to) -> encrypt(by, "alias/" + to.bucket())));

    /** Whether the emulator lets that role; throws what else goes wrong. */
    boolean isAllowed(Principal role, Deployment deployment) {
        try {
            attempt.make(role, deployment);
            return true;
        } catch (AwsServiceException e) {
            if (e.awsErrorDetails().errorCode().startsWith("AccessDenied")) {
                return false;
            }
            throw e;
        }
    }

    /** Makes what {@link #OTHER} names. */
    static void makeOthers(Principal admin) {
        try (DynamoDbClient dynamo = admin.client(DynamoDbClient.builder());
                KinesisClient kinesis = admin.client(KinesisClient.builder());
                EventBridgeClient events = admin.client(EventBridgeClient.builder());
                S3Client s3 = admin.client(S3Client.builder());
                KmsClient kms = admin.client(KmsClient.builder())) {
            dynamo.createTable(create -> create.tableName(OTHER)
                    .billingMode(BillingMode.PAY_PER_REQUEST)
                    .keySchema(List.of(key("pk", KeyType.HASH), key("sk", KeyType.RANGE)))
                    .attributeDefinitions(List.of(text("pk"), text("sk"))));
            kinesis.createStream(create -> create.streamName(OTHER).shardCount(1));
            events.createEventBus(create -> create.name(OTHER));
            s3.createBucket(create -> create.bucket(OTHER)
                    .createBucketConfiguration(
                            in -> in.locationConstraint(admin.region().id())));
            String key = kms.createKey(create -> {}).keyMetadata().keyId();
            kms.createAlias(create -> create.aliasName("alias/" + OTHER).targetKeyId(key));
        }
    }

    /** Takes away what {@link #makeOthers} has made. */
    static void removeOthers(Principal admin) {
        try (DynamoDbClient dynamo = admin.client(DynamoDbClient.builder());
                KinesisClient kinesis = admin.client(KinesisClient.builder());
                EventBridgeClient events = admin.client(EventBridgeClient.builder());
                S3Client s3 = admin.client(S3Client.builder());
                KmsClient kms = admin.client(KmsClient.builder())) {
            dynamo.deleteTable(delete -> delete.tableName(OTHER));
            kinesis.deleteStream(delete -> delete.streamName(OTHER));
            events.deleteEventBus(delete -> delete.name(OTHER));
            s3.deleteBucket(delete -> delete.bucket(OTHER));
            String key = kms.describeKey(describe -> describe.keyId("alias/" + OTHER))
                    .keyMetadata()
                    .keyId();
            kms.deleteAlias(delete -> delete.aliasName("alias/" + OTHER));
            kms.scheduleKeyDeletion(delete -> delete.keyId(key).pendingWindowInDays(7));
        }
    }

    private static KeySchemaElement key(String name, KeyType type) {
        return KeySchemaElement.builder().attributeName(name).keyType(type).build();
    }

    private static AttributeDefinition text(String name) {
        return AttributeDefinition.builder()
                .attributeName(name)
                .attributeType(ScalarAttributeType.S)
                .build();
    }

    private static void get(Principal by, String table) {
        try (DynamoDbClient dynamo = by.client(DynamoDbClient.builder())) {
            dynamo.getItem(get -> get.tableName(table).key(ITEM));
        }
    }

    private static void put(Principal by, String table) {
        try (DynamoDbClient dynamo = by.client(DynamoDbClient.builder())) {
            dynamo.putItem(put -> put.tableName(table).item(ITEM));
        }
    }

    private static void scan(Principal by, String table) {
        try (DynamoDbClient dynamo = by.client(DynamoDbClient.builder())) {
            dynamo.scan(scan -> scan.tableName(table));
        }
    }

    private static void record(Principal by, String stream) {
        try (KinesisClient kinesis = by.client(KinesisClient.builder())) {
            kinesis.putRecord(
                    put -> put.streamName(stream).partitionKey("guarded").data(SdkBytes.fromUtf8String("guarded")));
        }
    }

    private static void read(Principal by, String stream) {
        try (KinesisClient kinesis = by.client(KinesisClient.builder())) {
            kinesis.getShardIterator(get -> get.streamName(stream)
                    .shardId("shardId-000000000000")
                    .shardIteratorType(ShardIteratorType.TRIM_HORIZON));
        }
    }

    private static void event(Principal by, String bus) {
        try (EventBridgeClient events = by.client(EventBridgeClient.builder())) {
            PutEventsRequestEntry entry = PutEventsRequestEntry.builder()
                    .eventBusName(bus)
                    .source("test")
                    .detailType("guarded")
                    .detail("{}")
                    .build();
            events.putEvents(put -> put.entries(entry));
        }
    }

    private static void store(Principal by, String bucket) {
        try (S3Client s3 = by.client(S3Client.builder())) {
            s3.putObject(put -> put.bucket(bucket).key("guarded"), RequestBody.fromString("guarded"));
        }
    }

    private static void fetch(Principal by, String bucket) {
        try (S3Client s3 = by.client(S3Client.builder())) {
            s3.getObjectAsBytes(get -> get.bucket(bucket).key("guarded"));
        }
    }

    private static void list(Principal by, String bucket) {
        try (S3Client s3 = by.client(S3Client.builder())) {
            s3.listObjectsV2(list -> list.bucket(bucket));
        }
    }

    private static void dataKey(Principal by, String key) {
        try (KmsClient kms = by.client(KmsClient.builder())) {
            kms.generateDataKey(generate -> generate.keyId(key).keySpec(DataKeySpec.AES_256));
        }
    }

    private static void encrypt(Principal by, String key) {
        try (KmsClient kms = by.client(KmsClient.builder())) {
            kms.encrypt(encrypt -> encrypt.keyId(key).plaintext(SdkBytes.fromUtf8String("guarded")));
        }
    }

    @Override
    public String toString() {
        return what;
    }
}
